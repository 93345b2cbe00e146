import { promisify } from 'node:util'
import { DataError } from './dataError.ts'
import { imageUnpacker } from './unpackImage.ts'

/** What every image is made to be. */
export interface ImageForm {
  /** Height and width. */
  readonly size: readonly [number, number]
  /** 1: grey, 3: red, green and blue, 4: those and how opaque. */
  readonly channels: 1 | 3 | 4
  /** How an image of other proportions is made to fit: cut at its edges, with black bars, or distorted. */
  readonly fit: 'cover' | 'contain' | 'fill'
}

/**
 * Decodes image files to bytes, row by row, the channels of a pixel side by side; upright, as their EXIF data say. It
 * goes on in node's own threads while this one computes.
 *
 * @throws DataError where the package `sharp` is not installed; of a file, where it is damaged.
 */
export async function createImageDecoder(form: ImageForm): Promise<(path: string) => Promise<Uint8Array>> {
  const {
    size: [height, width],
    channels,
    fit,
  } = form
  const sharp = await loadSharp()
  // Many images are decoded at once, so that one of them gains nothing by threads of its own; none is asked for twice.
  sharp.concurrency(1)
  sharp.cache(false)
  const length = height * width * channels
  const decode = async (file: Buffer): Promise<Uint8Array> => {
    const image = sharp(file, { failOn: 'error', autoOrient: true }).resize({
      width,
      height,
      fit,
      background: { r: 0, g: 0, b: 0, alpha: 1 },
    })
    const formed = channels === 4 ? image.ensureAlpha() : image.removeAlpha()
    const pixels = await formed
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer()
    if (pixels.length !== length) throw new RangeError(`it decodes to ${pixels.length} bytes in place of ${length}`)
    return pixels
  }
  const unpack = imageUnpacker(form)
  return async (path) => {
    // From a path, libvips would open the file once for each format that it may be, which takes a quarter of the time.
    const file = await readWhole(path)
    const unpacked = await unpack(file)
    if (unpacked) return unpacked
    try {
      return await decode(file)
    } catch {
      // All threads of libvips have one place for what went wrong, and may take it from each other: look again.
      return await decode(file)
    }
  }
}

/**
 * The `readFile` of callbacks. That of promises, which a script already has under the name, takes this thread three times
 * as long, as much as to unpack a small image.
 */
const readWhole = promisify(process.getBuiltinModule('node:fs').readFile)

async function loadSharp(): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error
    throw new DataError(
      `Images are decoded by the package sharp, which cannot be loaded: ${reason}`,
      'Run `npm install sharp`.',
    )
  }
}
