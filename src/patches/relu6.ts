/**
 * Runs the layer `reLU` with `maxValue: 6` by the kernel `Relu6` on backends that differentiate it by the kernel
 * `Relu6Grad`: the stock layer clips the result of relu, which takes two passes and four more for the gradient.
 *
 * Upstream: none; ReLU in advanced_activations.ts of tfjs-layers is correct, but slower
 * Test: test/patches/relu6.test.ts
 * Until: tfjs-layers runs Relu6 itself
 */
import * as tf from '@tensorflow/tfjs'

interface ReLU extends tf.layers.Layer {
  readonly maxValue?: number
}

/** Replaces `call` of all layers of this class. The gradient differs from that of the stock layer at exactly 6: it is 0. */
export function fuseRelu6(): void {
  // The name keeps the layer from taking one of the automatic names.
  const prototype = Object.getPrototypeOf(tf.layers.reLU({ name: 'prototype' })) as ReLU
  const { call } = prototype
  prototype.call = function (this: ReLU, tensors, settings) {
    if (this.maxValue !== 6 || !tf.getKernel('Relu6Grad', tf.getBackend())) return call.call(this, tensors, settings)
    return tf.relu6(Array.isArray(tensors) ? tensors[0]! : tensors)
  }
}
