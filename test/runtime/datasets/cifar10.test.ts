import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadCifar10 } from '../../../src/parts/datasets/cifar10.fast.ts'
import { decodeCifarRecords, emptyCifarSamples, type CifarFormat } from '../../../src/runtime/data/cifarRecords.ts'
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

/** A record whose red plane counts up from `label`, green is 100 and blue is 200. */
function cifarRecord(label: number): Buffer {
  const red = Buffer.from(Array.from({ length: 1024 }, (_, pixel) => (pixel + label) % 256))
  return Buffer.concat([Buffer.from([label]), red, Buffer.alloc(1024, 100), Buffer.alloc(1024, 200)])
}

const format = (recordsInFile: CifarFormat['recordsInFile']): CifarFormat => ({
  title: 'CIFAR-10',
  archive: '',
  folder: '',
  labelBytes: 1,
  labelAt: 0,
  classes: 10,
  recordsInFile,
  help: 'do this',
})

describe('decodeCifarRecords', () => {
  it('puts the channels last, each file at its place', () => {
    const two = format({ a: 2, b: 2 })
    const samples = emptyCifarSamples(two, ['a', 'b'])
    decodeCifarRecords(Buffer.concat([cifarRecord(3), cifarRecord(9)]), 'b', two, samples, 2)
    decodeCifarRecords(Buffer.concat([cifarRecord(0), cifarRecord(1)]), 'a', two, samples, 0)
    expect(samples).toMatchObject({ count: 4, sampleShape: [32, 32, 3], classes: 10, scale: 1 / 255 })
    expect([...samples.labels]).toEqual([0, 1, 3, 9])
    expect([...samples.inputs.subarray(0, 6)]).toEqual([0, 100, 200, 1, 100, 200])
    expect([...samples.inputs.subarray(3 * 3072, 3 * 3072 + 6)]).toEqual([9, 100, 200, 10, 100, 200])
  })

  it.each([
    ['a short file', Buffer.alloc(3072), 'a is damaged: it has 3072 bytes, but CIFAR-10 has 1 x 3073'],
    ['a label above 9', Buffer.alloc(3073, 10), 'the label of record 0 is 10'],
  ])('refuses %s', (_name, bytes, message) => {
    const one = format({ a: 1 })
    expect(() => decodeCifarRecords(bytes, 'a', one, emptyCifarSamples(one, ['a']), 0)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^data\//), message: expect.stringContaining(message) }),
    )
  })
})

describe('loadCifar10', () => {
  const names = [...[1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`), 'test_batch.bin']
  const whole = Buffer.alloc(10000 * 3073, cifarRecord(4))

  it('says where to get it and where to put it', async () => {
    const failure = await loadCifar10().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: expect.stringMatching(/^data\//) })
    expect(failure).toMatchObject({
      message: expect.stringContaining(join(folder, 'cache', 'cifar10')),
      help: expect.stringMatching(/https:\/\/www.cs.toronto.edu.*--data FOLDER/),
    })
  })

  it('reads the folder of the unpacked archive', async () => {
    const inner = join(folder, 'cifar-10-batches-bin')
    await mkdir(inner)
    for (const name of names) await writeFile(join(inner, name), whole)
    const { train, test, classNames } = await loadCifar10(folder)
    expect([train.count, test!.count, train.labels[49999], classNames[4]]).toEqual([50000, 10000, 4, 'deer'])
    await rm(join(inner, 'test_batch.bin'))
    await expect(loadCifar10(folder)).rejects.toThrow(`${join(inner, 'test_batch.bin')} is missing`)
  }, 30_000)

  it('looks into the archive as it was downloaded', async () => {
    // A whole archive takes seconds to pack, so this one holds too little, and is told so.
    const archive = writeTar(new Map(names.map((name) => [`cifar-10-batches-bin/${name}`, cifarRecord(4)])))
    await writeFile(join(folder, 'cifar-10-binary.tar.gz'), gzipSync(archive))
    await expect(loadCifar10(folder)).rejects.toThrow('data_batch_1.bin is damaged: it has 3073 bytes')
  })

  it('misses a file of the archive', async () => {
    const archive = writeTar(new Map([['cifar-10-batches-bin/readme.html', Buffer.from('hello')]]))
    await writeFile(join(folder, 'cifar-10-binary.tar.gz'), gzipSync(archive))
    await expect(loadCifar10(folder)).rejects.toThrow('has no data_batch_1.bin and no data_batch_2.bin')
  })

  it('refuses a broken archive', async () => {
    await writeFile(join(folder, 'cifar-10-binary.tar.gz'), 'not gzip')
    await expect(loadCifar10(folder)).rejects.toThrow('cifar-10-binary.tar.gz is damaged: incorrect header check')
  })
})
