import * as tf from '@tensorflow/tfjs'
import { isDeepStrictEqual } from 'node:util'
import { KernelPlan } from './kernelPlan.ts'
import { recordKernels, type Recording } from '../../patches/recordKernels.ts'

/**
 * A step that is taken many times on tensors of the same shapes. The first is taken as it is, the next two are recorded
 * while they are; where both did the same, the ones after them only repeat the kernel calls of the record, with the
 * same results, bit for bit. Where they did not, because the step draws random numbers or changes with time, and for
 * inputs of other shapes, each is taken as it is.
 *
 * The step may read and assign variables of the engine; of other tensors that it finds outside, it must only read such
 * as stay the same.
 */
export class RepeatedStep {
  readonly #step: (inputs: readonly tf.Tensor[]) => tf.Tensor[]
  #shapes: string | undefined
  #recorded: Recording | undefined
  #plan: KernelPlan | 'none' | undefined

  constructor(step: (inputs: readonly tf.Tensor[]) => tf.Tensor[]) {
    this.#step = step
  }

  /** Takes the step; whoever takes the results disposes them. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    if (this.#plan === 'none') return this.#step(inputs)
    const shapes = JSON.stringify(inputs.map(({ shape, dtype }) => [shape, dtype]))
    if (shapes !== this.#shapes) {
      // Until there is a plan, the last shapes seen are those to wait for.
      if (!this.#plan) this.#await(shapes)
      return this.#step(inputs)
    }
    return this.#plan ? this.#plan.run(inputs) : this.#record(inputs)
  }

  /** How many kernels a repeated step calls; undefined while none is repeated. */
  get kernels(): number | undefined {
    return this.#plan === 'none' ? undefined : this.#plan?.length
  }

  dispose(): void {
    if (this.#plan !== 'none') this.#plan?.dispose()
    forgetConstants(this.#recorded)
    this.#plan = 'none'
    this.#recorded = undefined
  }

  #await(shapes: string): void {
    forgetConstants(this.#recorded)
    this.#recorded = undefined
    this.#shapes = shapes
  }

  #record(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { results, recording } = recordKernels(inputs, () => this.#step(inputs))
    const before = this.#recorded
    this.#recorded = before ? undefined : recording
    if (before) {
      const isSame = haveSameCourse(before, recording)
      forgetConstants(before)
      if (!isSame) forgetConstants(recording)
      this.#plan = isSame ? new KernelPlan(recording) : 'none'
    }
    return results
  }
}

function forgetConstants(recording: Recording | undefined): void {
  if (recording) tf.dispose([...recording.constants.values()])
}

function haveSameCourse(one: Recording, other: Recording): boolean {
  return isDeepStrictEqual(courseOf(one), courseOf(other)) && haveSameConstants(one, other)
}

function courseOf({ calls, variables, results, assignments, constants }: Recording): unknown {
  const steps = calls.map(({ kernelName, inputs, attrs, outputs }) => [kernelName, inputs, attrs, outputs])
  return { steps, variables, results, assignments, constants: [...constants.keys()] }
}

function haveSameConstants({ constants: ones }: Recording, { constants: others }: Recording): boolean {
  return [...ones].every(([slot, one]) => {
    const other = others.get(slot)!
    return one.dataId === other.dataId || isDeepStrictEqual(one.dataSync(), other.dataSync())
  })
}
