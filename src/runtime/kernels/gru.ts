/** WASM kernels of gated recurrent units whose reset gate comes before the product of the state, as in tf.layers. */
import type * as tf from '@tensorflow/tfjs'
import { type KernelContext } from './kernelContext.ts'
import { panelWidth } from './panels.ts'
import {
  multiply,
  multiplyInput,
  registerSequenceKernel,
  type SequenceAttributes,
  stepAddress,
  type StepAddress,
  stepRows,
} from './recurrent.ts'

/** Registers the GRU with its gradient; src/patches/recurrentSequences.ts describes both. */
export function registerGruKernels(context: KernelContext): void {
  registerSequenceKernel<SequenceAttributes>(context, 'GruSequence', runGru)
  registerSequenceKernel<SequenceAttributes>(context, 'GruSequenceGrad', differentiateGru)
}

/** Returns the outputs, then the gates z, r and p and the reset states of all steps for the gradient. */
function runGru(
  context: KernelContext,
  { x, kernel, recurrentKernel, bias }: tf.NamedTensorInfoMap,
  { backwards, hard }: SequenceAttributes,
): tf.TensorInfo[] {
  const [batch, steps] = x!.shape as [number, number, number]
  const [units, sums] = recurrentKernel!.shape as [number, number]
  const out = context.output([batch, steps, units])
  const gates = context.output([steps, batch, sums])
  const resets = context.output([batch, steps, units])
  const { module } = context
  multiplyInput(context, x!, kernel!, bias, gates, backwards)

  const address = context.address(recurrentKernel!)
  const panels = context.scratch('packed', units * (panelWidth(2 * units) + panelWidth(units)))
  const proposedPanels = panels + units * panelWidth(2 * units) * 4
  module.packPanels(address, panels, units, 2 * units, sums, 1)
  module.packPanels(address + 2 * units * 4, proposedPanels, units, units, sums, 1)
  const [rows, resetRows] = tablesOf(context, out, resets)
  const recurrent = context.scratch('recurrent', batch * 2 * units)
  const stateStep = steps * units * 4
  const gatesOf = stepAddress(context, gates)
  const stateOf = (states: tf.TensorInfo, step: number) => context.address(states) + step * units * 4
  for (let step = 0; step < steps; step++) {
    const isFirst = step === 0
    const [product, before] = isFirst ? [0, 0] : [recurrent, stateOf(out, step - 1)]
    if (!isFirst) multiply(context, rows + (step - 1) * batch * 4, batch, panels, recurrent, units, 2 * units)
    module.gruReset(gatesOf(step), product, before, stateOf(resets, step), stateStep, batch, units, Number(hard))
    if (!isFirst) multiply(context, resetRows + step * batch * 4, batch, proposedPanels, recurrent, units, units)
    module.gruStep(gatesOf(step), product, before, stateOf(out, step), stateStep, batch, units)
  }
  return [out, gates, resets]
}

/** Returns the gradient of the sums of the gates, of which all other gradients are products. */
function differentiateGru(
  context: KernelContext,
  { dy, recurrentKernel, out, gates }: tf.NamedTensorInfoMap,
  { hard }: SequenceAttributes,
): tf.TensorInfo[] {
  const [steps, batch, sums] = gates!.shape as [number, number, number]
  const units = recurrentKernel!.shape[0]!
  const slopes = context.output(gates!.shape)
  const { module } = context
  const address = context.address(recurrentKernel!)
  const panels = context.scratch('packed', sums * panelWidth(units))
  const proposedPanels = panels + 2 * units * panelWidth(units) * 4
  module.packPanels(address, panels, 2 * units, units, 1, sums)
  module.packPanels(address + 2 * units * 4, proposedPanels, units, units, 1, sums)
  const rows = context.scratch('rows', 2 * batch)
  const proposedRows = rows + batch * 4
  const dProduct = context.scratch('recurrent', batch * units)
  const dBefore = context.scratch('cells', batch * units)
  new Float32Array(context.backend.wasm.asm.memory.buffer, dBefore, batch * units).fill(0)
  const [gatesOf, slopesOf] = [stepAddress(context, gates!), stepAddress(context, slopes)] as [StepAddress, StepAddress]
  const stateStep = steps * units * 4
  for (let step = steps - 1; step >= 0; step--) {
    const isLast = step === steps - 1
    const before = step === 0 ? 0 : context.address(out!) + (step - 1) * units * 4
    const dOut = context.address(dy!) + step * units * 4
    const at = slopesOf(step)
    const size = [batch, units, Number(hard)] as const
    module.gruStepGradient(dOut, stateStep, dBefore, isLast ? 0 : dProduct, gatesOf(step), before, at, ...size)
    module.matrixRows(rows, at, batch, sums)
    module.matrixRows(proposedRows, at + 2 * units * 4, batch, sums)
    multiply(context, proposedRows, batch, proposedPanels, dProduct, units, units)
    module.gruResetGradient(dProduct, gatesOf(step), before, stateStep, at, dBefore, ...size)
    if (step > 0) multiply(context, rows, batch, panels, dProduct, 2 * units, units)
  }
  return [slopes]
}

/** The tables of the rows of two sequences in the order of the steps. */
function tablesOf(context: KernelContext, one: tf.TensorInfo, other: tf.TensorInfo): [number, number] {
  const [batch, steps] = one.shape as [number, number, number]
  const table = context.scratch('rows', 2 * batch * steps)
  return [stepRows(context, one, false, table), stepRows(context, other, false, table + batch * steps * 4)]
}
