/**
 * Fixes the gradients of maximum and minimum if one tensor is broadcast: the stock gradients have the shape of the result.
 *
 * Upstream: none found; Maximum_grad.ts and Minimum_grad.ts of tfjs-core 4.22 never sum over the broadcast axes
 * Test: test/patches/stretchedExtremes.test.ts
 * Until: both files reduce over `getReductionAxes`, as Add_grad.ts does
 */
import * as tf from '@tensorflow/tfjs'
import { replaceGradient, type Gradient } from './replaceGradient.ts'

export function fixStretchedExtremes(): void {
  replaceGradient('Maximum', stretchedExtremeGradient('Maximum'))
  replaceGradient('Minimum', stretchedExtremeGradient('Minimum'))
}

/** The gradients of maximum or minimum. Of equal values, the first tensor gets the gradient. */
function stretchedExtremeGradient(kind: 'Maximum' | 'Minimum'): Gradient {
  return (dy, [a, b]) => {
    const [first, second] = [a as tf.Tensor, b as tf.Tensor]
    if (tf.util.arraysEqual(first.shape, second.shape)) return null
    const isFirst = () => (kind === 'Maximum' ? first.greaterEqual(second) : first.lessEqual(second))
    return {
      a: () => sumToShape(dy.mul(isFirst()), first.shape),
      b: () => sumToShape(dy.mul(isFirst().logicalNot()), second.shape),
    }
  }
}

/** Sums over the axes along which a tensor of that shape was broadcast. */
function sumToShape(values: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, values.shape)
  return (axes.length === 0 ? values : values.sum(axes)).reshape(shape)
}
