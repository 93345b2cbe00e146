import * as tf from '@tensorflow/tfjs'
import { drawsOf } from '../../script/layerDraws.ts'

/** tf.layers.dropout with a new mask in each step, unlike the stock layer; `place` is its index among random layers. */
export function seededDropout(options: { rate: number; name?: string }, place: number): tf.layers.Layer {
  const layer = tf.layers.dropout(options)
  layer.call = (inputs, settings) => {
    const values = [inputs].flat()[0]!
    if (settings['training'] !== true) return values
    const draw = drawsOf(place)
    const factor = 1 / (1 - options.rate)
    const factors = Float32Array.from({ length: values.size }, () => (draw() >= options.rate ? factor : 0))
    return tf.tidy(() => tf.mul(values, tf.tensor(factors, values.shape)))
  }
  return layer
}
