/** Decodes image files to pixels, with fast readers if they suffice, otherwise with sharp. */
import { unreadableData } from '../../system/knownError.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { decodeImage, type ImageForm, type SharpLibrary } from '../../script/decodeImage.ts'
import { imageUnpacker } from './unpackImage.ts'

/**
 * Creates a function that decodes image files to bytes, row by row, with the channels of a pixel side by side, upright
 * according to their EXIF data. Most of the work happens in Node's own threads while this one computes.
 *
 * @throws KnownError if the package `sharp` is not installed; the function throws if a file is damaged.
 */
export async function createImageDecoder(form: ImageForm): Promise<(path: string) => Promise<Uint8Array>> {
  const sharp = await loadSharp()
  // Many images are decoded at once, so threads for a single one gain nothing; and none is requested twice.
  sharp.concurrency(1)
  sharp.cache(false)
  const unpack = imageUnpacker(form)
  return async (path) => {
    // Given a path, libvips would open the file once per possible format, which takes a quarter of the time.
    const file = await readWholeFile(path, fileSizeLimits.image)
    const unpacked = await unpack(file)
    if (unpacked) return unpacked
    try {
      return await decodeImage(sharp, file, form)
    } catch {
      // All threads of libvips share one place for errors and may report each other's: try again.
      return await decodeImage(sharp, file, form)
    }
  }
}

async function loadSharp(): Promise<SharpLibrary> {
  try {
    return (await import('sharp')).default
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error
    throw unreadableData(
      `Decoding images requires the package sharp, which cannot be loaded: ${reason}`,
      'Run `npm install sharp`.',
    )
  }
}
