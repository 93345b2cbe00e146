/**
 * Lets the layers of tf.layers that draw in training draw from the seed of the step: stock ones draw the same mask
 * in every step if they have a seed, and other masks in every run if they have none.
 *
 * Upstream: none found; `dropout` in ops/dropout.ts of tfjs-core 4.22 makes a new generator from the same seed at
 *   each call
 * Test: test/runtime/recurrentDropout.test.ts
 * Until: layers take a generator, or a seed for each step
 */
import * as tf from '@tensorflow/tfjs'
import { Draws } from '../script/draws.ts'

/** What draws random numbers in training. */
interface RandomPart {
  /** Whether a record of a step can draw for it: false where other kernels run for other numbers. */
  readonly canRepeat: boolean
  /** Takes its numbers from there from here on; each use in a step draws anew. */
  drawFrom(draws: Draws): void
  /** Goes back to numbers of its own. */
  forget(): void
}

/**
 * Lets each part of a network that draws random numbers in training (dropout) draw what follows from a seed and the part's
 * place. Without this, tfjs draws from a seeded layer the same numbers in every step, and from an unseeded one other numbers
 * in every run.
 *
 * @param seed That of one step, int32. A tensor is read when numbers are drawn.
 */
export function seedRandomLayers(model: tf.LayersModel, seed: tf.Scalar | number): void {
  for (const [index, part] of findRandomParts(model).entries()) part.drawFrom(new Draws(seed, index))
}

/** Lets all parts draw numbers of their own again, as they did before `seedRandomLayers`. */
export function forgetSeeds(model: tf.LayersModel): void {
  for (const part of findRandomParts(model)) part.forget()
}

/** Whether a step that is recorded once runs the same kernels in every other. */
export function canRepeatSteps(model: tf.LayersModel): boolean {
  return findRandomParts(model).every(({ canRepeat }) => canRepeat)
}

/**
 * In the order in which the layers were made, which is that of the spec: tfjs lists them by their depth. Nested models and
 * layers that wrap a layer are looked into.
 */
function findRandomParts(model: tf.LayersModel): RandomPart[] {
  return model.layers.toSorted((one, other) => one.id - other.id).flatMap(findRandomPartsIn)
}

function findRandomPartsIn(layer: tf.layers.Layer): RandomPart[] {
  if (layer instanceof tf.LayersModel) return findRandomParts(layer)
  const held = ['layer', 'forwardLayer', 'backwardLayer'].flatMap((place) => {
    const one = (layer as unknown as Record<string, unknown>)[place]
    return one instanceof tf.layers.Layer ? findRandomPartsIn(one) : []
  })
  const cells = 'cell' in layer ? [masksOf(layer.cell as DroppingCell)] : []
  return [...ownPart(layer), ...cells, ...held]
}

function ownPart(layer: tf.layers.Layer): RandomPart[] {
  if (isDrawing(layer)) return [drawsOf(layer)]
  if (isDropout(layer)) return [dropsOf(layer)]
  return hasGenerator(layer) ? [generatorOf(layer)] : []
}

/** A recurrent cell, as tf.layers makes it: by default it draws what it drops without a seed. */
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

/** The dropout layers of tf.layers, spatial too. */
interface DropoutLayer {
  readonly rate: number
  /** Undefined for the shape of the input. */
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
      // That of its class shows again.
      delete (layer as Partial<DropoutLayer>).call
    },
  }
}

/** A layer of ours that draws; by default, from its own seed. */
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

/** A layer of tf.layers whose output's shape is drawn: randomWidth. */
interface GeneratingLayer {
  randomGenerator: Generator
}

interface Generator {
  readonly seed: number
  next(): number
  /** That whose place this one takes. */
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
