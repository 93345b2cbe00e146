/** What `check` learns from the files of a dataset, by their headers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { applyEdits } from '../../../src/diagnostics/diagnostic.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { bytesOf, writeNpy } from '../../runtime/formats/npyFixture.ts'
import { writeZip } from '../../runtime/formats/zipFixture.ts'
import { writeIdx } from '../../runtime/datasets/idxFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const folder = temporaryFolder()

mkdirSync(join(folder, 'kmnist'))
writeFileSync(
  join(folder, 'kmnist', 'train-images-idx3-ubyte.gz'),
  gzipSync(writeIdx([50, 28, 28], new Uint8Array(50 * 784))),
)
writeFileSync(
  join(folder, 'kmnist', 'train-labels-idx1-ubyte.gz'),
  gzipSync(
    writeIdx(
      [50],
      Array.from({ length: 50 }, (_, at) => at % 7),
    ),
  ),
)
writeFileSync(join(folder, 'iris.csv'), 'length,colour,species\n1,red,a\n2,blue,b\n3,red,c\n')
writeFileSync(join(folder, 'houses.csv'), 'size,price\n1,10\n2,20\n')
writeFileSync(join(folder, 'alike.csv'), 'size,kind\n1,a\n2,a\n')
writeFileSync(join(folder, 'bare.csv'), '1,1,a\n2,3,b\n')
writeFileSync(join(folder, 'gap.csv'), 'size,price\n1,10\n,20\n')
const wide = Array.from({ length: 60_000 }, (_, row) => `${row},${row * 2},word${row % 3},${row % 5}`).join('\n')
writeFileSync(join(folder, 'large.csv'), `a,b,c,y\n${wide}\n`)
const x = writeNpy('|u1', [8, 6, 5], new Uint8Array(240))
const y = writeNpy('<i8', [8], bytesOf(BigInt64Array.from([0n, 1n, 2n, 3n, 0n, 1n, 2n, 3n])))
writeFileSync(
  join(folder, 'data.npz'),
  writeZip(
    new Map([
      ['x_train.npy', x],
      ['y_train.npy', y],
    ]),
    true,
  ),
)
writeFileSync(join(folder, 'x.npy'), x)
writeFileSync(join(folder, 'y.npy'), writeNpy('<f4', [8], new Uint8Array(32)))
writeFileSync(join(folder, 'half.npy'), writeNpy('<f2', [8], new Uint8Array(16)))
writeFileSync(join(folder, 'broken.npz'), 'no archive')

const check = (dataset: string, layers = '[flatten, { dense: { units: 3 } }]', rest = '', data?: string) =>
  checkText(`name: example\ndataset: ${dataset}\nlayers: ${layers}\n${rest}`, join(folder, 'spec.yaml'), {
    host: nodeHost,
    data,
  })

describe('facts', () => {
  it.each([
    ['idx', '{ idx: { path: kmnist } }', { sampleShape: [28, 28, 1], classes: 7, trainCount: 50 }],
    [
      'a table of classes',
      '{ csv: { path: iris.csv, label: species } }',
      { sampleShape: [3], classes: 3, trainCount: 3 },
    ],
    ['a table of values', '{ csv: { path: houses.csv, label: price } }', { sampleShape: [1], hasValues: true }],
    [
      'a table that is looked at in part',
      '{ csv: { path: large.csv, label: y, columns: { c: { index: { values: [word0, word1, word2] } } } } }',
      { sampleShape: [3], hasValues: true },
    ],
    ['npz', '{ npz: { path: data.npz } }', { sampleShape: [6, 5, 1], classes: 4, trainCount: 8 }],
    ['npy', '{ npy: { inputs: x.npy, targets: y.npy } }', { sampleShape: [6, 5, 1], hasValues: true, trainCount: 8 }],
    ['npy of another shape', '{ npy: { inputs: x.npy, targets: y.npy, shape: [30] } }', { sampleShape: [30] }],
  ])('of %s', (_name, dataset, facts) => {
    const { spec, diagnostics } = check(dataset, '[flatten, { dense: { units: 3 } }]')
    expect(spec.facts).toMatchObject(facts)
    expect(diagnostics.map(({ code }) => code).filter((code) => code.startsWith('data/'))).toEqual([])
  })

  it('of the file on the command line, which overrides the spec', () => {
    const dataset = '{ csv: { path: none/iris.csv, label: species } }'
    expect(check(dataset, undefined, '', folder).spec.facts).toMatchObject({ sampleShape: [3] })
    expect(check(dataset, undefined, '', join(folder, 'iris.csv')).spec.facts).toMatchObject({ classes: 3 })
  })
})

describe('labels', () => {
  const trained = (loss: string) => `optimizer: sgd\nloss: ${loss}\ntraining: { batchSize: 2 }`
  it.each([
    ['numbers that are meant as classes', 'houses.csv', 'price', 'set `labels: classes`', 'labels: classes'],
    ['one class', 'alike.csv', 'kind', 'cannot learn from one class', undefined],
  ])('of %s', (_name, file, label, help, fixed) => {
    const layers = '[dense: { units: 2, activation: softmax }]'
    const { diagnostics, source } = check(
      `{ csv: { path: ${file}, label: ${label} } }`,
      layers,
      trained('categoricalCrossentropy'),
    )
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]?.help).toContain(help)
    const [fix] = diagnostics[0]!.fixes ?? []
    if (fixed !== undefined) expect(applyEdits(source.text, fix!.edits)).toContain(fixed)
  })
})

describe('layers that take whole numbers', () => {
  const columns = (rest: string) => `{ csv: { path: iris.csv, label: species, columns: { colour: index, ${rest} } } }`
  it.each([
    ['a scaled column', columns('length: number'), 3, 'meaning/not-indices'],
    ['too many categories', columns('length: ignore'), 1, 'data/index-out-of-range'],
    ['categories that it has', columns('length: ignore'), 2, undefined],
    ['bytes', '{ npz: { path: data.npz } }', 256, 'meaning/not-indices'],
  ])('get %s', (_name, dataset, inputDim, code) => {
    const layers = `[flatten, embedding: { inputDim: ${inputDim}, outputDim: 2 }, flatten, { dense: { units: 3 } }]`
    const placed = dataset.includes('npz') ? layers : layers.replace('flatten, ', '')
    const { diagnostics } = check(dataset, placed, 'training: { batchSize: 2 }')
    expect(diagnostics[0]?.code).toBe(code)
  })
})

describe('problems', () => {
  const stated = 'input: { shape: [3] }'
  it.each<[string, string, string, string, RegExp]>([
    [
      'a file that is not here',
      '{ csv: { path: none.csv, label: a } }',
      '',
      'data/unknown-shape',
      /none.csv was not found, so the shape/,
    ],
    [
      'a file that is not here, with the input stated',
      '{ csv: { path: none.csv, label: a } }',
      stated,
      'data/not-found',
      /none.csv was not found$/,
    ],
    [
      'a label that is no column',
      '{ csv: { path: iris.csv, label: kind } }',
      stated,
      'data/unknown-column',
      /no column `kind`/,
    ],
    [
      'an array that is not there',
      '{ npz: { path: data.npz, inputs: x } }',
      stated,
      'data/unknown-column',
      /no array `x`/,
    ],
    [
      'a missing value',
      '{ csv: { path: gap.csv, label: price } }',
      stated,
      'data/unreadable',
      /line 3: the value of "size" is missing/,
    ],
    [
      'a sample as the names of the columns',
      '{ csv: { path: bare.csv, label: a } }',
      stated,
      'data/unreadable',
      /bare.csv has two columns named "1"/,
    ],
    [
      'elements that are not numbers',
      '{ npy: { inputs: half.npy, targets: y.npy } }',
      stated,
      'data/unreadable',
      /half.npy has elements of the type <f2/,
    ],
    [
      'a damaged archive',
      '{ npz: { path: broken.npz } }',
      stated,
      'data/unreadable',
      /broken.npz is damaged: its directory is missing/,
    ],
    [
      'samples that cannot have the shape',
      '{ npy: { inputs: x.npy, targets: y.npy, shape: [7, 5] } }',
      stated,
      'data/unreadable',
      /samples of .*x.npy are 6 x 5 and cannot be reshaped to 7 x 5/,
    ],
    [
      'test samples without labels',
      '{ npy: { inputs: x.npy, targets: y.npy, testInputs: x.npy } }',
      'training: { batchSize: 2 }',
      'data/unreadable',
      /`testInputs` is stated without `testTargets`/,
    ],
    [
      'a folder that holds something else',
      '{ idx: { path: . } }',
      stated,
      'data/unreadable',
      /contains no IDX file of training images/,
    ],
  ])('%s', (_name, dataset, rest, code, message) => {
    const { diagnostics } = check(dataset, '[{ dense: { units: 3 } }]', rest)
    expect(diagnostics.map((one) => one.code)).toEqual([code])
    expect(diagnostics[0]!.message).toMatch(message)
    expect(diagnostics[0]!.severity).toBe(code === 'data/not-found' ? 'warning' : 'error')
  })

  it.each<[dataset: string, place: string, fixed: string | undefined]>([
    ['{ csv: { path: iris.csv, label: specie } }', 'specie', 'label: species }'],
    ['{ csv: { path: iris.csv, label: Species } }', 'Species', 'label: species }'],
    ['{ csv: { path: iris.csv, label: species, columns: { color: index } } }', 'color', 'columns: { colour: index }'],
    ['{ csv: { path: iris.csv, label: species, columns: { colour: number } } }', 'colour', undefined],
    ['{ npz: { path: data.npz, targets: Y_train } }', 'Y_train', 'targets: y_train }'],
    ['{ npy: { inputs: x.npy, targets: half.npy } }', 'half.npy', undefined],
    ['{ npy: { inputs: x.npy, targets: y.npy, shape: [30, 2] } }', '[30, 2]', undefined],
  ])('%s is reported at %s', (dataset, place, fixed) => {
    const { diagnostics, source } = check(dataset, '[{ dense: { units: 3 } }]')
    expect(diagnostics.map(({ span }) => source.text.slice(span.start, span.end))).toEqual([place])
    const mended = diagnostics[0]!.fixes.map(({ edits }) => applyEdits(source.text, edits))
    expect(mended).toEqual(fixed === undefined ? [] : [expect.stringContaining(fixed)])
  })

  it.each([
    ['{ csv: { path: https://example.org/iris.csv, label: a } }', 'download it first'],
    ['{ csv: { path: ~/iris.csv, label: a } }', 'write the whole path'],
    ["{ csv: { path: 'data\\iris.csv', label: a } }", 'write `/` between folders'],
  ])('explain the path of %s', (dataset, help) => {
    expect(check(dataset).diagnostics[0]?.help).toContain(help)
  })

  it('of networks that do not fit the files', () => {
    const rest = 'optimizer: adam\nloss: categoricalCrossentropy\ntraining: { batchSize: 2 }'
    const units = '[{ dense: { units: 5, activation: softmax } }]'
    const { diagnostics } = check('{ csv: { path: iris.csv, label: species } }', units, rest)
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['meaning/class-count', 'the network ends in 5 units, but `csv` has 3 classes'],
    ])
  })
})
