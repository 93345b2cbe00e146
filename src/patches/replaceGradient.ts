/** Replaces the gradient of a kernel. */
import * as tf from '@tensorflow/tfjs'

/** The gradients by name of the kernel's inputs, each computed on demand; null if the stock gradient is right. */
export type Gradient = (
  dy: tf.Tensor,
  saved: tf.Tensor[],
  attrs: tf.NamedAttrMap,
) => Record<string, () => tf.Tensor> | null

/** Replaces the gradient of a kernel on all backends, except when `gradient` returns null. */
export function replaceGradient(kernelName: string, gradient: Gradient): void {
  const stock = tf.getGradient(kernelName)
  tf.unregisterGradient(kernelName)
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attrs) => gradient(dy as tf.Tensor, saved, attrs) ?? stock.gradFunc(dy, saved, attrs),
  })
}
