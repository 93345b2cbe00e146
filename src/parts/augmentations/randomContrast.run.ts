import { type Augmentation } from '../../script/augmentation.ts'

export interface RandomContrastOptions {
  readonly factor: number
}

/**
 * Multiplies the difference of each value from its channel's mean by a number, uniform in [1 - factor, 1 + factor], and
 * clips the result to [0, 1] (keras.layers.RandomContrast).
 */
export function randomContrast({ factor }: RandomContrastOptions): Augmentation {
  return {
    name: 'randomContrast',
    apply(image, [height, width, channels], random) {
      const scale = 1 + (2 * random() - 1) * factor
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0
        for (let element = channel; element < image.length; element += channels) sum += image[element]!
        const mean = sum / (height * width)
        for (let element = channel; element < image.length; element += channels) {
          image[element] = Math.min(1, Math.max(0, mean + (image[element]! - mean) * scale))
        }
      }
    },
  }
}
