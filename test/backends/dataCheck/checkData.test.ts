/** What `check --data` finds in small data of every kind, each with its place. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { checkData, type DataCheckOptions } from '../../../src/tasks/checkData/checkData.ts'
import { checkText } from '../../../src/analyze.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { formatEvidence } from '../../../src/diagnostics/diagnostic.ts'
import { writeIdx } from '../../runtime/datasets/idxFixture.ts'
import { writeImage, writeImages, writeTruncatedImage } from '../../runtime/datasets/imageFixture.ts'
import { bytesOf, writeNpy } from '../../runtime/formats/npyFixture.ts'
import { writeZip } from '../../runtime/formats/zipFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'
import { small, tables } from './tables.ts'

const folder = temporaryFolder()

const softmax = (units: number) => `[flatten, { dense: { units: ${units}, activation: softmax } }]`
const ofVectors = (units: number) => `[{ dense: { units: ${units}, activation: softmax } }]`

/** Code, severity and message of each diagnostic, with its places below; files without the folder that they are in. */
async function look(dataset: string, layers = softmax(2), rest = '', options: DataCheckOptions = {}) {
  const text = `name: example\ndataset: ${dataset}\nlayers: ${layers}\n${rest}\n`
  const analysis = checkText(text, join(folder, 'spec.yaml'), { host: nodeHost, data: options.data })
  const { diagnostics } = await checkData(analysis, options)
  return diagnostics.map(({ code, severity, message, evidence }) =>
    [`${severity} ${code}: ${message}`, ...(evidence ? formatEvidence(evidence) : [])].map((line) =>
      line.replaceAll(`${folder}/`, ''),
    ),
  )
}

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(folder, name), content)
}

const floats = (shape: readonly number[], ...values: number[]) =>
  writeNpy('<f4', shape, bytesOf(Float32Array.from(values)))
const bytes = (shape: readonly number[], ...values: number[]) => writeNpy('|u1', shape, Uint8Array.from(values))

describe('csv', () => {
  const csv = (options: string) => `{ csv: { path: table.csv, label: kind${options} } }`
  it.each(tables)('%s', async (_name, text, options, rest, want) => {
    write('table.csv', text)
    expect(await look(csv(options), ofVectors(2), rest)).toEqual(want)
  })

  it('of values: equal inputs may have different ones, and infinity is an error', async () => {
    write('values.csv', 'a,y\n1,2\n1,3\n4,1e60\n')
    expect(await look('{ csv: { path: values.csv, label: y } }', '[{ dense: { units: 1 } }]', small)).toEqual([
      [
        'error data/not-finite: 1 of 3 samples contains a value that is NaN or infinite',
        'values.csv:4: the label is Infinity',
      ],
    ])
    write('values.csv', 'a,y\n1,2\n2,2\n')
    expect(await look('{ csv: { path: values.csv, label: y } }', '[{ dense: { units: 1 } }]', small)).toEqual([
      ['error data/one-class: all 2 training samples have the label 2'],
    ])
  })

  it('reads a large file completely if its beginning does not decide', async () => {
    write('table.csv', `a,kind\n${Array.from({ length: 20_000 }, (_, row) => `${row},kind${row % 3}\n`).join('')}`)
    expect(await look(csv(''), ofVectors(2), 'loss: categoricalCrossentropy\noptimizer: adam')).toEqual([
      ['error meaning/class-count: the network ends in 2 units, but `csv` has 3 classes'],
    ])
  })
})

