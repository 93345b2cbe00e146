/**
 * Lets the layer `categoryEncoding` count on the webgpu backend without reading its input: the stock layer reads the
 * smallest and the largest number synchronously to check them, which this backend cannot. Numbers outside the range are not
 * counted. The kernel that counts is wrong for more numbers than categories, so that they are counted as one-hot rows.
 *
 * Upstream: none found; CategoryEncoding.call in category_encoding.ts of tfjs-layers 4.22 calls `bufferSync`, and
 *   bincount_webgpu.ts of tfjs-backend-webgpu 4.22 finds the coordinates of its input by the shape of its output
 * Test: test/runtime/engines/webgpu.test.ts
 * Until: the layer does not read its input, and the kernel finds its coordinates by the shape of the input
 */
import * as tf from '@tensorflow/tfjs'

/** The properties that are read from a layer. */
interface CategoryEncoding extends tf.layers.Layer {
  readonly numTokens: number
  readonly outputMode: 'multiHot' | 'oneHot' | 'count'
}

/** Replaces `call` of all layers of this class. The caller does so once. */
export function countCategoriesOnWebgpu(): void {
  // The name keeps the layer from taking one of the automatic names.
  const layer = tf.layers.categoryEncoding({ numTokens: 1, name: 'prototype' })
  const prototype = Object.getPrototypeOf(layer) as CategoryEncoding
  const { call } = prototype
  prototype.call = function (this: CategoryEncoding, tensors, settings) {
    if (tf.getBackend() !== 'webgpu') return call.call(this, tensors, settings)
    const numbers = Array.isArray(tensors) ? tensors[0]! : tensors
    return tf.tidy(() => {
      const whole = tf.cast(numbers, 'int32') as tf.Tensor2D
      const marks = tf.oneHot(whole, this.numTokens, 1, 0, 'float32')
      return this.outputMode === 'count' ? tf.sum(marks, 1) : tf.max(marks, 1)
    })
  }
}
