import { existsSync, readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DataError } from '../../system/dataError.ts'

/** Image files with their classes. */
export interface ClassFolders {
  /** The names of the class folders, in the order of the labels. */
  readonly classes: readonly string[]
  readonly files: readonly string[]
  /** The class of each file. */
  readonly labels: readonly number[]
}

/** The folders of class folders. */
export interface ImageSplits {
  readonly train: string
  readonly validation?: string
  readonly test?: string
}

export const imageFolderHelp =
  'Images lie in a folder for each class, these in `train` and `test` or `val`, or directly in the folder that `path` of the spec or `--data` names.'

/** What folders with a part of the images each are called. */
const splitNames = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
} as const

/** @throws DataError where there is no such folder. */
export function findImageSplits(folder: string): ImageSplits {
  if (!existsSync(folder)) throw new DataError(`There is no folder ${folder}.`, imageFolderHelp)
  const inside = foldersIn(folder)
  const find = (names: readonly string[]): string | undefined => {
    const found = inside.find((name) => names.includes(name.toLowerCase()))
    return found === undefined ? undefined : join(folder, found)
  }
  const train = find(splitNames.train)
  // Without class folders in it, `train` is a class itself: one of vehicles.
  if (train === undefined || foldersIn(train).length === 0) return { train: folder }
  const validation = find(splitNames.validation)
  const test = find(splitNames.test)
  return { train, ...(validation !== undefined && { validation }), ...(test !== undefined && { test }) }
}

/**
 * The images of each class folder and of the folders within, in the order of their names.
 *
 * @param known The classes that there may be; by default those that there are.
 * @throws DataError where there is another class.
 */
export async function listClassFolders(folder: string, known?: readonly string[]): Promise<ClassFolders> {
  const found = foldersIn(folder)
  const classes = known ?? found
  const files: string[] = []
  const labels: number[] = []
  for (const name of found) {
    const label = classes.indexOf(name)
    if (label < 0) {
      throw new DataError(
        `${join(folder, name)} is the folder of a class that there is none of to train on.`,
        `The classes are ${classes.join(', ')}. Move the folder away, or give images of its kind to train on.`,
      )
    }
    const images = (await readdir(join(folder, name), { recursive: true })).filter(isImageName).sort()
    if (images.length === 0 && known === undefined) {
      throw new DataError(`${join(folder, name)} has no PNG, JPEG or WebP images.`, 'Remove it, or put images into it.')
    }
    for (const image of images) {
      files.push(join(folder, name, image))
      labels.push(label)
    }
  }
  return { classes, files, labels }
}

/** macOS puts files beside images that have their names and begin with `._`. */
function isImageName(path: string): boolean {
  return /(^|[/\\])[^./\\][^/\\]*\.(png|jpe?g|webp)$/i.test(path)
}

/** The names of the folders in a folder, sorted as Keras and torchvision sort them; hidden ones are left out. */
function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name)
  return names.filter((name) => !name.startsWith('.')).sort()
}
