/** Test samples that a network is wrong on are named by their file, line or number, wherever they are told. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { encodeNpy } from '../../src/tasks/export/npz.ts'
import { writeImages } from '../runtime/datasets/imageFixture.ts'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let folder = ''
beforeAll(async () => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'data'))
  const numbers = [0, 1, 2, 3, 4, 5]
  await writeImages(
    join(folder, 'images'),
    ['train', 'test'].flatMap((split) =>
      numbers.flatMap((number) => [`${split}/cat/${number}.png`, `${split}/dog/${number}.png`]),
    ),
  )
  // The labels of the rows say nothing, so that about half of the answers are wrong.
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 7},${row % 5},${row % 2 ? 'yes' : 'no'},${row % 3}\n`)
  writeFileSync(join(folder, 'data/classes.csv'), `a,b,label,value\n${rows.join('')}`)
  writeFileSync(
    join(folder, 'data/x.npy'),
    encodeNpy({ shape: [20, 2], values: Float32Array.from({ length: 40 }, (_, at) => at % 7) }),
  )
  writeFileSync(
    join(folder, 'data/y.npy'),
    encodeNpy({ shape: [20], values: Float32Array.from({ length: 20 }, (_, at) => at % 2) }),
  )
}, 60_000)

const classes =
  'layers:\n  - flatten\n  - dense: { units: 2, activation: softmax }\nloss: sparseCategoricalCrossentropy\n'
const values = 'layers:\n  - dense: { units: 1 }\nloss: meanSquaredError\n'
const training = 'optimizer: { sgd: { learningRate: 0.000001 } }\ntraining: { epochs: 1, batchSize: 8 }\n'

it.each<[string, string, RegExp]>([
  [
    'images',
    `dataset: { imageFolder: { path: images, size: [4, 4] } }\n${classes}`,
    /images\/test\/(cat|dog)\/\d\.png/,
  ],
  [
    'rows of a table',
    `dataset: { csv: { path: data/classes.csv, label: label, columns: { value: ignore }, testSplit: 0.5 } }\n${classes.replace('  - flatten\n', '')}`,
    /data\/classes\.csv:\d+/,
  ],
  [
    'rows with values',
    `dataset: { csv: { path: data/classes.csv, label: value, columns: { label: ignore }, labels: values, testSplit: 0.5 } }\n${values}`,
    /data\/classes\.csv:\d+/,
  ],
  [
    'entries of an array',
    `dataset: { npy: { inputs: data/x.npy, targets: data/y.npy, labels: classes, testSplit: 0.5 } }\n${classes.replace('  - flatten\n', '')}`,
    /sample \d+ of \S*data\/x\.npy/,
  ],
])('%s', async (name, spec, place) => {
  const run = join(folder, name)
  writeFileSync(join(folder, 'spec.yaml'), `name: named\n${spec}${training}`)
  const trained = await callCommand(['train', join(folder, 'spec.yaml'), '--out', run, '--backend', 'cpu', '-q'])
  expect([trained.stderr, trained.code]).toEqual(['', 0])
  const told = await callCommand(['evaluate', join(run, 'named'), '--backend', 'cpu'])
  const [first, title, sample] = told.stdout.split('\n')
  expect(first).toMatch(/^test {2}loss: /)
  expect(title).toMatch(/^(most confident mistakes|largest errors):$/)
  expect(sample).toMatch(place)
  const { stdout } = await callCommand(['evaluate', join(run, 'named'), '--backend', 'cpu', '--format', 'json'])
  const [output] = (JSON.parse(stdout) as { outputs: Record<string, { origin?: { file: string } }[]>[] }).outputs
  expect((output!['mistakes'] ?? output!['worst'])![0]!.origin!.file).toMatch(/\.(png|csv|npy)$/)
  expect(readFileSync(join(run, 'named/report.html'), 'utf8')).toMatch(place)
})
