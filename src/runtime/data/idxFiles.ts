/** Reads pairs of IDX files, gzipped or not, and verifies published ones by their SHA-256. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { isKnownError, unreadableData } from '../../system/knownError.ts'
import { type IdxArray, readIdx } from '../formats/idx.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { type Samples } from './samples.ts'

/** A published IDX file, with its unpacked length and SHA-256, since gzip may pack the same content differently. */
export interface PublishedFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Images and labels that belong together. */
export interface IdxPair<File = string> {
  readonly images: File
  readonly labels: File
}

/**
 * Describes the 28x28 images and the labels of MNIST, or of a dataset with the same file names and lengths.
 *
 * @param images The SHA-256 of the file of images; `labels` likewise.
 */
export function mnistFiles(split: 'train' | 't10k', images: string, labels: string): IdxPair<PublishedFile> {
  const count = split === 'train' ? 60_000 : 10_000
  return {
    images: { name: `${split}-images-idx3-ubyte`, bytes: 16 + count * 28 * 28, sha256: images },
    labels: { name: `${split}-labels-idx1-ubyte`, bytes: 8 + count, sha256: labels },
  }
}

/**
 * Reads the samples of two published files.
 *
 * @param folder The folder of the files, plain or gzipped.
 * @param title The dataset's name.
 * @throws KnownError if a file is missing, or differs from the published one.
 */
export async function readPublishedIdx(
  folder: string,
  { images, labels }: IdxPair<PublishedFile>,
  title: string,
  help: string,
): Promise<Samples> {
  const read = async (file: PublishedFile): Promise<IdxArray> => {
    const path = findPacked(join(folder, file.name))
    if (path === undefined) {
      throw unreadableData(`${join(folder, file.name)} is missing, and so is ${file.name}.gz.`, help)
    }
    const bytes = await readUnpacked(path, help)
    verifyPublished(bytes, file, path, title, help)
    return readIdx(bytes, path, help)
  }
  return samplesOfIdx(await read(images), await read(labels), 10)
}

/** @throws KnownError if the bytes differ from the published ones. */
export function verifyPublished(
  bytes: Uint8Array,
  { bytes: length, sha256 }: PublishedFile,
  path: string,
  title: string,
  help: string,
): void {
  if (bytes.length !== length) {
    throw unreadableData(`${path} is damaged: it has ${bytes.length} bytes, but ${title} has ${length}.`, help)
  }
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) {
    throw unreadableData(`${path} is damaged: its SHA-256 is ${found}, but that of ${title} is ${sha256}.`, help)
  }
}

/** Returns the path itself or with `.gz`, whichever exists. */
function findPacked(path: string): string | undefined {
  return [path, `${path}.gz`].find((candidate) => existsSync(candidate))
}

/** Reads a file, and unpacks it if its name ends in `.gz`. */
export async function readUnpacked(path: string, help: string): Promise<Uint8Array> {
  try {
    const content = await readWholeFile(path, fileSizeLimits.data)
    return path.endsWith('.gz') ? gunzipSync(content) : content
  } catch (error) {
    if (isKnownError(error, 'data')) throw error
    throw unreadableData(`${path} cannot be read: ${error instanceof Error ? error.message : error}`, help)
  }
}

/** Creates samples of bytes; those with two axes are images of one channel. */
export function samplesOfIdx(images: IdxArray, labels: IdxArray, classes: number): Samples {
  const [count = 0, ...sizes] = images.shape
  return {
    inputs: images.data,
    sampleShape: sizes.length === 2 ? [...sizes, 1] : sizes,
    scale: 1 / 255,
    labels: labels.data,
    count,
    classes,
  }
}
