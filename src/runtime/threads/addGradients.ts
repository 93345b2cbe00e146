import * as tf from '@tensorflow/tfjs'
import { type KernelContext, registeredContext } from '../kernels/kernelContext.ts'

/** The gradients of another thread, concatenated in the order of the weights, and its fraction of the step's samples. */
export interface GradientShare {
  readonly gradients: Float32Array
  readonly share: number
}

/** What a weight's gradient is the sum of: numbers in the WASM memory, and their factor. */
interface Addend {
  readonly address: number
  readonly factor: number
}

/**
 * Adds the gradients of all threads on the wasm engine, each weighted by its fraction of the step's samples, in the order of
 * the threads.
 *
 * @param own The gradients of this thread, with its fraction.
 * @param totals The sums of earlier batches of the step, which the gradients are added to; empty for the first batch.
 * @returns New tensors, which the caller disposes.
 */
export function addGradients(
  own: readonly tf.Tensor[],
  ownShare: number,
  others: readonly GradientShare[],
  totals: readonly tf.Tensor[],
): tf.Tensor[] {
  // Others have no samples of a small batch. A kernel that adds nothing would make NaN of an infinite gradient: 0 * Infinity.
  if (others.length + totals.length === 0) return own.map((gradient) => tf.mul(gradient, ownShare))
  const context = registeredContext()!
  let offset = 0
  return own.map((gradient, index) => {
    const { size, shape } = gradient
    const total = totals[index]
    const addends = [
      ...(total ? [{ address: context.address(total), factor: 1 }] : []),
      { address: context.address(gradient), factor: ownShare },
      ...copyShares(context, others, offset, size),
    ]
    offset += size
    const out = context.output(shape)
    sumUp(context, addends, context.address(out), size)
    return tf.engine().makeTensorFromTensorInfo(out)
  })
}

/** Copies `size` numbers of each thread to scratch memory. */
function copyShares(
  context: KernelContext,
  others: readonly GradientShare[],
  offset: number,
  size: number,
): readonly Addend[] {
  const first = context.scratch('gradients', Math.max(1, others.length * size))
  const copied = new Float32Array(context.backend.wasm.asm.memory.buffer, first, others.length * size)
  return others.map(({ gradients, share }, index) => {
    copied.set(gradients.subarray(offset, offset + size), index * size)
    return { address: first + index * size * 4, factor: share }
  })
}

function sumUp({ module }: KernelContext, [first, ...others]: readonly Addend[], out: number, size: number): void {
  let sum = first!
  for (const { address, factor } of others) {
    module.weightedSum(sum.address, sum.factor, address, factor, out, size)
    sum = { address: out, factor: 1 }
  }
}
