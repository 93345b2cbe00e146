import * as tf from '@tensorflow/tfjs'
import { isDeepStrictEqual } from 'node:util'
import { fetchValues } from '../engines/fetchValues.ts'
import { nodeBackend } from '../engines/nodeBackend.ts'
import { type TensorValues } from '../data/tensorValues.ts'
import { GraphPlan } from './graphPlan.ts'
import { KernelPlan } from './kernelPlan.ts'
import { type ReplayPlan } from './replayPlan.ts'
import { keepReference, recordKernels, type Recording } from '../../patches/recordKernels.ts'

/**
 * A step that runs many times on tensors of the same shapes. It runs normally the first time and is recorded the next two
 * times. If both recordings are equal, later calls replay the recorded kernel calls, with bit-identical results. If they
 * differ, because the step draws random numbers or changes over time, it always runs normally; so do inputs of other
 * shapes. A step that `planGraph` has planned as one TensorFlow graph runs as that graph from the first time on.
 *
 * The step may read and assign variables of the engine. Any other outside tensor that it reads must never change.
 */
export class RepeatedStep {
  readonly #step: (inputs: readonly tf.Tensor[]) => tf.Tensor[]
  #shapes: string | undefined
  #recorded: Recording | undefined
  /** `none` if the step cannot be replayed; undefined while that is unknown. */
  #plan: ReplayPlan | 'none' | undefined
  /** Whether the constants of two recordings are being compared; meanwhile the step runs normally. */
  #isComparing = false

  constructor(step: (inputs: readonly tf.Tensor[]) => tf.Tensor[]) {
    this.#step = step
  }

  /** Runs or replays the step. The caller disposes the results. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    if (this.#plan === 'none' || this.#isComparing) return this.#step(inputs)
    const shapes = describeShapes(inputs)
    if (shapes !== this.#shapes) {
      // Until there is a plan, recording starts over for the shapes of the latest call.
      if (!this.#plan) this.#startOver(shapes)
      return this.#step(inputs)
    }
    return this.#plan ? this.#plan.run(inputs) : this.#record(inputs)
  }

  /**
   * Runs the step on values if it is a graph that takes them (see `GraphPlan.runOnValues`).
   *
   * @returns Its results; undefined, without an effect, if it has to run on tensors.
   */
  runOnValues(inputs: readonly TensorValues[]): readonly number[] | undefined {
    return this.#plan instanceof GraphPlan ? this.#plan.runOnValues(inputs) : undefined
  }

  /**
   * Plans the step as one TensorFlow graph, if the engine is node and the step consists of TensorFlow operations. The step
   * is recorded before it is taken, without an effect on variables. A graph rounds differently, so it runs from the first
   * step on: what a step computes must not depend on how many steps this process took before.
   *
   * @param inputs Inputs of the shapes of nearly all steps; steps on other shapes run normally.
   * @returns Whether the step is a graph from now on. An error of the step itself occurs again when the step runs.
   */
  planGraph(inputs: readonly tf.Tensor[]): boolean {
    const backend = nodeBackend()
    if (!backend || this.#plan) return false
    let recording: Recording | undefined
    try {
      recording = this.#rehearse(inputs)
      if (!recording) return false
      this.#plan = new GraphPlan(backend, recording, inputs)
      this.#shapes = describeShapes(inputs)
      return true
    } catch {
      forgetConstants(recording)
      return false
    }
  }

  /** The number of kernel calls of a replayed step; undefined while no step is replayed. */
  get kernels(): number | undefined {
    return this.#plan === 'none' ? undefined : this.#plan?.length
  }

  dispose(): void {
    if (this.#plan !== 'none') this.#plan?.dispose()
    forgetConstants(this.#recorded)
    this.#plan = 'none'
    this.#recorded = undefined
  }

  #startOver(shapes: string): void {
    forgetConstants(this.#recorded)
    this.#recorded = undefined
    this.#shapes = shapes
  }

  /**
   * Records the step until two recordings in a row are equal, and gives the variables their values from before. The first
   * recording may differ because the step prepares something when it first runs.
   *
   * @returns Undefined if the step changes over time.
   */
  #rehearse(inputs: readonly tf.Tensor[]): Recording | undefined {
    const before = Object.values(tf.engine().registeredVariables).map((one) => [one, keepReference(one)] as const)
    let last: Recording | undefined
    try {
      for (let count = 1; count <= 3; count++) {
        const { results, recording } = recordKernels(inputs, () => this.#step(inputs))
        tf.dispose(results)
        const isSame = last !== undefined && areEqual(last, recording)
        forgetConstants(last)
        last = recording
        if (isSame) return recording
      }
      forgetConstants(last)
      return undefined
    } finally {
      for (const [variable, value] of before) {
        if (variable.dataId !== value.dataId) variable.assign(value)
        value.dispose()
      }
    }
  }

  #record(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { results, recording } = recordKernels(inputs, () => this.#step(inputs))
    const before = this.#recorded
    this.#recorded = before ? undefined : recording
    if (before) {
      const fetching = fetchConstants(before, recording)
      if (fetching) void this.#compareLater(fetching, before, recording)
      else this.#compare(before, recording)
    }
    return results
  }

  async #compareLater(fetching: Promise<void>, before: Recording, recording: Recording): Promise<void> {
    this.#isComparing = true
    // The error of a graphics card is thrown where the results of the step are read.
    await fetching.catch(() => (this.#plan = 'none'))
    this.#isComparing = false
    this.#compare(before, recording)
  }

  /** Replays the step from now on if both recordings are equal. */
  #compare(before: Recording, recording: Recording): void {
    const isSame = this.#plan === undefined && areEqual(before, recording)
    forgetConstants(before)
    if (!isSame) forgetConstants(recording)
    this.#plan ??= isSame ? new KernelPlan(recording) : 'none'
  }
}

function describeShapes(inputs: readonly tf.Tensor[]): string {
  return JSON.stringify(inputs.map(({ shape, dtype }) => [shape, dtype]))
}

function forgetConstants(recording: Recording | undefined): void {
  if (recording) tf.dispose([...recording.constants.values()])
}

/** Whether two recordings have the same calls and the same constants. */
function areEqual(one: Recording, other: Recording): boolean {
  return isDeepStrictEqual(comparableParts(one), comparableParts(other)) && haveSameConstants(one, other)
}

function comparableParts({ calls, variables, results, assignments, constants }: Recording): unknown {
  const steps = calls.map(({ kernelName, inputs, attrs, outputs }) => [kernelName, inputs, attrs, outputs])
  return { steps, variables, results, assignments, constants: [...constants.keys()] }
}

/** Fetches the constants that may differ, on engines that compute asynchronously. */
function fetchConstants({ constants: ones }: Recording, { constants: others }: Recording): undefined | Promise<void> {
  const pairs = [...ones].map(([slot, one]) => [one, others.get(slot)] as const)
  const first = pairs.find(([one, other]) => other !== undefined && one.dataId !== other.dataId)
  return first && fetchValues(pairs.flatMap(([one, other]) => (other === undefined ? [one] : [one, other])))
}

function haveSameConstants({ constants: ones }: Recording, { constants: others }: Recording): boolean {
  return [...ones].every(([slot, one]) => {
    const other = others.get(slot)!
    return one.dataId === other.dataId || isDeepStrictEqual(one.dataSync(), other.dataSync())
  })
}
