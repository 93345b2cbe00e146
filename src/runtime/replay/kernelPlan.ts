/** Executes the recorded kernel calls of a training step. */
import * as tf from '@tensorflow/tfjs'
import { joinRelu } from './joinRelu.ts'
import { joinUpdates } from './joinUpdates.ts'
import { type ReplayPlan } from './replayPlan.ts'
import { keepReference, type Operand, type RecordedCall, type Recording } from '../../patches/recordKernels.ts'

/** A kernel call with its operands. */
interface PlannedCall {
  readonly kernelFunc: tf.KernelFunc
  readonly inputs: tf.NamedTensorInfoMap
  readonly attrs: tf.NamedAttrMap
  readonly outputs: readonly Slot[]
  /** The slots whose data no later call needs. */
  readonly released: readonly Slot[]
}

/** Storage for data. Its tensors, one per shape and type, are created once; only their data changes. */
interface Slot {
  readonly views: tf.Tensor[]
  /** The result of the kernel that computed the data. */
  made: tf.TensorInfo | undefined
}

/**
 * A recorded step as a sequence of kernel calls, without the work of TensorFlow.js around each call: no tape, no scopes, no
 * tensor objects, no copies. Values that depend on neither inputs nor variables are constants, computed during recording.
 * Memory is released after the last call that needs it.
 */
export class KernelPlan implements ReplayPlan {
  readonly #recording: Recording
  readonly #slots = new Map<number, Slot>()
  readonly #calls: readonly PlannedCall[]
  /** The computed slots that are results or new values of variables: they are kept to the end of the step. */
  readonly #lasting: readonly Slot[]

  constructor(recording: Recording) {
    this.#recording = recording
    const { calls, results, assignments, constants } = recording
    const lasting = new Set([...results, ...assignments.values()].map(({ slot }) => slot))
    const needed = joinUpdates(joinRelu(findNeededCalls(calls, lasting), lasting), lasting)
    const lastUses = findLastUses(needed)
    this.#calls = needed.map((call, index) => this.#plan(call, lasting, lastUses.get(index) ?? []))
    for (const operand of [...results, ...assignments.values()]) this.#view(operand)
    for (const [slot, { dataId }] of constants) this.#setData(slot, dataId)
    const computed = new Set(needed.flatMap(({ outputs }) => outputs.map(({ slot }) => slot)))
    this.#lasting = [...lasting].filter((slot) => computed.has(slot)).map((slot) => this.#slot(slot))
  }

  get length(): number {
    return this.#calls.length
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { variables, results, assignments } = this.#recording
    for (const [slot, { dataId }] of inputs.entries()) this.#setData(slot, dataId)
    const present = tf.engine().registeredVariables
    for (const [name, slot] of variables) this.#setData(slot, present[name]!.dataId)
    const backend = tf.backend()
    for (const { kernelFunc, inputs: operands, attrs, outputs, released } of this.#calls) {
      const made = kernelFunc({ inputs: operands, attrs, backend })
      if (Array.isArray(made)) for (const [index, slot] of outputs.entries()) fillSlot(slot, made[index]!)
      else fillSlot(outputs[0]!, made)
      for (const slot of released) releaseSlot(slot, backend)
    }
    const returned = results.map((result) => tf.engine().makeTensorFromTensorInfo(this.#share(result, backend)))
    // Holds all values before the first assignment, because a variable may be assigned the old data of another.
    const assigned = [...assignments].map(
      ([name, operand]) => [present[name]!, keepReference(this.#view(operand))] as const,
    )
    for (const [variable, value] of assigned) {
      variable.assign(value)
      value.dispose()
    }
    for (const slot of this.#lasting) releaseSlot(slot, backend)
    return returned
  }

  dispose(): void {
    tf.dispose([...this.#recording.constants.values()])
  }

  #plan(call: RecordedCall, lasting: ReadonlySet<number>, lastUsed: readonly number[]): PlannedCall {
    const inputs = call.inputs.map(([name, operand]) => [name, this.#view(operand)] as const)
    return {
      kernelFunc: call.kernelFunc,
      // Kernels that take any number of tensors expect an array, although the type is a map.
      inputs: call.takesList
        ? (inputs.map(([, view]) => view) as unknown as tf.NamedTensorInfoMap)
        : Object.fromEntries(inputs),
      attrs: call.attrs,
      outputs: call.outputs.map((output) => {
        this.#view(output)
        return this.#slot(output.slot)
      }),
      released: lastUsed.filter((slot) => !lasting.has(slot)).map((slot) => this.#slot(slot)),
    }
  }

  #slot(number: number): Slot {
    const slot = this.#slots.get(number) ?? { views: [], made: undefined }
    this.#slots.set(number, slot)
    return slot
  }

  /** Returns the slot's tensor of this shape and type, and creates it on the first call. */
  #view({ slot: number, shape, dtype }: Operand): tf.Tensor {
    const slot = this.#slot(number)
    const known = slot.views.find((view) => view.dtype === dtype && tf.util.arraysEqual(view.shape, shape))
    if (known) return known
    const view = new tf.Tensor(shape as [number], dtype, slot.views[0]?.dataId ?? {}, 0)
    slot.views.push(view)
    return view
  }

  #setData(number: number, dataId: object): void {
    for (const view of this.#slots.get(number)?.views ?? []) view.dataId = dataId
  }

  /** Returns a slot's data as the info of one more tensor that shares it. */
  #share(operand: Operand, backend: tf.KernelBackend): tf.TensorInfo {
    const { dataId, shape, dtype } = this.#view(operand)
    backend.incRef(dataId)
    return { dataId, shape, dtype }
  }
}

/** Returns the calls that results or assigned variables depend on, in order. */
export function findNeededCalls<Call extends Pick<RecordedCall, 'inputs' | 'outputs'>>(
  calls: readonly Call[],
  lasting: ReadonlySet<number>,
): Call[] {
  const needed = new Set(lasting)
  const found: Call[] = []
  for (const call of calls.toReversed()) {
    if (!call.outputs.some(({ slot }) => needed.has(slot))) continue
    for (const [, { slot }] of call.inputs) needed.add(slot)
    found.push(call)
  }
  return found.toReversed()
}

/** Maps the index of each call to the computed slots that no later call uses. */
function findLastUses(calls: readonly RecordedCall[]): Map<number, number[]> {
  const computed = new Set(calls.flatMap(({ outputs }) => outputs.map(({ slot }) => slot)))
  const last = new Map<number, number>()
  for (const [index, { inputs, outputs }] of calls.entries()) {
    for (const { slot } of [...inputs.map(([, operand]) => operand), ...outputs]) {
      if (computed.has(slot)) last.set(slot, index)
    }
  }
  const slotsOf = new Map<number, number[]>()
  for (const [slot, index] of last) slotsOf.set(index, [...(slotsOf.get(index) ?? []), slot])
  return slotsOf
}

function fillSlot(slot: Slot, made: tf.TensorInfo): void {
  slot.made = made
  for (const view of slot.views) view.dataId = made.dataId
}

/** Releases a slot's data. Kernels of some backends return tensors that the engine counts, others return plain data. */
function releaseSlot(slot: Slot, backend: tf.KernelBackend): void {
  const { made } = slot
  slot.made = undefined
  if (made instanceof tf.Tensor) made.dispose()
  else if (made) backend.disposeData(made.dataId)
}
