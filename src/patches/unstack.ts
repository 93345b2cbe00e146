/**
 * Fixes the gradient of unstacking a single tensor, for which the stock gradient throws: it expects a list of gradients.
 *
 * Upstream: none found; Unpack_grad.ts of tfjs-core 4.22 calls `stack(dy)`, but dy is not a list if there is one
 *   output
 * Test: test/patches/gradients.test.ts
 * Until: Unpack_grad.ts accepts a single gradient
 */
import * as tf from '@tensorflow/tfjs'
import { replaceGradient, type Gradient } from './replaceGradient.ts'

export function fixUnstacking(): void {
  replaceGradient('Unpack', unstackGradient)
}

/** The gradient of unstacking; the stock one if there are several outputs. */
const unstackGradient: Gradient = (dy, _saved, attrs) => {
  if (Array.isArray(dy)) return null
  const { axis } = attrs as unknown as { readonly axis: number }
  return { value: () => tf.expandDims(dy, axis) }
}
