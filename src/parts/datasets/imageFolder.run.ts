/** Reads images in class folders. */
import * as tf from '@tensorflow/tfjs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeImage, type ImageForm } from '../../script/decodeImage.ts'
import { findImageSplits, foldersIn, imagesIn } from '../../script/imageFiles.ts'
import type { Batch } from '../../script/batches.ts'
import { ChannelSums, type ChannelStatistics } from '../../script/normalize.ts'
import { sequentialIndices, shuffledIndices } from '../../script/random.ts'
import type { Data, Samples } from '../../script/samples.ts'

/** Samples whose `inputs` are indices into `files`; `readImages` decodes these. */
interface ImageSamples extends Samples {
  files: readonly string[]
  form: ImageForm
}

/**
 * Lists images in class folders, in `train` and `test` or `val`, or directly in the folder. Their order is random but
 * fixed, so each part of it has all classes.
 *
 * @param testSplit The fraction of the images that is held out for testing if there is neither `test` nor `val`.
 */
export async function readImageFolder(
  folder: string,
  classes: readonly string[],
  form: ImageForm,
  testSplit: number,
): Promise<Data> {
  try {
    const found = findImageSplits(folder)
    const images = listImages(found.train, classes, form)
    if (images.count === 0) throw new Error(`${found.train} contains no class folders with images`)
    const list = (path?: string) => (path === undefined ? undefined : listImages(path, classes, form))
    const [validation, test] = [list(found.validation), list(found.test)]
    const tested = test ?? validation
    if (tested) return { train: images, test: tested, ...(validation && { validation }) }
    const splitAt = Math.max(1, Math.round(images.count * (1 - testSplit)))
    if (splitAt === images.count) return { train: images }
    return { train: sliceImages(images, 0, splitAt), test: sliceImages(images, splitAt, images.count) }
  } catch (error) {
    const help =
      'Put the images of each class in a folder of its own, and pass the folder that contains them with --data.'
    throw new Error(`The images of ${folder} cannot be read: ${(error as Error).message}. ${help}`, { cause: error })
  }
}

function listImages(folder: string, classes: readonly string[], form: ImageForm): ImageSamples {
  const found = foldersIn(folder).flatMap((name) => imagesIn(join(folder, name)).map((file) => ({ name, file })))
  const unknown = found.find(({ name }) => !classes.includes(name))
  if (unknown) throw new Error(`${unknown.file} is not in one of the classes ${classes.join(', ')}`)
  const order = shuffledIndices(found.length, 0, 0)
  return {
    inputs: Float32Array.from(order.keys()),
    files: Array.from(order, (number) => found[number]!.file),
    form,
    sampleShape: [...form.size, form.channels],
    scale: 1 / 255,
    labels: Int32Array.from(order, (number) => classes.indexOf(found[number]!.name)),
    count: found.length,
  }
}

function sliceImages(samples: ImageSamples, start: number, end: number): ImageSamples {
  const [inputs, labels] = [samples.inputs.slice(start, end), samples.labels.slice(start, end)]
  return { ...samples, inputs, labels, count: end - start }
}

/** Reads and decodes a batch by sample index. Dispose the tensors after use. */
export async function readImageBatch(samples: Samples, indices: Int32Array): Promise<Batch> {
  const inputs = await readImages(samples, indices)
  const labels = Array.from(indices, (index) => samples.labels[index]!)
  return {
    inputs: tf.tensor(inputs, [indices.length, ...samples.sampleShape]),
    labels: tf.tensor1d(labels, 'int32'),
  }
}

/** Decodes images by sample index to concatenated values from 0 to 1. */
export async function readImages(samples: Samples, indices: Int32Array): Promise<Float32Array> {
  const { files, form, inputs, scale, sampleShape } = samples as ImageSamples
  const { default: sharp } = await import('sharp').catch((error: unknown) => {
    throw new Error('Decoding images requires the package sharp. Run `npm install sharp`.', { cause: error })
  })
  const size = sampleShape.reduce((product, length) => product * length, 1)
  const values = new Float32Array(indices.length * size)
  const decode = async (index: number, row: number) => {
    const file = files[inputs[index]!]!
    const pixels = await readFile(file)
      .then((bytes) => decodeImage(sharp, bytes, form))
      .catch((error: unknown) => {
        throw new Error(`${file} cannot be decoded: ${(error as Error).message.trim()}. Repair or remove it.`, {
          cause: error,
        })
      })
    for (let i = 0; i < size; i++) values[row * size + i] = pixels[i]! * scale
  }
  await Promise.all(Array.from(indices, decode))
  return values
}

/** The mean and standard deviation of each channel over the first 5,000 images, but at most half of them. */
export async function measureImages(samples: Samples): Promise<ChannelStatistics> {
  const sums = new ChannelSums(samples.sampleShape.at(-1) ?? 1)
  const measured = sequentialIndices(Math.max(1, Math.min(5000, Math.floor(samples.count / 2))))
  for (let start = 0; start < measured.length; start += 64) {
    sums.add(await readImages(samples, measured.subarray(start, start + 64)))
  }
  return sums.result()
}
