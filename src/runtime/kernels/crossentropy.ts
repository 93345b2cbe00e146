/** The crossentropy of class indices with its gradient, in one kernel on the WASM memory. */
import type * as tf from '@tensorflow/tfjs'
import type { KernelContext } from './kernelContext.ts'

/**
 * Registers the kernel, see src/parts/losses/categoricalCrossentropy.fast.ts. It is written in TypeScript: exponentials of a few
 * classes take less time than the calls of the kernels that they replace.
 */
export function registerCrossentropyKernel(context: KernelContext): void {
  context.replace('SparseSoftmaxCrossEntropyWithLogits', ({ inputs }) => {
    const [logits, labels] = [inputs['logits']!, inputs['labels']!]
    const [batch, classes] = logits.shape as [number, number]
    const [losses, slopes] = [context.output([batch]), context.output(logits.shape)]
    const { buffer } = context.backend.wasm.asm.memory
    const floats = (tensor: tf.TensorInfo, size: number) => new Float32Array(buffer, context.address(tensor), size)
    const indices = new Int32Array(buffer, context.address(labels), batch)
    const [from, toSlopes] = [floats(logits, batch * classes), floats(slopes, batch * classes)]
    const toLosses = floats(losses, batch)
    for (let row = 0; row < batch; row++) {
      const [start, end] = [row * classes, (row + 1) * classes]
      toLosses[row] = differentiateRow(from.subarray(start, end), indices[row]!, toSlopes.subarray(start, end))
    }
    return [losses, slopes]
  })
}

/** Returns -log(softmax(x)[label]), and writes its gradient: softmax(x), less 1 at the label. */
function differentiateRow(x: Float32Array, label: number, slopes: Float32Array): number {
  let largest = -Infinity
  for (const value of x) if (value > largest) largest = value
  let sum = 0
  for (const value of x) sum += Math.exp(value - largest)
  for (let index = 0; index < x.length; index++) {
    slopes[index] = Math.exp(x[index]! - largest) / sum - (index === label ? 1 : 0)
  }
  return Math.log(sum) - (x[label]! - largest)
}
