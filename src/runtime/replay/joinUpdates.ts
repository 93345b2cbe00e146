/** Joins the update of a weight with the matrix product that is its gradient, in the recorded kernel calls of a step. */
import * as tf from '@tensorflow/tfjs'
import type { RecordedCall } from '../../patches/recordKernels.ts'
import { samplesSummedAtOnce } from '../kernels/panels.ts'
import type { ProductUpdateAttributes, UpdateAttributes } from '../kernels/updates.ts'
import { findReaders, type Readers } from './readers.ts'

/**
 * Replaces each such pair by one kernel, on backends that have it, if nothing else reads the gradient, which then need not be
 * written. The results are the same, bit for bit. The product is computed when the weight is updated.
 *
 * @param lasting the slots of results and of new values of variables
 */
export function joinUpdates(calls: readonly RecordedCall[], lasting: ReadonlySet<number>): readonly RecordedCall[] {
  const kernel = tf.getKernel('UpdateByProduct', tf.getBackend())
  if (!kernel) return calls
  const readers = findReaders(calls)
  const written = new Set(calls.filter(isUpdate).flatMap((call) => keptOf(call)))
  const pairs = calls.flatMap((product) => {
    if (!isGradient(product) || product.inputs.some(([, { slot }]) => written.has(slot))) return []
    const update = findUpdate(product, readers, lasting)
    return update ? [[product, update] as const] : []
  })
  const dropped = new Set(pairs.map(([product]) => product))
  const replaced = new Map(pairs.map(([product, update]) => [update, joinCalls(product, update, kernel)]))
  return calls.filter((call) => !dropped.has(call)).map((call) => replaced.get(call) ?? call)
}

/** Whether a call is one product of two matrices whose rows are samples, few enough to be summed at once. */
function isGradient({ kernelName, attrs, inputs }: RecordedCall): boolean {
  if (kernelName !== 'BatchMatMul' || attrs['transposeA'] !== true || attrs['transposeB'] === true) return false
  return inputs.every(([, { shape }]) => {
    const [samples, width] = shape.slice(-2) as [number, number]
    return samples <= samplesSummedAtOnce && tf.util.sizeFromShape(shape) === samples * width
  })
}

/** Returns the update that alone reads a product, as its gradient. */
function findUpdate(
  product: RecordedCall,
  readers: Readers<RecordedCall>,
  lasting: ReadonlySet<number>,
): RecordedCall | undefined {
  const { slot } = product.outputs[0]!
  const [update, ...others] = readers.get(slot) ?? []
  if (!update || others.length > 0 || lasting.has(slot) || !isUpdate(update)) return undefined
  return update.inputs[updateAttributes(update).kept]![1].slot === slot ? update : undefined
}

function joinCalls(product: RecordedCall, update: RecordedCall, kernel: tf.KernelConfig): RecordedCall {
  const { kept, constants } = updateAttributes(update)
  const attributes: ProductUpdateAttributes = { kept, constants, rule: update.kernelName }
  const inputs = update.inputs.toSpliced(kept, 1, ...product.inputs)
  const { kernelName, kernelFunc } = kernel
  return { ...update, kernelName, kernelFunc, inputs, attrs: attributes as unknown as tf.NamedAttrMap }
}

/** Whether a call updates a weight and its slots in place. */
function isUpdate({ attrs, takesList }: RecordedCall): boolean {
  return takesList && typeof attrs['kept'] === 'number'
}

function keptOf(update: RecordedCall): number[] {
  return update.inputs.slice(0, updateAttributes(update).kept).map(([, { slot }]) => slot)
}

function updateAttributes({ attrs }: RecordedCall): UpdateAttributes {
  return attrs as unknown as UpdateAttributes
}
