/** Finds the IDX files of a folder by their usual names. */
import { unreadableData } from '../../system/knownError.ts'
import { joinPaths } from '../../system/paths.ts'

/** Paths of IDX files that belong together. */
export interface IdxFilePair {
  readonly images: string
  readonly labels: string
}

/** The files of a folder that is laid out like MNIST. */
export interface IdxFolder {
  readonly train: IdxFilePair
  readonly test?: IdxFilePair
}

export const idxFolderHelp =
  'The folder must contain IDX files with the names of MNIST, plain or .gz: train-images-idx3-ubyte, train-labels-idx1-ubyte, and the same with t10k- or test- instead of train-.'

/**
 * Finds the files by their names: those of MNIST, or similar ones such as EMNIST’s
 * `emnist-letters-train-images-idx3-ubyte`.
 *
 * @param prefix The start of the names.
 * @param listed The names in the folder.
 * @throws KnownError if the folder has no such files, or several candidates.
 */
export function findIdxFiles(folder: string, prefix: string, listed: readonly string[]): IdxFolder {
  const names = listed.filter((name) => name.startsWith(prefix))
  const find = (split: string, what: string): string | undefined => {
    const pattern = new RegExp(`(^|[^a-z])(${split})[-_.].*${what}.*ubyte(\\.gz)?$`, 'i')
    const found = names.filter((name) => pattern.test(name)).toSorted()
    // A file and its gzipped copy count as one.
    const [first, ...others] = found.filter(
      (name) => !found.includes(name.replace(/\.gz$/, '')) || !name.endsWith('.gz'),
    )
    if (others.length > 0) {
      throw unreadableData(
        `${folder} contains several files of ${split === 'train' ? 'training' : 'test'} ${what}: ${[first, ...others].join(', ')}.`,
        'Set `prefix` to the start of the right names.',
      )
    }
    return first === undefined ? undefined : joinPaths(folder, first)
  }
  const [trainImages, trainLabels] = [find('train', 'images'), find('train', 'labels')]
  const [testImages, testLabels] = [find('t10k|test', 'images'), find('t10k|test', 'labels')]
  if (trainImages === undefined || trainLabels === undefined) {
    const what = trainImages === undefined ? 'images' : 'labels'
    const beginning = prefix === '' ? '' : ` that start with ${prefix}`
    throw unreadableData(`${folder} contains no IDX file of training ${what}${beginning}.`, idxFolderHelp)
  }
  const train = { images: trainImages, labels: trainLabels }
  if (testImages === undefined && testLabels === undefined) return { train }
  if (testImages === undefined || testLabels === undefined) {
    const what = testImages === undefined ? 'images' : 'labels'
    throw unreadableData(`${folder} contains no test ${what}, but the other test file.`, idxFolderHelp)
  }
  return { train, test: { images: testImages, labels: testLabels } }
}
