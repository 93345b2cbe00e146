/** Reads IDX files, the format of MNIST. */
import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Data, Samples } from '../../script/samples.ts'

/** Reads 60,000 training and 10,000 test images from four files with the names of MNIST. */
export async function readMnistFiles(folder: string, help: string): Promise<Data> {
  const read = (part: string) => readIdxPair(folder, [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`], help)
  return { train: read('train'), test: read('t10k') }
}

/** Reads IDX files with names such as MNIST's or `emnist-letters-train-images-idx3-ubyte`; `test` or `t10k`: test samples. */
export async function readIdxFolder(folder: string, prefix: string): Promise<Data> {
  const help = 'Put IDX files of images and labels there, or pass another folder with --data.'
  const names = await readdir(folder).catch((error: Error) => {
    throw new Error(`${folder} cannot be read: ${error.message}. ${help}`, { cause: error })
  })
  const find = (split: string, kind: string) => {
    const pattern = new RegExp(`(^|[^a-z])(${split})[-_].*${kind}.*ubyte(\\.gz)?$`, 'i')
    const found = names.toSorted().find((name) => name.startsWith(prefix) && pattern.test(name))
    return found
  }
  const [images, labels] = [find('train', 'images'), find('train', 'labels')]
  if (!images || !labels) throw new Error(`${folder} contains no IDX files of training samples. ${help}`)
  const [testImages, testLabels] = [find('t10k|test', 'images'), find('t10k|test', 'labels')]
  return {
    train: readIdxPair(folder, [images, labels], help),
    ...(testImages && testLabels && { test: readIdxPair(folder, [testImages, testLabels], help) }),
  }
}

/** Reads the images and labels of two IDX files of bytes in a folder. */
export function readIdxPair(folder: string, [images, labels]: readonly [string, string], help: string): Samples {
  const [pixels, classes] = [readIdx(join(folder, images), help), readIdx(join(folder, labels), help)]
  const [count = 0, ...sizes] = pixels.shape
  if (classes.values.length !== count) throw new Error(`${labels} does not have ${count} labels. ${help}`)
  const sampleShape = sizes.length === 2 ? [...sizes, 1] : sizes
  return { inputs: pixels.values, sampleShape, scale: 1 / 255, labels: classes.values, count }
}

/** Reads an array of bytes, also from a .gz file: a header with the big-endian sizes of its axes, then the values. */
function readIdx(file: string, help: string): { shape: number[]; values: Uint8Array } {
  const path = existsSync(file) ? file : `${file}.gz`
  if (!existsSync(path)) throw new Error(`${file} is missing. ${help}`)
  const bytes = path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)
  const rank = bytes[2] === 8 ? bytes[3]! : 0
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis))
  const values = bytes.subarray(4 + 4 * rank)
  if (rank > 0 && values.length === shape.reduce((size, length) => size * length, 1)) return { shape, values }
  throw new Error(`${file} is damaged or not an IDX file of bytes. ${help}`)
}
