/** Reads CIFAR-10 and CIFAR-100 from their archives or unpacked files. */
import { createReadStream, existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { cacheFolder } from '../../system/cacheFolder.ts'
import { isKnownError, unreadableData } from '../../system/knownError.ts'
import { fileSizeLimits, openRegularFile, readWholeFile } from '../../system/regularFile.ts'
import { readTarMembers } from '../formats/tar.ts'
import { unpackCifar } from '../../parts/datasets/cifar10.run.ts'
import { findDataset } from './dataPlaces.ts'
import { type Samples } from './samples.ts'

/** The format of the files of CIFAR-10 or CIFAR-100. */
export interface CifarFormat {
  readonly title: string
  /** The name of the published archive, and of the folder in it. */
  readonly archive: string
  readonly folder: string
  /** The number of label bytes before the pixels of a record, and which of them is the class. */
  readonly labelBytes: number
  readonly labelAt: number
  readonly classes: number
  readonly recordsInFile: Readonly<Record<string, number>>
  readonly help: string
}

const cifarPixels = 1024

/**
 * Reads files from a folder, from the archive's folder within it, or from the archive, with at most one of its files in
 * memory at a time.
 *
 * @param names The names of the files.
 * @param take Receives the name and content of each file.
 * @throws KnownError if a file is missing, or the archive is damaged.
 */
async function readCifarFiles(
  place: string,
  format: CifarFormat,
  names: readonly string[],
  take: (name: string, bytes: Uint8Array) => void,
): Promise<void> {
  const { archive, folder, title, help } = format
  const loose = [place, join(place, folder)].find((each) => names.some((name) => existsSync(join(each, name))))
  const packed = place.endsWith('.tar.gz') ? place : join(place, archive)
  const missing = new Set(names)
  if (loose !== undefined) {
    for (const name of names) {
      const path = join(loose, name)
      if (!existsSync(path)) throw unreadableData(`${path} is missing.`, help)
      take(name, await readWholeFile(path, fileSizeLimits.data))
    }
    return
  }
  if (!existsSync(packed)) {
    throw unreadableData(`${title} was not found in ${place}: neither its .bin files nor ${archive}.`, help)
  }
  await readArchive(
    packed,
    help,
    (name) => missing.has(name),
    (name, bytes) => {
      missing.delete(name)
      take(name, bytes)
    },
  )
  if (missing.size > 0) throw unreadableData(`${packed} has no ${[...missing].join(' and no ')}.`, help)
}

async function readArchive(
  packed: string,
  help: string,
  isWanted: (name: string) => boolean,
  take: (name: string, bytes: Uint8Array) => void,
): Promise<void> {
  const file = createReadStream(packed, { fd: openRegularFile(packed).file, highWaterMark: 1 << 20 })
  const unpacked = createGunzip({ chunkSize: 1 << 20 })
  file.on('error', (error) => unpacked.destroy(error))
  file.pipe(unpacked)
  try {
    for await (const { name, data } of readTarMembers(unpacked, (path) => isWanted(basename(path)))) {
      take(basename(name), data)
    }
  } catch (error) {
    if (isKnownError(error, 'data')) throw error
    throw unreadableData(`${packed} is damaged: ${error instanceof Error ? error.message : error}`, help)
  } finally {
    file.destroy()
    unpacked.destroy()
  }
}

/** Allocates the samples that the given files will fill, in this order. */
export function emptyCifarSamples(
  { classes, recordsInFile }: CifarFormat,
  names: readonly string[],
): Samples & {
  readonly inputs: Uint8Array
  readonly labels: Uint8Array
} {
  const count = names.reduce((sum, name) => sum + recordsInFile[name]!, 0)
  return {
    inputs: new Uint8Array(count * 3 * cifarPixels),
    sampleShape: [32, 32, 3],
    scale: 1 / 255,
    labels: new Uint8Array(count),
    count,
    classes,
  }
}

/**
 * Converts the records of a file (labels, then 1024 bytes each of red, green and blue) to images with channels last.
 *
 * @param first The index of the first record among the samples.
 * @throws KnownError if the file has another length, or a label is above the last class.
 */
export function decodeCifarRecords(
  bytes: Uint8Array,
  name: string,
  { title, labelBytes, labelAt, classes, recordsInFile, help }: CifarFormat,
  samples: { readonly inputs: Uint8Array; readonly labels: Uint8Array },
  first: number,
): void {
  const recordLength = labelBytes + 3 * cifarPixels
  const records = recordsInFile[name]!
  if (bytes.length !== records * recordLength) {
    throw unreadableData(
      `${name} is damaged: it has ${bytes.length} bytes, but ${title} has ${records} x ${recordLength} = ${records * recordLength}.`,
      help,
    )
  }
  const images = unpackCifar(bytes, { records, labelBytes, labelAt })
  const record = images.labels.findIndex((label) => label >= classes)
  if (record >= 0) {
    throw unreadableData(
      `${name} is damaged: the label of record ${record} is ${images.labels[record]}, but the last class is ${classes - 1}.`,
      help,
    )
  }
  samples.labels.set(images.labels, first)
  samples.inputs.set(images.inputs, first * 3 * cifarPixels)
}

/** The places and files of CIFAR-10 or CIFAR-100. */
export interface CifarSource extends Omit<CifarFormat, 'help'> {
  /** The name of its cache folder. */
  readonly dataset: string
  /** The names of the files of each split, and of text files. */
  readonly train: readonly string[]
  readonly test: readonly string[]
  readonly texts?: readonly string[]
  /** The end of the help. */
  readonly note?: string
}

/**
 * Loads both splits from the given folder or archive, by default from the cache folder.
 *
 * @param path Overrides the cache folder if no folder is given.
 * @throws KnownError if a file is missing or damaged.
 */
export async function loadCifar(
  source: CifarSource,
  folder: string | undefined,
  path: string | undefined,
): Promise<{ readonly train: Samples; readonly test: Samples; readonly texts: ReadonlyMap<string, string> }> {
  const { title, dataset, archive, texts: textNames = [], note = '' } = source
  const cache = cacheFolder(dataset)
  const help =
    `Run \`shapewright data get ${dataset}\`, or download https://www.cs.toronto.edu/~kriz/${archive} and put it, packed or unpacked, into ` +
    `${cache}, or name the folder it is in with \`--data FOLDER\`.${note}`
  const format = { ...source, help }
  const has = (candidate: string) => hasCifar(candidate, format)
  const place = findDataset({ title, folder, path, places: [cache], has, help })
  const samples = { train: emptyCifarSamples(format, source.train), test: emptyCifarSamples(format, source.test) }
  const texts = new Map<string, string>()
  await readCifarFiles(place, format, [...source.train, ...source.test, ...textNames], (name, bytes) => {
    if (textNames.includes(name)) {
      texts.set(name, new TextDecoder().decode(bytes))
      return
    }
    const split = source.train.includes(name) ? 'train' : 'test'
    const before = source[split].slice(0, source[split].indexOf(name))
    const first = before.reduce((sum, each) => sum + format.recordsInFile[each]!, 0)
    decodeCifarRecords(bytes, name, format, samples[split], first)
  })
  return { ...samples, texts }
}

/** Whether a place has the archive or the files. */
function hasCifar(place: string, { archive, folder, recordsInFile }: CifarFormat): boolean {
  const [name = ''] = Object.keys(recordsInFile)
  return [join(place, archive), join(place, name), join(place, folder, name)].some((path) => existsSync(path))
}
