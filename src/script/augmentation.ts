/** Augmentations: random changes of training samples. */
import { createRandom, mixSeed } from './random.ts'
import type { Samples } from './samples.ts'

/** Changes an image at random, so each epoch trains on other versions of it. */
export interface Augmentation {
  readonly name: string

  /**
   * Changes one image in place.
   *
   * @param image Values from 0 to 1, row by row, the channels of a pixel side by side.
   * @param random Returns numbers for this image, uniform in [0, 1).
   */
  apply(image: Float32Array, shape: ImageShape, random: () => number): void
}

/** Height, width, channels. */
export type ImageShape = readonly [number, number, number]

/** Changes the samples of training batches in place. */
export interface SampleChange {
  /** Whether it mixes the samples of a batch, and their labels: it then needs whole batches. */
  readonly mixes?: boolean

  /**
   * @param inputs The concatenated samples of the batch.
   * @param sampleShape The shape of one sample.
   * @param indices The index of each sample among all training samples.
   * @param seed The seed of the run.
   * @param step The number of the step, counted over all epochs.
   * @param labels For changes that mix: a row of class fractions per sample, or its value.
   */
  apply(
    inputs: Float32Array,
    sampleShape: readonly number[],
    indices: Int32Array,
    seed: number,
    step: number,
    labels?: Float32Array,
  ): void
}

/**
 * Applies all augmentations in turn to each image of a batch. The random numbers depend only on the run's seed, the step
 * and the index of the sample.
 *
 * @param place The number of augmentations before these, so no two of them draw the same numbers.
 */
export function augmentImages(augmentations: readonly Augmentation[], place = 0): SampleChange {
  return {
    apply(inputs, sampleShape, indices, seed, step) {
      const shape = sampleShape as ImageShape
      const size = shape[0] * shape[1] * shape[2]
      for (let row = 0; row < indices.length; row++) {
        const image = inputs.subarray(row * size, (row + 1) * size)
        for (const [number, augmentation] of augmentations.entries()) {
          augmentation.apply(image, shape, createRandom(mixSeed(seed, step, indices[row]!, place + number)))
        }
      }
    },
  }
}

/** Combines changes: applies one after the other. */
export function changeInTurn(changes: readonly SampleChange[]): SampleChange {
  return {
    mixes: changes.some(({ mixes }) => mixes),
    apply: (...batch) => {
      for (const change of changes) change.apply(...batch)
    },
  }
}

/** The labels as one-hot rows [samples, classes], which changes may mix. */
export function partsOfClasses({ labels }: Samples, indices: Int32Array, classes: number): Float32Array {
  const parts = new Float32Array(indices.length * classes)
  for (const [row, index] of indices.entries()) parts[row * classes + labels[index]!] = 1
  return parts
}
