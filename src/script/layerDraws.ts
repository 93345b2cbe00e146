/** The random numbers of layers in training. */
import { createRandom, mixSeed } from './random.ts'

/** The seed of the current step, from which random layers draw. */
let drawSeed = 1

/** Sets the step for which random layers draw from now on. */
export function seedDraws(seed: number, step: number): void {
  drawSeed = mixSeed(seed, step)
}

/** Draws normally distributed numbers for a layer, by its index among the random layers (Box and Muller, 1958). */
export function drawNormals(place: number, count: number, mean: number, deviation: number): Float32Array {
  const draw = drawsOf(place)
  const drawOne = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  return Float32Array.from({ length: count }, () => mean + deviation * drawOne())
}

/** Returns a generator of uniform numbers in [0, 1) for a layer, by its index among the random layers. */
export function drawsOf(place: number): () => number {
  const random = createRandom(mixSeed(drawSeed, mixSeed(place, 0)))
  // 24 bits, so float32 never rounds up to 1.
  return () => Math.floor(random() * 2 ** 24) / 2 ** 24
}
