/**
 * Computes the gradient of clipping from whether it changed a value: a comparison less than the stock gradient. Clipping is
 * a part of the hard sigmoid, so recurrent layers differentiate it in each time step.
 *
 * Upstream: none; the stock gradient in ClipByValue_grad.ts of tfjs-core is correct, but compares with both limits
 * Test: test/patches/gradients.test.ts
 * Until: ClipByValue_grad.ts compares once
 */
import * as tf from '@tensorflow/tfjs'

export function simplifyClipping(): void {
  tf.unregisterGradient('ClipByValue')
  tf.registerGradient({
    kernelName: 'ClipByValue',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y]) => ({ x: () => tf.where(tf.equal(x!, y!), dy as tf.Tensor, tf.zerosLike(dy as tf.Tensor)) }),
  })
}
