/** Finds the input files of `predict`. */
import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { KnownError } from '../system/knownError.ts'

const imageTypes: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff'])

/**
 * Returns the files, and for a folder the images in it and its subfolders, sorted by name.
 *
 * @throws KnownError if a path does not exist or a folder contains no image.
 */
export function findInputs(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined)
      throw new KnownError('usage', `there is no file ${path}`, 'pass images, folders of images, tables, or .npy files')
    if (!found.isDirectory()) return [path]
    const images = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => imageTypes.has(extname(name).toLowerCase()))
      .toSorted()
    if (images.length === 0)
      throw new KnownError('usage', `there are no images in ${path}`, 'PNG, JPEG and WebP are supported')
    return images.map((name) => join(path, name))
  })
}
