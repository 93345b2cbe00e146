/** Augmentations: training samples that are changed at random. */
import { createRandom, mixSeed } from './random.ts'
import type { Samples } from './samples.ts'

/** Changes images at random, so that a network never sees one twice the same. */
export interface Augmentation {
  readonly name: string

  /**
   * Changes one image in place.
   *
   * @param image Row by row, the channels of a pixel side by side; from 0 to 1.
   * @param random Numbers of this image's own, uniform in [0, 1).
   */
  apply(image: Float32Array, shape: ImageShape, random: () => number): void
}

/** Height, width, channels. */
export type ImageShape = readonly [number, number, number]

/** Changes the samples of training batches in place. */
export interface SampleChange {
  /** Whether it changes samples by others of their batch, and labels with them: then it is given whole batches. */
  readonly mixes?: boolean

  /**
   * @param inputs The samples one after the other, as many as `numbers` has.
   * @param sampleShape The shape of one.
   * @param numbers The numbers of the samples among all training samples.
   * @param seed The run's.
   * @param step Counts over all epochs.
   * @param labels Where it mixes: of each sample a row with the part of each class, or its value.
   */
  apply(
    inputs: Float32Array,
    sampleShape: readonly number[],
    numbers: Int32Array,
    seed: number,
    step: number,
    labels?: Float32Array,
  ): void
}

/**
 * Changes each image of a batch by all augmentations in turn. What is drawn follows from the run's seed, the step and the
 * number of the sample alone.
 *
 * @param place How many augmentations come before, so that none draws what another does.
 */
export function augmentImages(augmentations: readonly Augmentation[], place = 0): SampleChange {
  return {
    apply(inputs, sampleShape, numbers, seed, step) {
      const shape = sampleShape as ImageShape
      const size = shape[0] * shape[1] * shape[2]
      for (let row = 0; row < numbers.length; row++) {
        const image = inputs.subarray(row * size, (row + 1) * size)
        for (const [index, augmentation] of augmentations.entries()) {
          augmentation.apply(image, shape, createRandom(mixSeed(seed, step, numbers[row]!, place + index)))
        }
      }
    },
  }
}

/** All changes, one after the other. */
export function changeInTurn(changes: readonly SampleChange[]): SampleChange {
  return {
    mixes: changes.some(({ mixes }) => mixes),
    apply: (...batch) => {
      for (const change of changes) change.apply(...batch)
    },
  }
}

/** A row for each sample with the part of each class, which changes may mix. */
export function partsOfClasses({ labels }: Samples, numbers: Int32Array, classes: number): Float32Array {
  const parts = new Float32Array(numbers.length * classes)
  for (const [row, number] of numbers.entries()) parts[row * classes + labels[number]!] = 1
  return parts
}
