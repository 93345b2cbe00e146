/** Files as samples of the kind that a network takes: images are decoded and brought to its size, as in training. */
import { createImageDecoder, type ImageForm } from '../../runtime/datasets/decodeImage.ts'
import type { UnreadInput } from './prediction.ts'

export interface ReadSample {
  readonly input: string
  readonly numbers: Uint8Array
}

export interface InputForm {
  /** That of a sample, channels last. */
  readonly shape: readonly number[]
  readonly fit: ImageForm['fit']
  /** Whether dark and light are exchanged: a network that was trained on white ink sees black ink as white. */
  readonly invert: boolean
}

/** Whether samples of this shape can be read from images. */
export function takesImages(shape: readonly number[]): boolean {
  return shape.length === 3 && [1, 3, 4].includes(shape[2]!)
}

/**
 * Reads one file after the other; what cannot be read is told and left out.
 *
 * @throws DataError where the package `sharp` is not installed.
 */
export async function createInputReader({
  shape,
  fit,
  invert,
}: InputForm): Promise<(path: string) => Promise<ReadSample | UnreadInput>> {
  const [height, width, channels] = shape as [number, number, ImageForm['channels']]
  const decode = await createImageDecoder({ size: [height, width], channels, fit })
  return async (input) => {
    try {
      const pixels = await decode(input)
      return { input, numbers: invert ? invertPixels(pixels, channels) : pixels }
    } catch (error) {
      return { input, problem: error instanceof Error ? error.message.split('\n')[0]! : String(error) }
    }
  }
}

/** Leaves opacity as it is. */
function invertPixels(pixels: Uint8Array, channels: number): Uint8Array {
  return pixels.map((value, index) => (channels === 4 && index % 4 === 3 ? value : 255 - value))
}
