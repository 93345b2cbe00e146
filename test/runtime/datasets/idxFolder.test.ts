import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadIdx } from '../../../src/parts/datasets/idx.fast.ts'
import { writeIdx } from './idxFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

function put(name: string, shape: readonly number[], data: Iterable<number>): void {
  const bytes = writeIdx(shape, data)
  writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(bytes) : bytes)
}

function putTraining(prefix = ''): void {
  put(`${prefix}train-images-idx3-ubyte.gz`, [3, 2, 1], [1, 2, 3, 4, 5, 6])
  put(`${prefix}train-labels-idx1-ubyte`, [3], [2, 0, 1])
}

describe('loadIdx', () => {
  it.each(['t10k', 'test'])('reads the names of MNIST, plain and packed, with %s', async (split) => {
    putTraining()
    put(`${split}-images-idx3-ubyte`, [1, 2, 1], [9, 9])
    put(`${split}-labels-idx1-ubyte.gz`, [1], [1])
    const { train, test, classNames } = await loadIdx({ path: folder })
    expect(train).toMatchObject({ count: 3, sampleShape: [2, 1, 1], classes: 3 })
    expect([[...test!.labels], test!.classes, classNames]).toEqual([[1], 3, ['0', '1', '2']])
  })

  it('distinguishes the datasets of a folder by their prefix', async () => {
    putTraining('emnist-letters-')
    putTraining('emnist-digits-')
    await expect(loadIdx({ path: folder })).rejects.toThrow('contains several files of training images: emnist-digits')
    const { train, test } = await loadIdx({ path: '/nowhere', prefix: 'emnist-digits-' }, folder)
    expect([train.count, test]).toEqual([3, undefined])
  })

  it('keeps some for testing', async () => {
    putTraining()
    const { train, test } = await loadIdx({ path: folder, testSplit: 0.34 })
    expect([train.count, test!.count]).toEqual([2, 1])
  })

  it.each<[string, () => void, string]>([
    ['no folder', () => rmSync(folder, { recursive: true }), 'There is no folder'],
    ['no files', () => {}, 'contains no IDX file of training images'],
    ['no labels', () => put('train-images-idx3-ubyte', [1, 1, 1], [1]), 'contains no IDX file of training labels'],
    [
      'too few labels',
      () => {
        putTraining()
        put('train-labels-idx1-ubyte', [2], [1, 1])
      },
      'contains 2 labels for the 3 samples',
    ],
    [
      'a label that is new in the test',
      () => {
        putTraining()
        put('t10k-images-idx3-ubyte', [1, 2, 1], [9, 9])
        put('t10k-labels-idx1-ubyte', [1], [7])
      },
      'is 7, but the training labels end at',
    ],
    [
      'images of another size',
      () => {
        putTraining()
        put('t10k-images-idx3-ubyte', [1, 1, 1], [9])
        put('t10k-labels-idx1-ubyte', [1], [1])
      },
      'contains images of 1 x 1 x 1',
    ],
  ])('refuses %s', async (_name, prepare, message) => {
    prepare()
    const failure = await loadIdx({ path: folder }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'data/unreadable', message: expect.stringContaining(message) })
  })
})
