/** Decodes image files to pixels, by the fast readers where they suffice and by sharp otherwise. */
import { unreadableData } from '../../system/knownError.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { decodeImage, type ImageForm, type SharpLibrary } from '../../script/decodeImage.ts'
import { imageUnpacker } from './unpackImage.ts'

/**
 * Decodes image files to bytes, row by row, the channels of a pixel side by side; upright, as their EXIF data say. Most of it is done in
 * Node's own threads while this one computes.
 *
 * @throws KnownError where the package `sharp` is not installed; of a file, where it is damaged.
 */
export async function createImageDecoder(form: ImageForm): Promise<(path: string) => Promise<Uint8Array>> {
  const sharp = await loadSharp()
  // Many images are decoded at once, so that one of them gains nothing by threads of its own; none is asked for twice.
  sharp.concurrency(1)
  sharp.cache(false)
  const unpack = imageUnpacker(form)
  return async (path) => {
    // From a path, libvips would open the file once for each format that it may be, which takes a quarter of the time.
    const file = await readWholeFile(path, fileSizeLimits.image)
    const unpacked = await unpack(file)
    if (unpacked) return unpacked
    try {
      return await decodeImage(sharp, file, form)
    } catch {
      // All threads of libvips have one place for what went wrong, and may take it from each other: look again.
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
