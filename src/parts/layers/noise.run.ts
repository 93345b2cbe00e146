/** Seeded layers of noise and dropout. */
import * as tf from '@tensorflow/tfjs'
import { Draws } from '../../script/draws.ts'
import { type DrawingLayer } from '../../patches/randomLayers.ts'
import type { FactoryOptions } from './preprocessing.run.ts'

/** Applies random noise to a batch. */
type Disturbance = (batch: tf.Tensor, draws: Draws) => tf.Tensor

/** The option `seed`, used when there is no training step that sets the seed. */
export interface Seeded {
  readonly seed: number
}

/** tf.layers.gaussianNoise with a seed; the stock layer draws other numbers in every run. */
export function gaussianNoiseLayer({
  seed,
  ...options
}: FactoryOptions<typeof tf.layers.gaussianNoise> & Seeded): tf.layers.Layer {
  return seededLayer(tf.layers.gaussianNoise(options), seed, (batch, draws) =>
    batch.add(draws.normal(batch.shape, 0, options.stddev)),
  )
}

/** tf.layers.gaussianDropout with a seed. */
export function gaussianDropoutLayer({
  seed,
  ...options
}: FactoryOptions<typeof tf.layers.gaussianDropout> & Seeded): tf.layers.Layer {
  const deviation = Math.sqrt(options.rate / (1 - options.rate))
  return seededLayer(tf.layers.gaussianDropout(options), seed, (batch, draws) =>
    batch.mul(draws.normal(batch.shape, 1, deviation)),
  )
}

/**
 * tf.layers.alphaDropout with a seed (Klambauer et al., 2017, section 3). The stock layer also gives dropped values the wrong
 * sign, which changes their mean.
 */
export function alphaDropoutLayer({
  seed,
  ...options
}: FactoryOptions<typeof tf.layers.alphaDropout> & Seeded): tf.layers.Layer {
  const { rate, noiseShape } = options
  /** The limit of selu for values far below zero. */
  const lowest = -1.6732632423543772 * 1.0507009873554805
  const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * lowest ** 2))
  return seededLayer(tf.layers.alphaDropout(options), seed, (batch, draws) => {
    const shape = (noiseShape ?? batch.shape) as number[]
    const kept = draws.uniform(shape).greaterEqual(rate).cast('float32')
    return batch
      .mul(kept)
      .add(kept.sub(1).mul(-lowest))
      .mul(scale)
      .add(-scale * lowest * rate)
  })
}

/** Replaces the computation of a layer by seeded noise in training. */
function seededLayer(layer: tf.layers.Layer, seed: number, disturb: Disturbance): tf.layers.Layer {
  const drawing: tf.layers.Layer & DrawingLayer = Object.assign(layer, { draws: undefined })
  drawing.call = (tensors, settings) => {
    const batch = Array.isArray(tensors) ? tensors[0]! : tensors
    if (settings['training'] !== true) return batch
    return tf.tidy(() => disturb(batch, drawing.draws ?? new Draws(seed)))
  }
  return drawing
}
