/** Reads files as inputs of a network: decodes and resizes images and encodes rows of tables, as in training. */
import { extname } from 'node:path'
import { createImageDecoder } from '../../runtime/data/decodeImage.ts'
import type { ImageForm } from '../../script/decodeImage.ts'
import { readNpy } from '../../runtime/formats/npy.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import type { ReadSample, UnreadInput } from './prediction.ts'
import { readTable, type TableForm } from './readTable.ts'

export interface InputForm {
  /** The shape of a sample, channels last. */
  readonly shape: readonly number[]
  readonly fit: ImageForm['fit']
  /** Whether images are inverted, for black ink if the network was trained on white. */
  readonly invert: boolean
  /** The form of tables, if the network was trained on a table. */
  readonly table?: TableForm
}

export type InputReader = (path: string) => Promise<readonly (ReadSample | UnreadInput)[]>

/**
 * Returns a function that reads a file. A file that cannot be read gives an entry with its `problem`, not an exception.
 */
export function createInputReader(form: InputForm): InputReader {
  let decoder: ReturnType<typeof createImageDecoder> | undefined
  const decode = async (path: string) => {
    const [height, width, channels] = form.shape as [number, number, ImageForm['channels']]
    decoder ??= createImageDecoder({ size: [height, width], channels, fit: form.fit })
    return await (
      await decoder
    )(path)
  }
  return async (input) => {
    try {
      if (extname(input).toLowerCase() === '.npy') return await readArray(input, form.shape)
      if (form.table !== undefined) return await readTable(input, form.table)
      if (!takesImages(form.shape)) {
        return [{ input, problem: `the network takes samples of ${form.shape.join('x')}: pass them as a .npy file` }]
      }
      const pixels = await decode(input)
      return [{ input, numbers: form.invert ? invertPixels(pixels, form.shape[2]!) : pixels }]
    } catch (error) {
      return [{ input, problem: error instanceof Error ? error.message.split('\n')[0]! : String(error) }]
    }
  }
}

/** Whether samples of this shape can be read from images. */
function takesImages(shape: readonly number[]): boolean {
  return shape.length === 3 && [1, 3, 4].includes(shape[2]!)
}

/** Reads one sample, or several along the first axis. Axes of length 1 may be omitted. */
async function readArray(input: string, shape: readonly number[]): Promise<(ReadSample | UnreadInput)[]> {
  const { shape: found, data, written } = readNpy(await readWholeFile(input, fileSizeLimits.data), input)
  const [beyond] = written
  if (beyond !== undefined) {
    return [{ input, problem: `the number ${beyond[1]} at index ${beyond[0]} exceeds the range of float32, 3.4e38` }]
  }
  const size = shape.reduce((product, length) => product * length, 1)
  const form = shape.filter((length) => length !== 1).join()
  const fits = (sizes: readonly number[]) => sizes.filter((length) => length !== 1).join() === form
  if (fits(found)) return [{ input, numbers: data }]
  if (!fits(found.slice(1))) {
    return [{ input, problem: `it contains an array of ${found.join('x')}, but a sample is ${shape.join('x')}` }]
  }
  return Array.from({ length: found[0]! }, (_, index) => ({
    input,
    row: index + 1,
    numbers: data.subarray(index * size, (index + 1) * size),
  }))
}

/** Inverts the colours, but not the opacity. */
function invertPixels(pixels: Uint8Array, channels: number): Uint8Array {
  return pixels.map((value, index) => (channels === 4 && index % 4 === 3 ? value : 255 - value))
}
