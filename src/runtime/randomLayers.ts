import * as tf from '@tensorflow/tfjs'
import { mixSeed } from './random.ts'

/** What draws random numbers in training. */
interface RandomPart {
  /** Whatever is drawn from here on follows from the seed; each use in a step draws anew. */
  reseed(seed: number): void
  /** @returns What brings back the state of now. */
  remember(): () => void
}

/**
 * Gives each layer that draws random numbers in training (dropout) a new seed, derived from the run's seed, the layer's
 * place and the step. Without this, tfjs draws from a seeded layer the same numbers in every step, and from an unseeded
 * one other numbers in every run.
 *
 * @param step Counts over all epochs.
 */
export function reseedRandomLayers(model: tf.LayersModel, seed: number, step: number): void {
  for (const [index, part] of findRandomParts(model).entries()) part.reseed(mixSeed(seed, index, step))
}

/** The seeds that the layers have now, as a function which puts them back, so that a saved model shows its own. */
export function rememberSeeds(model: tf.LayersModel): () => void {
  const restore = findRandomParts(model).map((part) => part.remember())
  return () => {
    for (const one of restore) one()
  }
}

/** In the order of the model, looking into nested models and into layers that wrap a layer. */
function findRandomParts(model: tf.LayersModel): RandomPart[] {
  return model.layers.flatMap(findRandomPartsIn)
}

function findRandomPartsIn(layer: tf.layers.Layer): RandomPart[] {
  if (layer instanceof tf.LayersModel) return findRandomParts(layer)
  const held = ['layer', 'forwardLayer', 'backwardLayer'].flatMap((place) => {
    const one = (layer as unknown as Record<string, unknown>)[place]
    return one instanceof tf.layers.Layer ? findRandomPartsIn(one) : []
  })
  const cells = 'cell' in layer ? [masksOf(layer.cell as DroppingCell)] : []
  return [...(isSeededLayer(layer) ? [usesOf(layer)] : []), ...cells, ...held]
}

/** A recurrent cell, as tf.layers makes it: by default it draws what it drops without a seed. */
interface DroppingCell {
  dropoutFunc?: ((values: tf.Tensor, rate: number) => tf.Tensor) | undefined
}

/** Each mask that the cell draws in a step follows from the seed. */
function masksOf(cell: DroppingCell): RandomPart {
  return {
    reseed(seed) {
      let drawn = 0
      cell.dropoutFunc = (values, rate) => tf.dropout(values, rate, undefined, mixSeed(seed, (drawn += 1)))
    },
    remember: () => () => {
      cell.dropoutFunc = undefined
    },
  }
}

/** A layer that reads its seed once wherever it is used. */
interface SeededLayer {
  seed: number | undefined
}

/**
 * Each use of the layer in a step has a seed of its own, the first the given one: with one for all, a layer that is applied
 * twice, or to each step of a sequence, would draw the same numbers again.
 */
function usesOf(layer: SeededLayer): RandomPart {
  const define = (property: PropertyDescriptor): void => {
    Object.defineProperty(layer, 'seed', { ...property, configurable: true, enumerable: true })
  }
  return {
    reseed(seed) {
      let uses = 0
      define({ get: () => (uses++ === 0 ? seed : mixSeed(seed, uses)) })
    },
    remember() {
      const value = layer.seed
      return () => define({ value, writable: true })
    },
  }
}

function isSeededLayer(layer: object): layer is SeededLayer {
  return 'seed' in layer
}
