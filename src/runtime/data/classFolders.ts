/** Lists images that are in one folder per class. */
import { join } from 'node:path'
import { unreadableData } from '../../system/knownError.ts'
import { foldersIn, imagesIn } from '../../script/imageFiles.ts'

/** Image files with their classes. */
export interface ClassFolders {
  /** The names of the class folders, in the order of the labels. */
  readonly classes: readonly string[]
  readonly files: readonly string[]
  /** The class of each file. */
  readonly labels: readonly number[]
}

export const imageFolderHelp =
  'Put the images of each class in a folder of its own, and these folders in `train` and `test` or `val`, or directly in the folder that is the `path` in the spec or `--data`.'

/**
 * Lists the images of each class folder and its subfolders, sorted by name.
 *
 * @param known The allowed classes; by default the folders that exist.
 * @throws KnownError if there is another class.
 */
export function listClassFolders(folder: string, known?: readonly string[]): ClassFolders {
  const found = foldersIn(folder)
  const classes = known ?? found
  const files: string[] = []
  const labels: number[] = []
  for (const name of found) {
    const label = classes.indexOf(name)
    if (label < 0) {
      throw unreadableData(
        `There are no training images for the class folder ${join(folder, name)}.`,
        `The training classes are ${classes.join(', ')}. Move the folder, or add training images of its class.`,
      )
    }
    const images = imagesIn(join(folder, name))
    if (images.length === 0 && known === undefined) {
      throw unreadableData(
        `${join(folder, name)} contains no PNG, JPEG or WebP images.`,
        'Remove it, or add images to it.',
      )
    }
    for (const image of images) {
      files.push(image)
      labels.push(label)
    }
  }
  return { classes, files, labels }
}
