/**
 * WASM kernels of recurrent layers, which run a cell over all steps of a sequence; src/patches/recurrentSequences.ts describes
 * them. The sums of the gates are in the order of the steps, [steps, batch, gates * units]; what layers see, inputs and
 * outputs, is [batch, steps, values].
 */
import * as tf from '@tensorflow/tfjs'
import { type KernelContext } from './kernelContext.ts'
import { panelWidth } from './panels.ts'

/** The attributes of the kernels of whole layers. */
export interface SequenceAttributes {
  /** Whether the steps of the input are taken in reverse order. */
  readonly backwards: boolean
  /** Whether the gates are hard sigmoids. */
  readonly hard: boolean
}

/** The attributes of `SequenceKernelGrad`. */
interface KernelGradientAttributes {
  readonly backwards: boolean
  /** The number of steps after which the kernel multiplies a step: 1 for the state. */
  readonly delay: number
  /** The columns of the sums that x is multiplied for: from the first up to, not including, the second. */
  readonly columns: readonly [from: number, until: number]
}

/** Registers the LSTM with its gradient, and the gradients of the input and the kernels, which all cells share. */
export function registerRecurrentKernels(context: KernelContext): void {
  registerSequenceKernel<SequenceAttributes>(context, 'LstmSequence', runLstm)
  registerSequenceKernel<SequenceAttributes>(context, 'LstmSequenceGrad', differentiateLstm)
  registerSequenceKernel<Pick<SequenceAttributes, 'backwards'>>(context, 'SequenceInputGrad', inputGradient)
  registerSequenceKernel<KernelGradientAttributes>(context, 'SequenceKernelGrad', kernelGradient)
}

/** Registers a kernel that returns a list of tensors. */
export function registerSequenceKernel<Attributes>(
  context: KernelContext,
  kernelName: string,
  run: (context: KernelContext, inputs: tf.NamedTensorInfoMap, attributes: Attributes) => tf.TensorInfo[],
): void {
  context.replace(kernelName, ({ inputs, attrs }) => run(context, inputs, attrs as unknown as Attributes))
}

/** Returns the outputs, then the gates and the cells of all steps for the gradient. */
function runLstm(
  context: KernelContext,
  { x, kernel, recurrentKernel, bias }: tf.NamedTensorInfoMap,
  { backwards, hard }: SequenceAttributes,
): tf.TensorInfo[] {
  const [batch, steps] = x!.shape as [number, number, number]
  const [units, sums] = recurrentKernel!.shape as [number, number]
  const out = context.output([batch, steps, units])
  const gates = context.output([steps, batch, sums])
  const cells = context.output([steps, batch, units])
  const { module } = context
  multiplyInput(context, x!, kernel!, bias, gates, backwards)

  const panels = pack(context, recurrentKernel!)
  const rows = stepRows(context, out, false)
  const recurrent = context.scratch('recurrent', batch * sums)
  const [gatesOf, cellsOf] = [stepAddress(context, gates), stepAddress(context, cells)]
  for (let step = 0; step < steps; step++) {
    const isFirst = step === 0
    if (!isFirst) multiply(context, rows + (step - 1) * batch * 4, batch, panels, recurrent, units, sums)
    module.lstmStep(
      gatesOf(step),
      isFirst ? 0 : recurrent,
      isFirst ? 0 : cellsOf(step - 1),
      cellsOf(step),
      context.address(out) + step * units * 4,
      steps * units * 4,
      batch,
      units,
      Number(hard),
    )
  }
  return [out, gates, cells]
}

/** Returns the gradient of the sums of the gates, of which all other gradients are products. */
function differentiateLstm(
  context: KernelContext,
  { dy, recurrentKernel, gates, cells }: tf.NamedTensorInfoMap,
  { hard }: SequenceAttributes,
): tf.TensorInfo[] {
  const [steps, batch, sums] = gates!.shape as [number, number, number]
  const units = recurrentKernel!.shape[0]!
  const slopes = context.output(gates!.shape)
  const { module } = context
  const panels = packTransposed(context, recurrentKernel!)
  const rows = context.scratch('rows', steps * batch)
  module.matrixRows(rows, context.address(slopes), steps * batch, sums)
  const dState = context.scratch('recurrent', batch * units)
  const dCells = context.scratch('cells', batch * units)
  new Float32Array(context.backend.wasm.asm.memory.buffer, dCells, batch * units).fill(0)
  const [gatesOf, cellsOf, slopesOf] = [gates!, cells!, slopes].map((tensor) => stepAddress(context, tensor)) as [
    StepAddress,
    StepAddress,
    StepAddress,
  ]
  for (let step = steps - 1; step >= 0; step--) {
    const isLast = step === steps - 1
    if (!isLast) multiply(context, rows + (step + 1) * batch * 4, batch, panels, dState, sums, units)
    module.lstmStepGradient(
      context.address(dy!) + step * units * 4,
      steps * units * 4,
      isLast ? 0 : dState,
      gatesOf(step),
      step === 0 ? 0 : cellsOf(step - 1),
      cellsOf(step),
      dCells,
      slopesOf(step),
      batch,
      units,
      Number(hard),
    )
  }
  return [slopes]
}

