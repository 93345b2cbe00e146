import { readdirSync } from 'node:fs'
import { unreadableData } from '../../system/knownError.ts'
import { readIdx } from '../../runtime/formats/idx.ts'
import { findIdxFiles, type IdxFilePair, idxFolderHelp } from '../../runtime/formats/idxFolder.ts'
import { readUnpacked, samplesOfIdx } from '../../runtime/data/idxFiles.ts'
import { type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'
import { splitForTesting } from '../../runtime/data/testSplit.ts'

/** A folder of IDX files. */
export interface IdxOptions {
  readonly path: string
  /** What the names of its files begin with. */
  readonly prefix?: string
  /** The part of the training samples that is kept for testing, where there are no files to test on. */
  readonly testSplit?: number
}

/**
 * Images and labels as IDX files, laid out as those of MNIST.
 *
 * @param folder In place of the options' own path.
 * @throws KnownError where files are missing or damaged.
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
  const stranger = test.labels.findIndex((label) => label >= train.classes!)
  if (stranger >= 0) {
    throw unreadableData(
      `Label number ${stranger} of ${files.test.labels} is ${test.labels[stranger]}, but the training labels end at ${train.classes! - 1}.`,
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
