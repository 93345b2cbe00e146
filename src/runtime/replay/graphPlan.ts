/** Executes a recorded step as one TensorFlow graph. */
import * as tf from '@tensorflow/tfjs'
import { type Recording } from '../../patches/recordKernels.ts'
import { type TensorValues } from '../data/tensorValues.ts'
import { adoptTensor, type NativeTensor, type NodeBackend } from '../engines/nodeBackend.ts'
import { GraphSession } from './graphSession.ts'
import { KernelPlan } from './kernelPlan.ts'
import { type ReplayPlan } from './replayPlan.ts'
import { SessionVariables } from './sessionVariables.ts'
import { dataTypeNumber } from './savedModel.ts'
import { buildStepGraph, type StepGraph } from './stepGraph.ts'

/**
 * A recorded step as one graph in a session of its own, which TensorFlow optimizes as a whole: it fuses operations, reuses
 * memory and runs without a call from JavaScript for each. The variables that the step assigns are in the session from one
 * step to the next. The results differ from those of single operations in the last digits.
 */
export class GraphPlan implements ReplayPlan {
  readonly length: number
  readonly #recording: Recording
  readonly #backend: NodeBackend
  readonly #session: GraphSession
  readonly #variables: SessionVariables
  readonly #graph: Pick<StepGraph, 'fed' | 'given' | 'returnsNumbers'>
  /** The shapes of the inputs. */
  readonly #shapes: readonly number[][]
  readonly #step: (inputs: readonly number[]) => readonly NativeTensor[]
  /** Runs the kernels that precede the graph, if there are any. */
  readonly #host: KernelPlan | undefined

  /**
   * Takes over the recording.
   *
   * @throws Error if the step is more than TensorFlow operations, or libtensorflow refuses its graph.
   */
  constructor(backend: NodeBackend, recording: Recording, inputs: readonly tf.Tensor[]) {
    const graph = buildStepGraph(recording, inputs)
    this.length = graph.operations
    this.#recording = recording
    this.#backend = backend
    this.#session = new GraphSession(backend, graph.savedModel)
    this.#variables = new SessionVariables(this.#session, graph)
    const { fed, given, returnsNumbers } = graph
    this.#graph = { fed, given, returnsNumbers }
    this.#shapes = inputs.map(({ shape }) => shape)
    this.#step = this.#session.prepare(graph.step)
    const { hostCalls: calls, hostResults: results } = graph
    if (calls.length > 0) {
      this.#host = new KernelPlan({ ...recording, calls, results, variables: new Map(), assignments: new Map() })
    } else {
      // The graph has its own copies of the constants.
      tf.dispose([...recording.constants.values()])
    }
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    this.#variables.hold()
    const host = this.#host?.run(inputs) ?? []
    const fed = this.#graph.fed.map((index) => inputs[index]!)
    const made = this.#step(this.#backend.getInputTensorIds([...fed, ...host, ...this.#givenVariables()]))
    tf.dispose(host)
    if (this.#graph.returnsNumbers) return this.#readNumbers(made[0]!).map((number) => tf.scalar(number))
    this.#backend.binding.deleteTensor(made.at(-1)!.id)
    return this.#recording.results.map(({ shape, dtype }, index) => {
      const dataId = adoptTensor(this.#backend, made[index]!)
      return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype })
    })
  }

  /**
   * Runs the step on values, without tensors of TensorFlow.js around the call.
   *
   * @returns The results; undefined, without an effect, if they are not numbers, the step begins with kernels, or the inputs have
   *   other shapes.
   */
  runOnValues(inputs: readonly TensorValues[]): readonly number[] | undefined {
    const isFor = inputs.every(({ shape }, index) => tf.util.arraysEqual(shape, this.#shapes[index]!))
    if (this.#host || !this.#graph.returnsNumbers || !isFor) return undefined
    this.#variables.hold()
    const { binding } = this.#backend
    const created = this.#graph.fed.map((index) => {
      const { shape, dtype, values } = inputs[index]!
      return binding.createTensor(shape, dataTypeNumber(dtype), values)
    })
    try {
      const [made] = this.#step([...created, ...this.#backend.getInputTensorIds(this.#givenVariables())])
      return this.#readNumbers(made!)
    } finally {
      for (const id of created) binding.deleteTensor(id)
    }
  }

  #givenVariables(): tf.Variable[] {
    const present = tf.engine().registeredVariables
    return this.#graph.given.map((name) => present[name]!)
  }

  #readNumbers({ id }: NativeTensor): number[] {
    const { binding } = this.#backend
    const numbers = binding.tensorDataSync(id)
    binding.deleteTensor(id)
    return [...numbers]
  }

  dispose(): void {
    this.#variables.release()
    this.#session.dispose()
    this.#host?.dispose()
  }
}