describe('arrays', () => {
  it('of npy: coordinates of NaN, and labels beyond the units', async () => {
    write('x.npy', floats([4, 2, 2], 1, 2, 3, 4, 5, 6, Number.NaN, 8, 9, 10, 11, 12, 13, 14, 15, Number.NaN))
    write('y.npy', bytes([4], 0, 1, 255, 1))
    const npy = '{ npy: { inputs: x.npy, targets: y.npy } }'
    const trained = 'loss: sparseCategoricalCrossentropy\noptimizer: adam\ntraining: { batchSize: 2 }'
    expect(await look(npy, softmax(2), trained)).toEqual([
      [
        'error data/not-finite: 2 of 4 samples contain a value that is NaN or infinite',
        'x.npy: sample 1 (train): value [1, 0] is NaN',
        'x.npy: sample 3 (train): value [1, 1] is NaN',
      ],
      [
        'error data/label-out-of-range: 1 of 4 samples has a label out of range: `255`; the 2 units of the network allow 0 to 1',
        'x.npy: sample 2 (train): the label is 255',
      ],
    ])
  })

  it('of npz: too few units where every class occurs, and samples in two arrays', async () => {
    const files = {
      x_train: bytes([3, 2], 1, 2, 3, 4, 5, 6),
      y_train: bytes([3], 0, 1, 2),
      x_test: bytes([2, 2], 7, 8, 3, 4),
      y_test: bytes([2], 0, 1),
    }
    write('data.npz', writeZip(new Map(Object.entries(files).map(([name, file]) => [`${name}.npy`, file])), true))
    const trained = 'loss: sparseCategoricalCrossentropy\noptimizer: adam\ntraining: { batchSize: 2 }'
    expect(await look('{ npz: { path: data.npz, shape: [2] } }', ofVectors(2), trained)).toEqual([
      [
        'warning data/leaked-samples: 1 of 2 test samples is also a training sample',
        'data.npz: sample 1 (test): the same as sample 1 (train) of data.npz',
      ],
      ['hint data/missing-class: 1 of 3 classes is not among the 2 test samples: `2`'],
      ['error meaning/class-count: the network ends in 2 units, but `npz` has 3 classes'],
    ])
  })

  it('of npy: numbers that an embedding does not accept', async () => {
    write('x.npy', floats([3, 2], 0, 3, -1, 2, 1.5, 1))
    write('y.npy', bytes([3], 0, 1, 0))
    const layers = '[embedding: { inputDim: 3, outputDim: 2 }, flatten, { dense: { units: 2, activation: softmax } }]'
    expect(await look('{ npy: { inputs: x.npy, targets: y.npy } }', layers, 'training: { batchSize: 2 }')).toEqual([
      [
        'error data/index-out-of-range: 3 of 3 samples have a number that `embedding` does not accept: it takes whole numbers from 0 to 2',
        'x.npy: sample 0 (train): value 1 is 3',
        'x.npy: sample 1 (train): value 0 is -1',
        'x.npy: sample 2 (train): value 0 is 1.5',
      ],
    ])
  })

  it.each([
    ['poisson', 'csv', '{ csv: { path: values.csv, label: y } }', -1.25],
    ['meanSquaredLogarithmicError', 'npy', '{ npy: { inputs: x.npy, targets: y.npy } }', -0.1],
  ])('a label below those of %s in %s', async (loss, type, dataset, label) => {
    write('values.csv', `a,y\n1,0.5\n2,${label}\n3,2\n`)
    write('x.npy', floats([3, 1], 1, 2, 3))
    write('y.npy', floats([3], 0.5, label, 2))
    const training = `loss: ${loss}\noptimizer: adam\ntraining: { batchSize: 2 }`
    expect(await look(dataset, '[{ dense: { units: 1, activation: softplus } }]', training)).toEqual([
      [`error meaning/loss-labels: \`${loss}\` requires labels of at least 0, but a label of \`${type}\` is ${label}`],
    ])
  })

  it('of idx: a class that never occurs', async () => {
    write('train-images-idx3-ubyte', writeIdx([3, 1, 2], Uint8Array.of(1, 2, 3, 4, 5, 6)))
    write('train-labels-idx1-ubyte', writeIdx([3], Uint8Array.of(1, 2, 1)))
    expect(await look('{ idx: { path: . } }', softmax(3), 'training: { batchSize: 2 }')).toEqual([
      ['warning data/missing-class: 1 of 3 classes is not among the 3 training samples: `0`'],
    ])
  })
})

describe('imageFolder', () => {
  beforeAll(async () => {
    const names = ['train/cat/1.png', 'train/cat/2.png', 'train/dog/3.png', 'train/dog/4.png', 'test/cat/5.png']
    await writeImages(join(folder, 'pets'), names)
    copyFileSync(join(folder, 'pets/train/cat/2.png'), join(folder, 'pets/test/cat/copy.png'))
    await writeTruncatedImage(join(folder, 'pets/train/cat/half.jpg'))
    await writeTruncatedImage(join(folder, 'pets/test/dog/half.jpg'))
    writeFileSync(join(folder, 'pets/train/dog/page.png'), '<html>not found</html>')
  })
  const pets = '{ imageFolder: { path: pets, size: [4, 6]'

  it.each(['1GB', '100B'])('reports every image that cannot be decoded, with %s of memory', async (memory) => {
    const found = await look(`${pets}, memory: ${memory} } }`, softmax(2), 'training: { batchSize: 2 }')
    const [unreadable, leaked, ...others] = found
    expect(unreadable![0]).toBe('error data/unreadable: 3 of 9 samples cannot be read, which would stop the training')
    expect(unreadable!.slice(1).toSorted()).toEqual([
      expect.stringMatching(/^pets\/test\/dog\/half\.jpg: cannot be decoded: /) as string,
      expect.stringMatching(/^pets\/train\/cat\/half\.jpg: cannot be decoded: /) as string,
      expect.stringMatching(/^pets\/train\/dog\/page\.png: cannot be decoded: /) as string,
    ])
    expect(leaked).toEqual([
      'warning data/leaked-samples: 1 of 3 test samples is also a training sample',
      'pets/test/cat/copy.png: the same as pets/train/cat/2.png',
    ])
    expect(others).toEqual([])
  })

  it('counts the images in formats that are not read', async () => {
    await writeImages(join(folder, 'mixed'), ['train/a/1.png', 'train/b/2.png', 'test/a/3.png', 'test/b/4.png'])
    for (const name of ['train/a/5.GIF', 'train/b/deep/6.tif', 'test/b/7.bmp', 'train/b/notes.txt', 'train/a/.8.gif']) {
      mkdirSync(dirname(join(folder, 'mixed', name)), { recursive: true })
      writeFileSync(join(folder, 'mixed', name), '')
    }
    const mixed = '{ imageFolder: { path: mixed, size: [4, 6] } }'
    expect(await look(mixed, softmax(2), 'training: { batchSize: 2 }')).toEqual([
      [
        'warning data/skipped-images: 3 images in another format than PNG, JPEG or WebP are skipped, such as mixed/train/a/5.GIF',
      ],
    ])
  })

  it('reports the first ten, and how many there are', async () => {
    await writeImage(join(folder, 'many/a/good.png'))
    await writeImage(join(folder, 'many/b/good.png'), { colour: [9, 9, 9] })
    for (let number = 0; number < 12; number++) writeFileSync(join(folder, `many/a/${number}.png`), 'no image')
    const [found] = await look(
      '{ imageFolder: { path: many, size: [4, 6], testSplit: 0 } }',
      softmax(2),
      'training: { batchSize: 2 }',
    )
    expect([found![0], found!.length, found!.at(-1)]).toEqual([
      'error data/unreadable: 12 of 14 samples cannot be read, which would stop the training',
      12,
      'and 2 more',
    ])
  })

  it('reads images once that are both validation and test images', async () => {
    await writeImages(join(folder, 'val'), ['train/a/1.png', 'train/b/2.png', 'val/a/3.png', 'val/b/4.png'])
    const splits = vi.fn<NonNullable<DataCheckOptions['onSplits']>>()
    const found = await look('{ imageFolder: { path: val, size: [4, 6] } }', softmax(2), 'training: { batchSize: 2 }', {
      onSplits: splits,
    })
    expect(found).toEqual([])
    expect(splits.mock.calls[0]![0].map(({ name }) => name)).toEqual(['train', 'validation'])
  })
})

