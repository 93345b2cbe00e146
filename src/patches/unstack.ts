/**
 * Fixes the gradient of unstacking a single tensor, for which the stock one throws: it takes the one gradient for a
 * list.
 *
 * Upstream: none found; Unpack_grad.ts of tfjs-core 4.22 calls `stack(dy)`, and dy is no list where there is one
 *   output
 * Test: test/patches/gradients.test.ts
 * Until: Unpack_grad.ts accepts a single gradient
 */
import * as tf from '@tensorflow/tfjs'
import type { Gradient } from './replaceGradient.ts'

export const unstackGradient: Gradient = (dy, _saved, attrs) => {
  if (Array.isArray(dy)) return null
  const { axis } = attrs as unknown as { readonly axis: number }
  return { value: () => tf.expandDims(dy, axis) }
}
