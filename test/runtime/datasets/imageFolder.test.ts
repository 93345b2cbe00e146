import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BatchReader } from '../../../src/runtime/data/batches.ts'
import { type ImageFolderOptions, loadImageFolder } from '../../../src/parts/datasets/imageFolder.fast.ts'
import { type Samples } from '../../../src/runtime/data/samples.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { type Experiment } from '../../../src/runtime/training/experiment.ts'
import { sequentialIndices } from '../../../src/script/random.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { tinyExperiment } from '../tinyExperiment.ts'
import { writeImages, writeTruncatedImage } from './imageFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

beforeAll(startCpuEngine)

let path = ''
beforeEach(() => {
  path = temporaryFolder()
})

function load(options: Partial<ImageFolderOptions> = {}, folder?: string) {
  const form = { size: [2, 3], channels: 3, fit: 'cover', memory: 1e6, testSplit: 0.25 } as const
  return loadImageFolder({ path, ...form, ...options }, folder)
}

/** The class and the number of each image, as the fixture painted them, beside the label that was read. */
async function look(samples: Samples): Promise<{ number: number; painted: number; label: number }[]> {
  const order = sequentialIndices(samples.count)
  const reader = new BatchReader(samples)
  await reader.prepare(order, 0, samples.count)
  const inputs = new Float32Array(samples.count * 18)
  const labels = new Int32Array(samples.count)
  reader.gather(order, 0, samples.count, inputs, labels)
  return Array.from(labels, (label, row) => ({
    number: Math.round(inputs[row * 18 + 1]! * 255),
    painted: Math.round((inputs[row * 18]! * 255) / 40),
    label,
  }))
}

const numbers = (found: readonly { number: number }[]) => found.map(({ number }) => number).toSorted((a, b) => a - b)

