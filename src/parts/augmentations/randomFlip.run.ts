import { type Augmentation } from '../../script/augmentation.ts'

export interface RandomFlipOptions {
  readonly mode?: 'horizontal' | 'vertical' | 'horizontalAndVertical'
}

/** Flips an image with probability 1/2, along each axis of `mode` independently (keras.layers.RandomFlip). */
export function randomFlip({ mode = 'horizontal' }: RandomFlipOptions = {}): Augmentation {
  return {
    name: 'randomFlip',
    apply(image, [height, width, channels], random) {
      const row = width * channels
      if (mode !== 'vertical' && random() < 0.5) {
        for (let start = 0; start < height * row; start += row) reverseBlocks(image, start, width, channels)
      }
      if (mode !== 'horizontal' && random() < 0.5) reverseBlocks(image, 0, height, row)
    },
  }
}

/** Reverses the order of `count` contiguous blocks of the given length. */
function reverseBlocks(image: Float32Array, start: number, count: number, length: number): void {
  for (let first = start, last = start + (count - 1) * length; first < last; first += length, last -= length) {
    for (let element = 0; element < length; element++) {
      const moved = image[first + element]!
      image[first + element] = image[last + element]!
      image[last + element] = moved
    }
  }
}
