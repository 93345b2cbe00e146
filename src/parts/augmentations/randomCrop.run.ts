import { type Augmentation } from '../../script/augmentation.ts'

export interface RandomCropOptions {
  /** Pixels at each side. */
  readonly padding: number
}

/**
 * Puts black around the image, `padding` pixels at each side, and cuts out of that an image of the size that it had, at a
 * place of which all are equally likely: it moves by up to so many pixels (torchvision.transforms.RandomCrop).
 */
export function randomCrop({ padding }: RandomCropOptions): Augmentation {
  let before = new Float32Array(0)
  return {
    name: 'randomCrop',
    apply(image, [height, width, channels], random) {
      const down = Math.floor(random() * (2 * padding + 1)) - padding
      const right = Math.floor(random() * (2 * padding + 1)) - padding
      if (before.length !== image.length) before = new Float32Array(image.length)
      before.set(image)
      image.fill(0)
      const first = Math.max(0, -right)
      const last = Math.min(width, width - right)
      for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
        const from = ((y + down) * width + first + right) * channels
        image.set(before.subarray(from, from + (last - first) * channels), (y * width + first) * channels)
      }
    },
  }
}