describe('loadImageFolder', () => {
  it('reads class folders, each image with its label, and holds out test images', async () => {
    await writeImages(path, [
      'b/1.png',
      'a/1.png',
      'b/deep/a.webp',
      'c/x.PNG',
      'a/2.png',
      'c/2.png',
      'c/3.png',
      'a/3.png',
    ])
    writeFileSync(join(path, 'b', 'notes.txt'), 'no image')
    writeFileSync(join(path, 'b', '._1.png'), 'what macOS writes')
    mkdirSync(join(path, '.cache'))
    const { train, test, validation, classNames } = await load()
    expect(classNames).toEqual(['a', 'b', 'c'])
    expect([train.count, test!.count, validation, train.classes, train.sampleShape]).toEqual([
      6,
      2,
      undefined,
      3,
      [2, 3, 3],
    ])
    const all = [...(await look(train)), ...(await look(test!))]
    expect(numbers(all)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    for (const { number, painted, label } of all) {
      // The folder `deep` lies in b, though it was painted as a class of its own, the fourth.
      expect(label).toBe(number === 2 ? 1 : painted)
    }
  })

  it('mixes the classes, in the same order each time', async () => {
    const paths = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((number) => [`a/${number}.png`, `b/${number}.png`])
    await writeImages(path, paths)
    const { train } = await load({ testSplit: 0 })
    const found = await look(train)
    expect(found.map((_, sample) => train.origin!(sample).file)).toEqual(
      found.map(({ number }) => join(path, paths[number]!)),
    )
    expect(await look((await load({ testSplit: 0 })).train)).toEqual(found)
    const labels = found.map(({ label }) => label)
    expect(new Set(labels.slice(0, 8)).size).toBe(2)
    expect(new Set(labels.slice(8)).size).toBe(2)
  })

  it.each([
    ['train and test', ['train', 'test'], { train: [0, 1], test: [2, 3], validation: undefined }],
    ['train and val', ['Train', 'val'], { train: [0, 1], test: [2, 3], validation: [2, 3] }],
    ['all three', ['train', 'valid', 'test'], { train: [0, 1], validation: [2, 3], test: [4, 5] }],
  ])('takes %s', async (_name, splits, want) => {
    await writeImages(
      path,
      splits.flatMap((split) => [`${split}/a/1.png`, `${split}/b/1.png`]),
    )
    const { train, validation, test } = await load()
    const seen = {
      train: numbers(await look(train)),
      test: numbers(await look(test!)),
      validation: undefined as unknown,
    }
    if (validation) seen.validation = numbers(await look(validation))
    expect(seen).toEqual(want)
  })

  it('takes train for a class where it has images in it', async () => {
    await writeImages(path, ['train/1.png', 'bus/1.png'])
    expect((await load({ testSplit: 0 })).classNames).toEqual(['bus', 'train'])
  })

  it.each([0, 0.2])('has no test images if none of 2 is held out, as by %s', async (testSplit) => {
    await writeImages(path, ['a/1.png', 'b/1.png'])
    const { train, test } = await load({ testSplit })
    expect([train.count, test]).toEqual([2, undefined])
  })

  it('looks into the folder that a run names', async () => {
    await writeImages(path, ['a/1.png', 'b/1.png'])
    expect((await load({ path: 'nowhere', testSplit: 0 }, path)).train.count).toBe(2)
  })

  it('calls classes as a file of synsets does', async () => {
    await writeImages(path, ['train/n01440764/1.png', 'train/n01443537/1.png', 'train/n999/1.png', 'val/n999/2.png'])
    writeFileSync(join(path, 'synsets.txt'), 'n01440764 tench, Tinca tinca\r\nn01443537\tgoldfish\nn1 unused\n\n')
    const { classNames } = await load({ classNames: 'synsets.txt' })
    expect(classNames).toEqual(['tench, Tinca tinca', 'goldfish', 'n999'])
    await expect(load({ classNames: 'missing.txt' })).rejects.toThrow(/class names, .*missing\.txt,/)
  })

  it.each<[string, string[], RegExp]>([
    ['no folder', ['nowhere'], /There is no folder .*nowhere/],
    ['no class', [], /contains no images in class folders/],
    ['an empty class', ['a/1.png', 'b/'], /b contains no PNG, JPEG or WebP images/],
    ['an unknown class', ['train/a/1.png', 'test/z/1.png'], /There are no training images for the class folder .*z\./],
  ])('reports %s', async (_name, paths, message) => {
    await writeImages(
      path,
      paths.filter((each) => each.endsWith('.png')),
    )
    for (const each of paths.filter((one) => one.endsWith('/'))) mkdirSync(join(path, each), { recursive: true })
    const folder = paths[0] === 'nowhere' ? join(path, 'nowhere') : path
    await expect(load({}, folder)).rejects.toThrow(message)
    await expect(load({}, folder)).rejects.toThrow(expect.objectContaining({ code: 'data/unreadable' }))
  })
})

describe('training on a folder of images', () => {
  const experiment = (changes: Partial<Experiment>) =>
    tinyExperiment({
      buildModel: (seed) => {
        const kernelInitializer = tf.initializers.glorotUniform({ seed })
        const answer = tf.layers.dense({ name: 'answer', units: 2, activation: 'softmax', kernelInitializer })
        return tf.sequential({
          name: 'images',
          layers: [tf.layers.flatten({ name: 'flat', inputShape: [2, 3, 3] }), answer],
        })
      },
      ...changes,
    })

  /** The weights after two epochs. */
  async function digestOf(loadData: Experiment['loadData'], validationSplit = 0.2): Promise<string> {
    const training = { validationSplit, batchSize: 4 }
    const { model } = await trainExperiment(experiment({ loadData }), { training })
    const digest = weightsDigest(model)
    model.dispose()
    return digest
  }

  it('gives the weights that the same pixels in memory give, however little is decoded ahead', async () => {
    await writeImages(
      path,
      Array.from({ length: 30 }, (_, number) => `${number % 2 ? 'a' : 'b'}/${number}.png`),
    )
    const inMemory = async () => {
      const data = await load({ testSplit: 0 })
      const order = sequentialIndices(data.train.count)
      const reader = new BatchReader(data.train)
      await reader.prepare(order, 0, order.length)
      const inputs = new Float32Array(order.length * 18)
      reader.gather(order, 0, order.length, inputs, new Int32Array(order.length))
      return { ...data, train: { ...data.train, inputs: Uint8Array.from(inputs, (value) => Math.round(value * 255)) } }
    }
    const want = await digestOf(inMemory)
    for (const memory of [1e6, 200, 0]) expect(await digestOf(() => load({ testSplit: 0, memory }))).toBe(want)
  })

  it('ends with the name of a damaged file', async () => {
    await writeImages(path, ['a/1.png', 'b/1.png', 'a/2.png', 'b/2.png'])
    await writeTruncatedImage(join(path, 'b', 'cut.jpg'))
    await expect(digestOf(() => load({ testSplit: 0 }), 0)).rejects.toThrow(/cut\.jpg cannot be decoded: \w/)
  })
})
