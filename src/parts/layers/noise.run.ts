import * as tf from '@tensorflow/tfjs'
import { Draws } from '../../script/draws.ts'
import { type DrawingLayer } from '../../patches/randomLayers.ts'
import type { FactoryOptions } from './preprocessing.run.ts'

/** Draws what a batch is multiplied by, or what is added to it. */
type Disturbance = (batch: tf.Tensor, draws: Draws) => tf.Tensor

/** A seed for where no training gives one to each step. */
export interface Seeded {
  readonly seed: number
}

/** tf.layers.gaussianNoise, drawing from a seed: the stock layer draws other numbers in every run. */
export function gaussianNoiseLayer({
  seed,
  ...options
}: FactoryOptions<typeof tf.layers.gaussianNoise> & Seeded): tf.layers.Layer {
  return seededLayer(tf.layers.gaussianNoise(options), seed, (batch, draws) =>
    batch.add(draws.normal(batch.shape, 0, options.stddev)),
  )
}

/** tf.layers.gaussianDropout, drawing from a seed. */
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
 * tf.layers.alphaDropout, drawing from a seed (Klambauer et al., 2017, section 3). The stock layer also gives dropped
 * values the wrong sign, so that their mean is not kept.
 */
export function alphaDropoutLayer({
  seed,
  ...options
}: FactoryOptions<typeof tf.layers.alphaDropout> & Seeded): tf.layers.Layer {
  const { rate, noiseShape } = options
  /** What selu gives for values far below zero. */
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

/** The layer, disturbing what it is given in training. */
function seededLayer(layer: tf.layers.Layer, seed: number, disturb: Disturbance): tf.layers.Layer {
  const drawing: tf.layers.Layer & DrawingLayer = Object.assign(layer, { draws: undefined })
  drawing.call = (tensors, settings) => {
    const batch = Array.isArray(tensors) ? tensors[0]! : tensors
    if (settings['training'] !== true) return batch
    return tf.tidy(() => disturb(batch, drawing.draws ?? new Draws(seed)))
  }
  return drawing
}
