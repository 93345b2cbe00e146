import { type Augmentation } from '../../script/augmentation.ts'

export interface RandomRotationOptions {
  readonly degrees: number
}

/**
 * Rotates the image around its center by an angle, uniform in [-degrees, degrees] and counterclockwise if positive, with
 * bilinear interpolation and black beyond the edges (torchvision.transforms.RandomRotation).
 */
export function randomRotation({ degrees }: RandomRotationOptions): Augmentation {
  let before = new Float32Array(0)
  return {
    name: 'randomRotation',
    apply(image, [height, width, channels], random) {
      const angle = ((2 * random() - 1) * degrees * Math.PI) / 180
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2]
      if (before.length !== image.length) before = new Float32Array(image.length)
      before.set(image)
      for (let y = 0, to = 0; y < height; y++) {
        for (let x = 0; x < width; x++, to += channels) {
          const fromX = middleX + cos * (x - middleX) - sin * (y - middleY)
          const fromY = middleY + sin * (x - middleX) + cos * (y - middleY)
          const left = Math.floor(fromX)
          const top = Math.floor(fromY)
          const [right, below] = [fromX - left, fromY - top]
          for (let channel = 0; channel < channels; channel++) {
            let value = 0
            for (let corner = 0; corner < 4; corner++) {
              const cornerX = left + (corner & 1)
              const cornerY = top + (corner >> 1)
              if (cornerX < 0 || cornerX >= width || cornerY < 0 || cornerY >= height) continue
              const weight = (corner & 1 ? right : 1 - right) * (corner >> 1 ? below : 1 - below)
              value += weight * before[(cornerY * width + cornerX) * channels + channel]!
            }
            image[to + channel] = value
          }
        }
      }
    },
  }
}
