import * as tf from '@tensorflow/tfjs'
import type { Gradient } from './replaceGradient.ts'

/** The gradient of unstacking a single tensor, for which the stock one throws: it gets that tensor's gradient for a list. */
export const unstackGradient: Gradient = (dy, _saved, attrs) => {
  if (Array.isArray(dy)) return null
  const { axis } = attrs as unknown as { readonly axis: number }
  return { value: () => tf.expandDims(dy, axis) }
}