describe('published and generated datasets', () => {
  it('synthetic: samples without noise are all alike', async () => {
    const [leaked, ...others] = await look(
      '{ synthetic: { shape: [3], classes: 2, noise: 0, train: 20, test: 8 } }',
      ofVectors(2),
      'training: { batchSize: 2 }',
    )
    expect(leaked!.slice(0, 2)).toEqual([
      'warning data/leaked-samples: 8 of 8 test samples are also training samples',
      expect.stringMatching(/^test sample 0: the same as train sample \d+$/) as string,
    ])
    expect(others).toEqual([])
  })

  it('mnist is sound', async () => {
    expect(await look('mnist', softmax(10))).toEqual([])
  })

  it.each(['mnist', 'fashionMnist', 'cifar10', 'cifar100'])('%s that is missing says how to get it', async (name) => {
    const units = name === 'cifar100' ? 100 : 10
    const [found, ...others] = await look(name, softmax(units), '', { data: join(folder, 'nowhere') })
    expect(found![0]).toMatch(
      /^error data\/unreadable: .*nowhere.* (is|are) missing|^error data\/unreadable: .* was not found in nowhere/,
    )
    expect(others).toEqual([])
  })
})

describe('data that is not where the spec says', () => {
  const dataset = '{ csv: { path: none/table.csv, label: kind } }'

  it('is one error without warnings', async () => {
    const input = 'input: { shape: [1] }'
    expect(await look(dataset, '[{ dense: { units: 2 } }]', input)).toEqual([
      ['error data/not-found: none/table.csv was not found'],
    ])
    expect(await look(dataset, '[{ dense: { units: 2 } }]', `${input}\nignore: [data/not-found]`)).toEqual([
      ['error data/not-found: none/table.csv was not found'],
    ])
  })

  it('may be named by the command line', async () => {
    write('table.csv', 'a,kind\n1,cat\n2,dog\n')
    expect(await look(dataset, ofVectors(2), 'training: { batchSize: 2 }', { data: folder })).toEqual([])
  })
})

it('is reported at the path in the spec', async () => {
  write('table.csv', 'a,kind\n1,cat\n2,cat\n')
  const text =
    'name: a\ndataset:\n  csv:\n    label: kind\n    path: table.csv\nlayers: [{ dense: { units: 1 } }]\ntraining: { batchSize: 2 }\n'
  const { diagnostics } = await checkData(checkText(text, join(folder, 'spec.yaml')))
  expect(diagnostics.map(({ path, span }) => [path, text.slice(span.start, span.end)])).toEqual([
    [['dataset', 'csv', 'path'], 'table.csv'],
  ])
})

it('reads no data if the dataset has errors, but does despite other errors', async () => {
  write('table.csv', 'a,kind\n1,cat\n2,cat\n')
  const codes = async (dataset: string) =>
    (await look(dataset, '[{ dense: { units: 0 } }]')).map(([line]) => line!.split(/[ :]/)[1])
  expect(await codes('{ csv: { path: table.csv } }')).toEqual(['schema/missing-key', 'schema/out-of-range'])
  expect(await codes('{ csv: { path: table.csv, label: kind } }')).toContain('data/one-class')
})
