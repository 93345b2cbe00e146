/**
 * Wraps every kernel of the backend while one step is recorded, so later steps can run the same kernels without the code
 * around them; afterwards the stock kernels are registered again.
 *
 * Upstream: none; TensorFlow.js has no way to record kernels
 * Test: test/runtime/replay/repeatedStep.test.ts
 * Until: TensorFlow.js can compile a training step
 */
import * as tf from '@tensorflow/tfjs'
import { watchOperations } from './nodeOperations.ts'

/** An input or output of a recorded kernel call: the slot of its data, its shape and its type. */
export interface Operand {
  /** The number of the data, not of the tensor: tensors of several shapes may share data. */
  readonly slot: number
  readonly shape: number[]
  readonly dtype: tf.DataType
}

/** A call of a kernel, or of one of its operations, whose result depends on inputs or variables. */
export interface RecordedCall {
  readonly kernelName: string
  readonly kernelFunc: tf.KernelFunc
  /** The inputs with their names in the kernel; in order for kernels that take a list. */
  readonly inputs: readonly (readonly [name: string, operand: Operand])[]
  readonly takesList: boolean
  readonly attrs: tf.NamedAttrMap
  readonly outputs: readonly Operand[]
}

/** The recorded kernel calls of a step. Slots count from 0: first the inputs, then other data in order of appearance. */
export interface Recording {
  readonly calls: readonly RecordedCall[]
  /** The variables that were read, by name, with the slots of their values before the step. */
  readonly variables: ReadonlyMap<string, number>
  /** Data that depends on neither inputs nor variables; kept until disposed. */
  readonly constants: ReadonlyMap<number, tf.Tensor>
  /** The tensors that the step returned. */
  readonly results: readonly Operand[]
  /** The values that the step assigned to variables, by name. */
  readonly assignments: ReadonlyMap<string, Operand>
}

/**
 * Runs a step normally and records each kernel that it calls. Meanwhile each kernel of the backend in use is registered with
 * a wrapper around it, which is the public way to observe all kernels.
 *
 * @param inputs The tensors that differ from step to step.
 * @returns The results of the step, and the recording. The caller disposes the recording's constants.
 */
export function recordKernels(
  inputs: readonly tf.Tensor[],
  step: () => tf.Tensor[],
): { readonly results: tf.Tensor[]; readonly recording: Recording } {
  const recorder = new KernelRecorder(inputs)
  const kernels = tf.getKernelsForBackend(tf.getBackend())
  for (const kernel of kernels) reregister({ ...kernel, kernelFunc: recorder.watch(kernel) })
  const unwatch = watchOperations((name, kernelFunc, call, made) => {
    recorder.record(name, kernelFunc, call as unknown as Parameters<tf.KernelFunc>[0], made)
  })
  try {
    const results = step()
    return { results, recording: recorder.finish(results) }
  } finally {
    unwatch()
    for (const kernel of kernels) reregister(kernel)
  }
}

function reregister(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName)
  tf.registerKernel(kernel)
}

class KernelRecorder {
  readonly #slots = new Map<object, number>()
  readonly #constants = new Map<number, tf.Tensor>()
  readonly #calls: RecordedCall[] = []
  readonly #variableAt = new Map<object, string>()
  readonly #variables = new Map<string, number>()
  /** Data that depends on the inputs or the variables. */
  readonly #varying = new WeakSet<object>()
  #count = 0
  /** The depth of nested kernel calls: a kernel may call others, which are part of its own call. */
  #depth = 0

  constructor(inputs: readonly tf.Tensor[]) {
    for (const { dataId } of inputs) {
      this.#slots.set(dataId, this.#count++)
      this.#varying.add(dataId)
    }
    for (const [name, { dataId }] of Object.entries(tf.engine().registeredVariables)) {
      this.#variableAt.set(dataId, name)
      this.#varying.add(dataId)
    }
  }

  watch({ kernelName, kernelFunc }: tf.KernelConfig): tf.KernelFunc {
    return (call) => {
      if (this.#depth > 0) return kernelFunc(call)
      this.#depth++
      try {
        const made = kernelFunc(call)
        this.record(kernelName, kernelFunc, call, Array.isArray(made) ? made : [made])
        return made
      } finally {
        this.#depth--
      }
    }
  }

  /** Records a call; skips a kernel whose operations were recorded, since their results are its results. */
  record(
    kernelName: string,
    kernelFunc: tf.KernelFunc,
    { inputs, attrs = {} }: Parameters<tf.KernelFunc>[0],
    made: readonly tf.TensorInfo[],
  ): void {
    const given = Object.entries(inputs).filter((entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined)
    if (!given.some(([, { dataId }]) => this.#varying.has(dataId))) return
    const operands = given.map(([name, info]) => [name, this.#operand(info)] as const)
    for (const { dataId } of made) this.#varying.add(dataId)
    // The result of a kernel that only copies has the slot of its input.
    if (isCopy(kernelName, given[0]![1], made[0]!)) this.#slots.set(made[0]!.dataId, operands[0]![1].slot)
    if (made.every(({ dataId }) => this.#slots.has(dataId))) return
    const outputs = made.map((info) => this.#operand(info))
    const takesList = Array.isArray(inputs)
    this.#calls.push({ kernelName, kernelFunc, inputs: operands, takesList, attrs, outputs })
  }

  #operand({ dataId, shape, dtype }: tf.TensorInfo): Operand {
    let slot = this.#slots.get(dataId)
    if (slot === undefined) {
      slot = this.#count++
      this.#slots.set(dataId, slot)
      const variable = this.#variableAt.get(dataId)
      if (variable !== undefined) this.#variables.set(variable, slot)
      else if (!this.#varying.has(dataId)) this.#constants.set(slot, keepReference({ dataId, shape, dtype }))
    }
    return { slot, shape, dtype }
  }

  finish(results: readonly tf.Tensor[]): Recording {
    const assignments = new Map<string, Operand>()
    for (const [name, variable] of Object.entries(tf.engine().registeredVariables)) {
      if (this.#variableAt.get(variable.dataId) !== name) assignments.set(name, this.#operand(variable))
    }
    return {
      calls: this.#calls,
      variables: this.#variables,
      constants: this.#constants,
      results: results.map((result) => this.#operand(result)),
      assignments,
    }
  }
}

/**
 * Whether a kernel call only copies its input, with the same shape and type. Calls that change the shape are recorded,
 * because tfjs-node creates a new tensor for a new shape.
 */
function isCopy(kernelName: string, given: tf.TensorInfo, made: tf.TensorInfo): boolean {
  if (!['Identity', 'Cast', 'Reshape'].includes(kernelName)) return false
  return given.dtype === made.dtype && tf.util.arraysEqual(given.shape, made.shape)
}

/** Creates another tensor for the same data, which no `tidy` disposes. */
export function keepReference(info: tf.TensorInfo): tf.Tensor {
  tf.backend().incRef(info.dataId)
  return tf.keep(tf.engine().makeTensorFromTensorInfo(info))
}
