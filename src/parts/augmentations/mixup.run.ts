/** Mixup: convex combinations of the samples of a batch. */
import { createRandom, mixSeed, shuffledIndices } from '../../script/random.ts'
import { type SampleChange } from '../../script/augmentation.ts'

export interface MixupOptions {
  readonly alpha?: number
}

/**
 * Replaces each sample by part * sample + (1 - part) * another sample of its batch, and its label likewise, with part drawn
 * from Beta(alpha, alpha) (Zhang et al., 2018, https://arxiv.org/abs/1710.09412). As in keras.layers.MixUp, each sample
 * has its own part, and the other samples are a permutation of the batch. Both depend only on the run's seed, the step and
 * the index of the sample.
 */
export function mixup({ alpha = 0.2 }: MixupOptions = {}): SampleChange {
  return {
    mixes: true,
    apply(inputs, _shape, indices, seed, step, labels) {
      const others = shuffledIndices(indices.length, mixSeed(seed, ownDraws), step)
      const parts = Array.from(indices, (index) => drawBeta(alpha, createRandom(mixSeed(seed, ownDraws, step, index))))
      mixRows(inputs, others, parts)
      if (labels) mixRows(labels, others, parts)
    },
  }
}

/** Part of the seed, so mixup draws other numbers than other augmentations. */
const ownDraws = 0x6d697870

function mixRows(rows: Float32Array, others: Int32Array, parts: readonly number[]): void {
  const before = rows.slice()
  const size = rows.length / parts.length
  for (const [row, part] of parts.entries()) {
    const [own, other] = [row * size, others[row]! * size]
    for (let index = 0; index < size; index++) {
      rows[own + index] = part * before[own + index]! + (1 - part) * before[other + index]!
    }
  }
}

/** X / (X + Y) for X, Y from Gamma(alpha, 1), computed by logarithms: with a small alpha, both are often close to 0. */
function drawBeta(alpha: number, random: () => number): number {
  return 1 / (1 + Math.exp(drawLogGamma(alpha, random) - drawLogGamma(alpha, random)))
}

/**
 * Draws the logarithm of a number from Gamma(alpha, 1): by Marsaglia and Tsang, 2000, A simple method for generating gamma
 * variables, for alpha + 1, times U^(1 / alpha).
 */
function drawLogGamma(alpha: number, random: () => number): number {
  const d = alpha + 2 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const cube = (1 + c * normal) ** 3
    if (cube <= 0) continue
    if (Math.log(1 - random()) < normal ** 2 / 2 + d - d * cube + d * Math.log(cube)) {
      return Math.log(d * cube) + Math.log(1 - random()) / alpha
    }
  }
}
