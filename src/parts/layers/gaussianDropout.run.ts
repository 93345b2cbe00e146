import * as tf from '@tensorflow/tfjs'
import { drawNormals } from '../../script/layerDraws.ts'

/** tf.layers.gaussianDropout with the factors of the step, which follow from the seed; `place` is its index among random layers. */
export function seededGaussianDropout(options: { rate: number; name?: string }, place: number): tf.layers.Layer {
  const layer = tf.layers.gaussianDropout(options)
  const deviation = Math.sqrt(options.rate / (1 - options.rate))
  layer.call = (inputs, settings) => {
    const values = [inputs].flat()[0]!
    if (settings['training'] !== true) return values
    const factors = drawNormals(place, values.size, 1, deviation)
    return tf.tidy(() => tf.mul(values, tf.tensor(factors, values.shape)))
  }
  return layer
}
