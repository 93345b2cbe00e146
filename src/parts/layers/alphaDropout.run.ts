import * as tf from '@tensorflow/tfjs'
import { drawsOf } from '../../script/layerDraws.ts'

/**
 * tf.layers.alphaDropout (Klambauer et al., 2017, section 3) with the mask of the step, which follows from the seed; `place`
 * is its index among random layers. The stock layer gives dropped values the wrong sign.
 */
export function seededAlphaDropout(options: { rate: number; name?: string }, place: number): tf.layers.Layer {
  const layer = tf.layers.alphaDropout(options)
  const { rate } = options
  const lowest = -1.6732632423543772 * 1.0507009873554805 // the limit of selu for values far below zero
  const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * lowest ** 2))
  layer.call = (inputs, settings) => {
    const values = [inputs].flat()[0]!
    if (settings['training'] !== true) return values
    const draw = drawsOf(place)
    const mask = Float32Array.from({ length: values.size }, () => (draw() >= Math.fround(rate) ? 1 : 0))
    return tf.tidy(() => {
      const kept = tf.tensor(mask, values.shape)
      const filled = tf.add(tf.mul(values, kept), tf.mul(tf.sub(1, kept), lowest))
      return tf.add(tf.mul(filled, scale), -scale * lowest * rate)
    })
  }
  return layer
}
