/** What random layers draw in training. */
import { createRandom, mixSeed } from './random.ts'

/** The seed of the step under way: random layers draw from it. */
const drawing = { seed: 1 }

/** Has random layers draw for a step from here on. */
export function seedDraws(seed: number, step: number): void {
  drawing.seed = mixSeed(seed, step)
}

/** Uniform numbers in [0, 1) for the layer at that place among the random ones. */
export function drawsOf(place: number): () => number {
  const random = createRandom(mixSeed(drawing.seed, mixSeed(place, 0)))
  // 24 bits, so that none is rounded up to 1 in float32.
  return () => Math.floor(random() * 2 ** 24) / 2 ** 24
}
