/** Experiments of `npm run interop` on files: each reader of a dataset, in `train` and in scripts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { encodeNpz } from '../../src/tasks/export/npz.ts'
import { makeCase, type InteropCase } from './networkCases.ts'

const threeClasses = `flatten, ${classifier(3)}`
const smaller = 'averagePooling2d: { poolSize: 4 }, flatten'

/** Datasets in the files of `writeFiles`, with the layers of their networks, and the size of a batch if it is not 8. */
const rows: readonly (readonly [name: string, dataset: string, layers: string, batchSize?: number])[] = [
  [
    'a table',
    '{ csv: { path: flowers.csv, label: species, columns: { colour: oneHot, place: index } } }',
    classifier(3),
  ],
  ['a table of values', '{ csv: { path: flowers.csv, label: length, normalize: minMax } }', 'dense: { units: 1 }'],
  ['arrays', '{ npz: { path: arrays.npz } }', 'flatten, dense: { units: 1 }'],
  ['files of MNIST', '{ idx: { path: digits } }', threeClasses],
  ['photographs', '{ cifar10: { path: photographs } }', `${smaller}, ${classifier(10)}`, 10_000],
  [
    'photographs in groups',
    '{ cifar100: { path: photographs, labels: coarse } }',
    `${smaller}, ${classifier(20)}`,
    10_000,
  ],
  ['images', '{ imageFolder: { path: images } }', threeClasses],
  ['enlarged images', '{ imageFolder: { path: images, size: [9, 12] } }', threeClasses],
  ['enlarged images with bars', '{ imageFolder: { path: images, size: [12, 12], fit: contain } }', threeClasses],
  ['stretched images', '{ imageFolder: { path: images, size: [4, 12], fit: fill } }', threeClasses],
  ['gray images', '{ imageFolder: { path: images, channels: 1 } }', threeClasses],
  ['images with opacity', '{ imageFolder: { path: images, channels: 4 } }', threeClasses],
  // Draws differ in Python, so this one is too small to see.
  [
    'images that are changed at random',
    '{ imageFolder: { path: images } }\naugment: [{ randomBrightness: { factor: 1.0e-9 } }]',
    threeClasses,
  ],
  ['images held out for testing', '{ imageFolder: { path: images/train, testSplit: 0.3 } }', threeClasses],
]

function classifier(classes: number): string {
  return `dense: { units: ${classes}, activation: softmax }`
}

/** Writes files of each kind into a folder, and returns a case for each dataset. */
export async function datasetCases(folder: string): Promise<InteropCase[]> {
  await writeFiles(folder)
  return rows.map(([name, dataset, layers, batchSize = 8]) => {
    const text = `name: read
dataset: ${dataset}
layers: [${layers}]
optimizer: { sgd: { learningRate: 0.05 } }
loss: ${layers.includes('softmax') ? 'categoricalCrossentropy' : 'meanSquaredError'}
training: { batchSize: ${batchSize}, epochs: 2, seed: 3, shuffle: false }
`
    const found = makeCase({ group: 'datasets', name, text, file: join(folder, 'read.yaml'), trains: true })
    if (found === undefined) throw new Error(`the spec that reads ${name} has errors`)
    return found
  })
}

async function writeFiles(folder: string): Promise<void> {
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  write('flowers.csv', flowers())
  write('arrays.npz', Buffer.concat(await arrays()))
  for (const [name, content] of Object.entries(digits())) write(`digits/${name}`, content)
  for (const [name, labels, records] of photographs) write(`photographs/${name}`, photographRecords(labels, records))
  for (const [name, count] of Object.entries(classNames))
    write(`photographs/${name}`, Array.from({ length: count }, (_, index) => `kind ${index}\n`).join(''))
  for (const [name, content] of await images()) write(`images/${name}`, content)
}

function flowers(): string {
  const lines = Array.from({ length: 50 }, (_, row) => {
    const [kind, place] = [row % 3, ['north', 'south'][row % 2]]
    const colour = ['white', 'red', 'blue, dark'][(row * 7) % 3]
    return `${(kind * 2 + (row % 7) / 10).toFixed(1)},${row % 5},"${colour}",${place},${['rose', 'lily', 'iris'][kind]}`
  })
  return `length,width,colour,place,species\n${lines.join('\n')}\n`
}

function arrays(): Promise<Buffer[]> {
  const values = (count: number, at: (index: number) => number) => Float32Array.from({ length: count }, (_, i) => at(i))
  const split = (name: string, count: number) => [
    { name: `x_${name}`, shape: [count, 4, 3], values: values(count * 12, (index) => Math.sin(index)) },
    { name: `y_${name}`, shape: [count], values: values(count, (index) => (index * 2) % 3) },
  ]
  return encodeNpz([...split('train', 30), ...split('test', 10)], '')
}

/** Files in the format of MNIST (LeCun 1998): images of 6x5 in three classes. */
function digits(): Readonly<Record<string, Uint8Array>> {
  const file = (sizes: readonly number[], at: (index: number) => number) => {
    const count = sizes.reduce((product, size) => product * size, 1)
    const head = Buffer.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255])])
    return Buffer.concat([head, Uint8Array.from({ length: count }, (_, index) => at(index))])
  }
  const split = (name: string, count: number) => [
    [`${name}-images-idx3-ubyte`, file([count, 6, 5], (index) => (index * 37) % 256)],
    [`${name}-labels-idx1-ubyte`, file([count], (index) => index % 3)],
  ]
  return Object.fromEntries([...split('train', 30), ...split('t10k', 10)])
}

/** The files of CIFAR-10 and CIFAR-100: the number of classes of each label of a record, and the number of records. */
const photographs: readonly (readonly [name: string, labels: readonly number[], records: number])[] = [
  ...['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'].map(
    (name) => [`${name}.bin`, [10], 10_000] as const,
  ),
  ['train.bin', [20, 100], 50_000],
  ['test.bin', [20, 100], 10_000],
]

/** The files with the names of the classes. */
const classNames = { 'batches.meta.txt': 10, 'coarse_label_names.txt': 20, 'fine_label_names.txt': 100 }

/** A hundred different records, again and again. */
function photographRecords(labels: readonly number[], records: number): Uint8Array {
  const length = labels.length + 3072
  const different = Uint8Array.from({ length: 100 * length }, (_, index) => {
    const [record, place] = [Math.floor(index / length), index % length]
    const classes = labels[place]
    return classes === undefined ? (record * 31 + place * 7) % 256 : (record * record) % classes
  })
  return Buffer.alloc(records * length, different)
}

/** Images of 6x5 in three classes, as PNG with and without opacity and as JPEG. */
async function images(): Promise<(readonly [string, Uint8Array])[]> {
  const drawn = ['train', 'test'].flatMap((split) =>
    Array.from({ length: split === 'train' ? 30 : 9 }, async (_, index) => {
      const channels = index % 2 === 0 ? 3 : 4
      const pixels = Uint8Array.from({ length: 30 * channels }, (_value, at) => (at * (index + 3) * 11) % 256)
      const image = sharp(pixels, { raw: { width: 5, height: 6, channels } })
      const [ending, file] = index % 3 === 0 ? (['jpg', image.jpeg()] as const) : (['png', image.png()] as const)
      return [`${split}/kind${index % 3}/${index}.${ending}`, await file.toBuffer()] as const
    }),
  )
  return Promise.all(drawn)
}
