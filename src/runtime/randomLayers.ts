import * as tf from '@tensorflow/tfjs'
import { mixSeed } from './random.ts'

/** A layer that draws random numbers in training, and where it begins. */
interface SeededLayer {
  seed: number | undefined
}

/**
 * Gives each layer that draws random numbers in training (dropout) a new seed, derived from the run's seed, the layer's
 * place and the step. Without this, tfjs draws from a seeded layer the same numbers in every step, and from an unseeded
 * one other numbers in every run.
 *
 * @param step Counts over all epochs.
 */
export function reseedRandomLayers(model: tf.LayersModel, seed: number, step: number): void {
  for (const [index, layer] of findSeededLayers(model).entries()) layer.seed = mixSeed(seed, index, step)
}

/** The seeds that the layers have now, as a function which puts them back, so that a saved model shows its own. */
export function rememberSeeds(model: tf.LayersModel): () => void {
  const remembered = findSeededLayers(model).map((layer) => ({ layer, seed: layer.seed }))
  return () => {
    for (const { layer, seed } of remembered) layer.seed = seed
  }
}

/** In the order of the model, looking into nested models and into layers that wrap a layer. */
function findSeededLayers(model: tf.LayersModel): SeededLayer[] {
  return model.layers.flatMap(findSeededLayersIn)
}

function findSeededLayersIn(layer: tf.layers.Layer): SeededLayer[] {
  if (layer instanceof tf.LayersModel) return findSeededLayers(layer)
  const held = ['layer', 'forwardLayer', 'backwardLayer'].flatMap((place) => {
    const one = (layer as unknown as Record<string, unknown>)[place]
    return one instanceof tf.layers.Layer ? findSeededLayersIn(one) : []
  })
  const cells = 'cell' in layer ? [seedCell(layer.cell as DroppingCell)] : []
  return [...(isSeededLayer(layer) ? [layer] : []), ...cells, ...held]
}

/** A recurrent cell, as tf.layers makes it: by default it draws what it drops without a seed. */
interface DroppingCell {
  dropoutFunc?: ((values: tf.Tensor, rate: number) => tf.Tensor) | undefined
}

/** The cell as a layer with a seed: each mask that it draws in a step follows from it. */
function seedCell(cell: DroppingCell): SeededLayer {
  return {
    get seed() {
      return undefined
    },
    set seed(seed: number | undefined) {
      let drawn = 0
      cell.dropoutFunc =
        seed === undefined
          ? undefined
          : (values, rate) => tf.dropout(values, rate, undefined, mixSeed(seed, (drawn += 1)))
    },
  }
}

function isSeededLayer(layer: object): layer is SeededLayer {
  return 'seed' in layer
}
