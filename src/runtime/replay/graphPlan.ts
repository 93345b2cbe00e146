/** Executes a recorded step as one TensorFlow graph. */
import * as tf from '@tensorflow/tfjs'
import { type Recording } from '../../patches/recordKernels.ts'
import { adoptTensor, type NativeTensor, type NodeBackend } from '../engines/nodeBackend.ts'
import { GraphSession } from './graphSession.ts'
import { KernelPlan } from './kernelPlan.ts'
import { type ReplayPlan } from './replayPlan.ts'
import { SessionVariables } from './sessionVariables.ts'
import { buildStepGraph } from './stepGraph.ts'

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
  readonly #given: readonly string[]
  readonly #step: (inputs: readonly tf.TensorInfo[]) => readonly NativeTensor[]
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
    this.#given = graph.given
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
    const present = tf.engine().registeredVariables
    const made = this.#step([...inputs, ...host, ...this.#given.map((name) => present[name]!)])
    tf.dispose(host)
    this.#backend.binding.deleteTensor(made.at(-1)!.id)
    return this.#recording.results.map(({ shape, dtype }, index) => {
      const dataId = adoptTensor(this.#backend, made[index]!)
      return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype })
    })
  }

  dispose(): void {
    this.#variables.release()
    this.#session.dispose()
    this.#host?.dispose()
  }
}
