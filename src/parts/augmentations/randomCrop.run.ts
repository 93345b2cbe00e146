import { type Augmentation } from '../../script/augmentation.ts'

export interface RandomCropOptions {
  /** The pixels added at each side. */
  readonly padding: number
}

/**
 * Pads the image with `padding` black pixels at each side and crops it to its original size at a random position, which
 * shifts it by up to `padding` pixels (torchvision.transforms.RandomCrop).
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
