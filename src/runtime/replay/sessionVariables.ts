/**
 * Keeps the values of the engine's variables in a session of TensorFlow while steps run there.
 *
 * To TensorFlow.js, the session is one more backend that holds the data of these variables. It moves data to the backend in
 * use as soon as anything needs them there, so nobody reads an old value, and nothing is copied between two steps that
 * nobody looks at.
 */
import * as tf from '@tensorflow/tfjs'
import { type NativeTensor } from '../engines/nodeBackend.ts'
import { type GraphSession } from './graphSession.ts'
import { type StepGraph } from './stepGraph.ts'

export class SessionVariables extends tf.KernelBackend {
  readonly #session: GraphSession
  readonly #names: readonly string[]
  readonly #load: (values: readonly tf.Variable[]) => readonly NativeTensor[]
  readonly #read: () => readonly NativeTensor[]
  /** The data that each variable had when the session last had its value. */
  #data: readonly object[] = []
  /** The data that only the session has, with the index of the variable. */
  readonly #held = new Map<object, number>()
  /** The values since the last step, once one was read. */
  #values: readonly NativeTensor[] = []

  constructor(session: GraphSession, { kept, load, read }: StepGraph) {
    super()
    this.#session = session
    this.#names = kept
    const feed = session.prepare(load)
    this.#load = (values) => feed(session.backend.getInputTensorIds(values))
    const fetch = session.prepare(read)
    this.#read = () => fetch([])
  }

  /**
   * Gives the present values of the variables to the session, as far as it does not have them. Must precede each step,
   * after which the session alone has them.
   */
  hold(): void {
    this.#forgetValues()
    if (this.#held.size === this.#names.length) return
    const present = tf.engine().registeredVariables
    const variables = this.#names.map((name) => present[name]!)
    const isKnown = variables.every(({ dataId }, index) => dataId === this.#data[index])
    if (!isKnown) for (const { id } of this.#load(variables)) this.#session.backend.binding.deleteTensor(id)
    for (const [index, variable] of variables.entries())
      if (!this.#held.has(variable.dataId)) this.#take(variable, index)
    this.#data = variables.map(({ dataId }) => dataId)
  }

  /** Moves all values back to the backend in use. */
  release(): void {
    for (const dataId of this.#held.keys()) tf.engine().moveData(tf.backend(), dataId)
  }

  override readSync(dataId: object): tf.TypedArray {
    if (this.#values.length === 0) this.#values = this.#read()
    return this.#session.backend.binding.tensorDataSync(this.#values[this.#held.get(dataId)!]!.id)
  }

  override async read(dataId: object): Promise<tf.TypedArray> {
    return this.readSync(dataId)
  }

  /** Forgets data that were moved, or whose variable has other data or is disposed. */
  override disposeData(dataId: object): boolean {
    this.#held.delete(dataId)
    if (this.#held.size === 0) this.#forgetValues()
    return true
  }

  /** Returns 1: an operation that shares data needs them in the backend in use, and so moves them there. */
  override refCount(): number {
    return 1
  }

  override numDataIds(): number {
    return this.#held.size
  }

  /** Gives a variable new data, which the session holds, and disposes those it had. */
  #take(variable: tf.Variable, index: number): void {
    const { shape, dtype } = variable
    const taken = tf.engine().makeTensorFromDataId({}, shape, dtype, this)
    this.#held.set(taken.dataId, index)
    const { dataId } = variable
    variable.dataId = taken.dataId
    taken.dataId = dataId
    taken.dispose()
  }

  #forgetValues(): void {
    for (const { id } of this.#values) this.#session.backend.binding.deleteTensor(id)
    this.#values = []
  }
}
