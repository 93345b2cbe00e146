import * as tf from '@tensorflow/tfjs'
import { drawNormals } from '../../script/layerDraws.ts'

/** tf.layers.gaussianNoise with the numbers of the step, which follow from the seed; `place` is its index among random layers. */
export function seededGaussianNoise(options: { stddev: number; name?: string }, place: number): tf.layers.Layer {
  const layer = tf.layers.gaussianNoise(options)
  layer.call = (inputs, settings) => {
    const values = [inputs].flat()[0]!
    if (settings['training'] !== true) return values
    const noise = drawNormals(place, values.size, 0, options.stddev)
    return tf.tidy(() => tf.add(values, tf.tensor(noise, values.shape)))
  }
  return layer
}
