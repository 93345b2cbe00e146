/**
 * Lets random layers of tf.layers draw from the seed of the step: stock layers with a seed draw the same mask in every
 * step, and those without a seed draw other masks in every run.
 *
 * Upstream: none found; `dropout` in ops/dropout.ts of tfjs-core 4.22 creates a new generator from the same seed in
 *   each call
 * Test: test/runtime/recurrentDropout.test.ts
 * Until: layers accept a generator, or a seed per step
 */
import * as tf from '@tensorflow/tfjs'
import { Draws } from '../script/draws.ts'

/** Something in a network that draws random numbers in training. */
interface RandomPart {
  /** Whether a recorded step can be replayed: false if other random numbers need other kernel calls. */
  readonly canRepeat: boolean
  /** Draws from `draws` from now on; each use in a step draws new numbers. */
  drawFrom(draws: Draws): void
  /** Draws its own numbers again. */
  forget(): void
}

/**
 * Lets each random part of a network (such as dropout) draw numbers that are determined by a seed and the index of the part.
 * Without it, seeded layers of tfjs draw the same numbers in every step, and unseeded ones other numbers in every run.
 *
 * @param seed The int32 seed of one step. A tensor is read when numbers are drawn.
 */
export function seedRandomLayers(model: tf.LayersModel, seed: tf.Scalar | number): void {
  for (const [index, part] of findRandomParts(model).entries()) part.drawFrom(new Draws(seed, index))
}

/** Lets all random parts draw their own numbers again, as before `seedRandomLayers`. */
export function forgetSeeds(model: tf.LayersModel): void {
  for (const part of findRandomParts(model)) part.forget()
}

/** Whether a recorded step of the model can be replayed: each step runs the same kernels. */
export function canRepeatSteps(model: tf.LayersModel): boolean {
  return findRandomParts(model).every(({ canRepeat }) => canRepeat)
}

/**
 * The random parts in the order in which the layers were created, which is the order of the spec (tfjs lists layers by
 * depth), including those of nested models and wrapped layers.
 */
function findRandomParts(model: tf.LayersModel): RandomPart[] {
  return model.layers.toSorted((one, other) => one.id - other.id).flatMap(findRandomPartsIn)
}

function findRandomPartsIn(layer: tf.layers.Layer): RandomPart[] {
  if (layer instanceof tf.LayersModel) return findRandomParts(layer)
  const inner = ['layer', 'forwardLayer', 'backwardLayer'].flatMap((place) => {
    const wrapped = (layer as unknown as Record<string, unknown>)[place]
    return wrapped instanceof tf.layers.Layer ? findRandomPartsIn(wrapped) : []
  })
  const cells = 'cell' in layer ? [masksOf(layer.cell as DroppingCell)] : []
  return [...ownPart(layer), ...cells, ...inner]
}

function ownPart(layer: tf.layers.Layer): RandomPart[] {
  if (isDrawing(layer)) return [drawsOf(layer)]
  if (isDropout(layer)) return [dropsOf(layer)]
  return hasGenerator(layer) ? [generatorOf(layer)] : []
}

/** A recurrent cell of tf.layers. By default its dropout has no seed. */
interface DroppingCell {
  dropoutFunc?: ((values: tf.Tensor, rate: number) => tf.Tensor) | undefined
}

function masksOf(cell: DroppingCell): RandomPart {
  return {
    canRepeat: true,
    drawFrom(draws) {
      cell.dropoutFunc = (values, rate) => draws.drop(values, rate)
    },
    forget() {
      cell.dropoutFunc = undefined
    },
  }
}

/** A dropout layer of tf.layers, including spatial dropout. */
interface DropoutLayer {
  readonly rate: number
  /** The shape of the mask; undefined for the shape of the input. */
  getNoiseShape(values: tf.Tensor): number[] | undefined
  call: tf.layers.Layer['call']
}

function isDropout(layer: object): layer is DropoutLayer {
  return 'getNoiseShape' in layer && 'rate' in layer
}

function dropsOf(layer: DropoutLayer): RandomPart {
  return {
    canRepeat: true,
    drawFrom(draws) {
      layer.call = (tensors, settings) => {
        const values = Array.isArray(tensors) ? tensors[0]! : tensors
        if (settings['training'] !== true || layer.rate === 0) return values
        return tf.tidy(() => draws.drop(values, layer.rate, layer.getNoiseShape(values)))
      }
    },
    forget() {
      // Deleting the override exposes the method of the class again.
      delete (layer as Partial<DropoutLayer>).call
    },
  }
}

/** A random layer of this package. By default it draws from its own seed. */
export interface DrawingLayer {
  draws: Draws | undefined
}

function isDrawing(layer: object): layer is DrawingLayer {
  return 'draws' in layer
}

function drawsOf(layer: DrawingLayer): RandomPart {
  return {
    canRepeat: true,
    drawFrom(draws) {
      layer.draws = draws
    },
    forget() {
      layer.draws = undefined
    },
  }
}

/** A layer of tf.layers whose output shape is random: randomWidth. */
interface GeneratingLayer {
  randomGenerator: Generator
}

interface Generator {
  readonly seed: number
  next(): number
  /** The layer's own generator, which this one replaces. */
  readonly own?: Generator
}

function hasGenerator(layer: object): layer is GeneratingLayer {
  return 'randomGenerator' in layer
}

function generatorOf(layer: GeneratingLayer): RandomPart {
  const own = layer.randomGenerator.own ?? layer.randomGenerator
  return {
    canRepeat: false,
    drawFrom(draws) {
      layer.randomGenerator = { seed: own.seed, own, next: () => 1 + Math.floor(draws.number() * 0x7fffffff) }
    },
    forget() {
      layer.randomGenerator = own
    },
  }
}
