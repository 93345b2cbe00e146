/** The loader of folders of IDX files. */
import { readdirSync } from 'node:fs'
import { unreadableData } from '../../system/knownError.ts'
import { readIdx } from '../../runtime/formats/idx.ts'
import { findIdxFiles, type IdxFilePair, idxFolderHelp } from '../../runtime/formats/idxFolder.ts'
import { readUnpacked, samplesOfIdx } from '../../runtime/data/idxFiles.ts'
import { type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'
import { splitForTesting } from '../../runtime/data/testSplit.ts'

/** The options of an IDX dataset. */
export interface IdxOptions {
  readonly path: string
  /** The prefix of the names of its files. */
  readonly prefix?: string
  /** The fraction of the training samples that is held out for testing, if there are no test files. */
  readonly testSplit?: number
}

/**
 * Loads images and labels from IDX files with the layout of MNIST.
 *
 * @param folder Overrides the path of the options.
 * @throws KnownError if files are missing or damaged.
 */
export async function loadIdx(
  { path, prefix = '', testSplit = 0 }: IdxOptions,
  folder: string = path,
): Promise<DatasetSplits> {
  const files = findIdxFiles(folder, prefix, listFolder(folder))
  const train = await readIdxPair(files.train)
  const classNames = Array.from({ length: train.classes ?? 0 }, (_, label) => String(label))
  if (files.test === undefined) return { ...splitForTesting(train, testSplit), classNames }
  const test = await readIdxPair(files.test)
  if (String(test.sampleShape) !== String(train.sampleShape)) {
    throw unreadableData(
      `${files.test.images} contains images of ${test.sampleShape.join(' x ')}, but ${files.train.images} contains images of ${train.sampleShape.join(' x ')}.`,
      idxFolderHelp,
    )
  }
  const unknown = test.labels.findIndex((label) => label >= train.classes!)
  if (unknown >= 0) {
    throw unreadableData(
      `Label number ${unknown} of ${files.test.labels} is ${test.labels[unknown]}, but the training labels end at ${train.classes! - 1}.`,
      idxFolderHelp,
    )
  }
  return { train, test: { ...test, classes: train.classes! }, classNames }
}

async function readIdxPair(files: IdxFilePair): Promise<Samples> {
  const images = readIdx(await readUnpacked(files.images, idxFolderHelp), files.images, idxFolderHelp)
  const labels = readIdx(await readUnpacked(files.labels, idxFolderHelp), files.labels, idxFolderHelp)
  if (labels.shape.length !== 1 || labels.shape[0] !== images.shape[0]) {
    throw unreadableData(
      `${files.labels} contains ${labels.shape.join(' x ')} labels for the ${images.shape[0]} samples of ${files.images}.`,
      idxFolderHelp,
    )
  }
  const classes = labels.data.reduce((most, label) => Math.max(most, label + 1), 0)
  return { ...samplesOfIdx(images, labels, classes), origin: (sample) => ({ file: files.images, number: sample }) }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw unreadableData(
      code === 'ENOENT' ? `There is no folder ${folder}.` : `${folder} cannot be read: ${message}`,
      idxFolderHelp,
    )
  }
}
