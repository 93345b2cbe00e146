import { type Augmentation } from '../../script/augmentation.ts'

export interface RandomBrightnessOptions {
  readonly factor: number
}

/** Adds a number, uniform in [-factor, factor], to the image and clips it to [0, 1] (keras.layers.RandomBrightness). */
export function randomBrightness({ factor }: RandomBrightnessOptions): Augmentation {
  return {
    name: 'randomBrightness',
    apply(image, _shape, random) {
      const added = (2 * random() - 1) * factor
      for (let element = 0; element < image.length; element++) {
        image[element] = Math.min(1, Math.max(0, image[element]! + added))
      }
    },
  }
}
