/** Finds images in class folders. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The folders that contain the class folders of each split. */
export interface ImageSplits {
  train: string
  validation?: string
  test?: string
}

/** Finds the splits in a folder: in `train` and `val` or `test`; otherwise the folder contains the class folders. */
export function findImageSplits(folder: string): ImageSplits {
  const inside = foldersIn(folder)
  const find = (...names: string[]) => {
    const found = inside.find((name) => names.includes(name.toLowerCase()))
    return found === undefined ? undefined : join(folder, found)
  }
  const trainFolder = find('train', 'training')
  // Without class folders in it, `train` is itself a class, such as the vehicle.
  if (trainFolder === undefined || foldersIn(trainFolder).length === 0) return { train: folder }
  const [validation, test] = [find('val', 'valid', 'validation'), find('test', 'testing')]
  return { train: trainFolder, ...(validation !== undefined && { validation }), ...(test !== undefined && { test }) }
}

/** The sorted names of the folders in a folder, without hidden ones. */
export function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name)
  return names.filter((name) => !name.startsWith('.')).toSorted()
}

/** The sorted paths of the PNG, JPEG and WebP files in a folder and its subfolders, without hidden ones. */
export function imagesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const images = names.filter((name) => /(^|[/\\])[^./\\][^/\\]*\.(png|jpe?g|webp)$/i.test(name))
  return images.toSorted().map((name) => join(folder, name))
}
