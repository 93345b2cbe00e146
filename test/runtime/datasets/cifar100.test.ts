import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadCifar100 } from '../../../src/parts/datasets/cifar100.fast.ts'
import { inputsInMemory } from '../../../src/runtime/data/samples.ts'
import { writeTar } from '../formats/tarFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

let folder: string

beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('SHAPEWRIGHT_CACHE', join(folder, 'cache'))
})

afterEach(() => {
  vi.unstubAllEnvs()
})

/** A record of the group 7 and the class 42, whose red is 1, green 2 and blue 3. */
const record = Buffer.concat([Buffer.from([7, 42]), ...[1, 2, 3].map((value) => Buffer.alloc(1024, value))])

const archive = () =>
  writeTar(
    new Map([
      ['cifar-100-binary/coarse_label_names.txt', Buffer.from('aquatic_mammals\nfish\n\n')],
      ['cifar-100-binary/test.bin', Buffer.alloc(10000 * record.length, record)],
      ['cifar-100-binary/train.bin', Buffer.alloc(50000 * record.length, record)],
      ['cifar-100-binary/fine_label_names.txt', Buffer.from('apple\r\naquarium_fish\r\n')],
    ]),
  )

describe('loadCifar100', () => {
  it('reads the archive as it was downloaded, by either label', async () => {
    await writeFile(join(folder, 'cifar-100-binary.tar.gz'), gzipSync(archive(), { level: 1 }))
    const fine = await loadCifar100({ labels: 'fine' }, folder)
    expect([fine.train.count, fine.test!.count, fine.train.classes]).toEqual([50000, 10000, 100])
    expect([fine.train.labels[49999], fine.test!.labels[0], fine.classNames]).toEqual([
      42,
      42,
      ['apple', 'aquarium_fish'],
    ])
    expect([...inputsInMemory(fine.test!).subarray(0, 4)]).toEqual([1, 2, 3, 1])
    const coarse = await loadCifar100({ labels: 'coarse', path: folder })
    expect([coarse.train.labels[0], coarse.train.classes, coarse.classNames]).toEqual([
      7,
      20,
      ['aquatic_mammals', 'fish'],
    ])
  }, 60_000)

  it('says how to get it', async () => {
    await expect(loadCifar100({ labels: 'fine' })).rejects.toMatchObject({
      message: `CIFAR-100 was not found in ${join(folder, 'cache', 'cifar100')}.`,
      help: expect.stringMatching(/data get cifar100.*www.cs.toronto.edu.*--data FOLDER/),
    })
  })
})
