/** Finds images in folders, one for each class. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The folders of class folders. */
export interface ImageSplits {
  train: string
  validation?: string
  test?: string
}

/** What is in a folder: `train` and `val` or `test` with class folders, else class folders. */
export function findImageSplits(folder: string): ImageSplits {
  const inside = foldersIn(folder)
  const find = (...names: string[]) => {
    const found = inside.find((name) => names.includes(name.toLowerCase()))
    return found === undefined ? undefined : join(folder, found)
  }
  const train = find('train', 'training')
  // Without class folders in it, `train` is a class itself: one of vehicles.
  if (train === undefined || foldersIn(train).length === 0) return { train: folder }
  const [validation, test] = [find('val', 'valid', 'validation'), find('test', 'testing')]
  return { train, ...(validation !== undefined && { validation }), ...(test !== undefined && { test }) }
}

/** The names of the folders in a folder, sorted; hidden ones are left out. */
export function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name)
  return names.filter((name) => !name.startsWith('.')).toSorted()
}

/** The PNG, JPEG and WebP files in a folder and those within, sorted; hidden ones are left out. */
export function imagesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const images = names.filter((name) => /(^|[/\\])[^./\\][^/\\]*\.(png|jpe?g|webp)$/i.test(name))
  return images.toSorted().map((name) => join(folder, name))
}