/** The gradient of a sequence [batch, steps, values], by that of its products with a kernel. */
function inputGradient(
  context: KernelContext,
  { slopes, kernel }: tf.NamedTensorInfoMap,
  { backwards }: Pick<SequenceAttributes, 'backwards'>,
): tf.TensorInfo[] {
  const [steps, batch, sums] = slopes!.shape as [number, number, number]
  const values = kernel!.shape[0]!
  const out = context.output([batch, steps, values])
  const panels = packTransposed(context, kernel!)
  const rows = context.scratch('rows', batch * steps)
  const address = stepAddress(context, slopes!)
  const stride = backwards ? -batch * sums : batch * sums
  for (let sample = 0; sample < batch; sample++) {
    const first = address(backwards ? steps - 1 : 0) + sample * sums * 4
    context.module.matrixRows(rows + sample * steps * 4, first, steps, stride)
  }
  multiply(context, rows, batch * steps, panels, context.address(out), sums, values)
  return [out]
}

/** The gradient of a kernel that multiplies a sequence x [batch, steps, values]. */
function kernelGradient(
  context: KernelContext,
  { x, slopes }: tf.NamedTensorInfoMap,
  { backwards, delay, columns: [from, until] }: KernelGradientAttributes,
): tf.TensorInfo[] {
  const [steps, batch, sums] = slopes!.shape as [number, number, number]
  const values = x!.shape[2]!
  const width = until - from
  const out = context.output([values, width])
  const to = context.address(out)
  const count = (steps - delay) * batch
  if (count === 0) {
    new Float32Array(context.backend.wasm.asm.memory.buffer, to, values * width).fill(0)
    return [out]
  }
  const panels = context.scratch('packed', count * panelWidth(width))
  context.module.packPanels(stepAddress(context, slopes!)(delay) + from * 4, panels, count, width, sums, 1)
  const rows = stepRows(context, x!, backwards)
  context.module.multiplyTransposedRows(rows, count, panels, 32, count * 32, to, width, 1, 0, 1, 0, values, false)
  return [out]
}

/** Computes the products of all steps of x with a kernel, plus the bias, in the order of the steps. */
export function multiplyInput(
  context: KernelContext,
  x: tf.TensorInfo,
  kernel: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  out: tf.TensorInfo,
  backwards: boolean,
): void {
  const [values, sums] = kernel.shape as [number, number]
  const panels = pack(context, kernel)
  const rows = stepRows(context, x, backwards)
  multiply(context, rows, x.shape[0]! * x.shape[1]!, panels, context.address(out), values, sums, bias)
}

/** Multiplies rows by a packed matrix [depth, columns], and adds the bias. */
export function multiply(
  context: KernelContext,
  rows: number,
  count: number,
  panels: number,
  out: number,
  depth: number,
  columns: number,
  bias?: tf.TensorInfo,
): void {
  const start = bias ? context.address(bias) : 0
  context.module.multiplyRows(rows, count, panels, start, out, columns, 1, 0, 1, 0, depth, 0)
}

/** Packs a matrix for `multiply`. */
function pack(context: KernelContext, matrix: tf.TensorInfo): number {
  const [depth, columns] = matrix.shape as [number, number]
  const panels = context.scratch('packed', depth * panelWidth(columns))
  context.module.packPanels(context.address(matrix), panels, depth, columns, columns, 1)
  return panels
}

/** Packs the transposed matrix. */
function packTransposed(context: KernelContext, matrix: tf.TensorInfo): number {
  const [columns, depth] = matrix.shape as [number, number]
  const panels = context.scratch('packed', depth * panelWidth(columns))
  context.module.packPanels(context.address(matrix), panels, depth, columns, 1, depth)
  return panels
}

/** Writes the table of the rows of x [batch, steps, values] in the order of the steps, and returns it. */
export function stepRows(context: KernelContext, x: tf.TensorInfo, backwards: boolean, table?: number): number {
  const [batch, steps, values] = x.shape as [number, number, number]
  const rows = table ?? context.scratch('rows', batch * steps)
  for (let step = 0; step < steps; step++) {
    const at = backwards ? steps - 1 - step : step
    context.module.matrixRows(rows + step * batch * 4, context.address(x) + at * values * 4, batch, steps * values)
  }
  return rows
}

/** Maps a step to its address in a tensor [steps, batch, values]. */
export type StepAddress = (step: number) => number

export function stepAddress(context: KernelContext, tensor: tf.TensorInfo): StepAddress {
  const address = context.address(tensor)
  const bytes = tensor.shape[1]! * tensor.shape[2]! * 4
  return (step) => address + step * bytes
}
