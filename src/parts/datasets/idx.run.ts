/** Reads IDX files, the format of MNIST. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readParsed } from '../../script/dataFiles.ts'
import type { Data, Samples } from '../../script/samples.ts'

/** The four files of MNIST's names in a folder, plain or `.gz`. */
export async function readMnistFiles(folder: string, help: string): Promise<Data> {
  const read = (part: string) =>
    readIdxPair(join(folder, `${part}-images-idx3-ubyte`), join(folder, `${part}-labels-idx1-ubyte`), help)
  return { train: await read('train'), test: await read('t10k') }
}

/** IDX files of a folder: of images and of labels, to train on and to test on. */
export async function readIdxFiles(
  folder: string,
  train: readonly [string, string],
  test?: readonly [string, string],
): Promise<Data> {
  const help = 'Put it there, or name another folder with --data.'
  const read = ([images, labels]: readonly [string, string]) =>
    readIdxPair(join(folder, images), join(folder, labels), help)
  return { train: await read(train), ...(test && { test: await read(test) }) }
}

/** The images and labels of two IDX files of bytes. */
export async function readIdxPair(images: string, labels: string, help: string): Promise<Samples> {
  const [pixels, classes] = [await readIdx(images, help), await readIdx(labels, help)]
  const [count = 0, ...sizes] = pixels.shape
  if (classes.values.length !== count)
    throw new Error(`${labels} has not one label for each of ${count} images. ${help}`)
  const sampleShape = sizes.length === 2 ? [...sizes, 1] : sizes
  return { inputs: pixels.values, sampleShape, scale: 1 / 255, labels: classes.values, count }
}

/** An array of bytes: a big-endian header with the number of axes and their sizes, then the values. */
async function readIdx(file: string, help: string): Promise<{ shape: number[]; values: Uint8Array }> {
  return await readParsed(existsSync(file) ? file : `${file}.gz`, help, (packed) => {
    const bytes = packed[0] === 0x1f ? gunzipSync(packed) : packed
    const start = 4 + 4 * (bytes[3] ?? 0)
    if (bytes[2] !== 8 || bytes.length < start) throw new Error('it is not an IDX file of bytes')
    const shape = Array.from({ length: bytes[3]! }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis))
    const values = bytes.subarray(start)
    const size = shape.reduce((product, length) => product * length, 1)
    if (values.length !== size) throw new Error(`it has ${values.length} values instead of ${size}`)
    return { shape, values }
  })
}
