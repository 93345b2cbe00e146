import { type Augmentation } from '../../script/augmentation.ts'

export interface CutoutOptions {
  /** Height and width of the square, in pixels. */
  readonly size: number
}

/**
 * Blackens a square around a random pixel; the part of the square outside the image is ignored (DeVries and Taylor, 2017,
 * https://arxiv.org/abs/1708.04552).
 */
export function cutout({ size }: CutoutOptions): Augmentation {
  return {
    name: 'cutout',
    apply(image, [height, width, channels], random) {
      const top = Math.floor(random() * height) - Math.floor(size / 2)
      const left = Math.floor(random() * width) - Math.floor(size / 2)
      const first = Math.max(0, left) * channels
      const last = Math.min(width, left + size) * channels
      for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
        image.fill(0, y * width * channels + first, y * width * channels + last)
      }
    },
  }
}
