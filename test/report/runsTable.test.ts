import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { listRuns, renderRuns, sortRuns, warnOfTestSelection, type RunRow } from '../../src/report/run/runsTable.ts'
import { digits } from './smallRun.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const root = temporaryFolder()

interface Stated {
  readonly spec?: string
  readonly hour: number
  readonly epochs: readonly object[]
  readonly test?: object
}

function writeRun(name: string, { spec, hour, epochs, test }: Stated): void {
  const folder = join(root, name)
  mkdirSync(folder)
  const write = (file: string, content: unknown) =>
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content))
  write('environment.json', { date: `2026-11-25T0${hour}:00:00.000Z`, engine: { name: 'wasm' } })
  if (spec !== undefined) {
    write('spec.yaml', spec)
    write('resolved.json', checkText(spec, 'spec.yaml').spec)
  }
  write('metrics.jsonl', epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''))
  if (test) write('evaluation.json', test)
}

const epoch = (number: number, accuracy: number) => ({
  epoch: number,
  loss: 1 - accuracy,
  accuracy,
  val_accuracy: accuracy - 0.01,
  seconds: 30,
  imagesPerSecond: 100,
})

writeRun('b', {
  spec: digits.replace('filters: 8', 'filters: 16'),
  hour: 2,
  epochs: [epoch(1, 0.8), epoch(2, 0.97), epoch(3, 0.9)],
})
writeRun('a', {
  spec: digits,
  hour: 1,
  epochs: [epoch(1, 0.5), epoch(2, 0.6), epoch(3, 0.7)],
  test: { loss: 0.3, accuracy: 0.71 },
})
writeRun('c', { spec: digits.replace('small-digits', 'other'), hour: 3, epochs: [] })
writeRun('d', { hour: 4, epochs: [{ epoch: 1, loss: 0.25, seconds: 4000 }] })
mkdirSync(join(root, 'no-run'))
writeFileSync(join(root, 'notes.txt'), '')

const failOnDamage = (error: Error): never => {
  throw error
}

it('lists runs by date: their best figure, and their changes since the previous run of the same name', async () => {
  const rows = await listRuns(root, failOnDamage)
  expect(rows).toEqual([
    {
      folder: join(root, 'a'),
      name: 'small-digits',
      date: '2026-11-25T01:00:00.000Z',
      engine: 'wasm',
      epochs: 3,
      plannedEpochs: 3,
      seconds: 90,
      best: { metric: 'validation accuracy', value: expect.closeTo(0.69, 10) as number, upwards: true },
      test: { metric: 'test accuracy', value: 0.71, upwards: true },
    },
    {
      folder: join(root, 'b'),
      name: 'small-digits',
      date: '2026-11-25T02:00:00.000Z',
      engine: 'wasm',
      epochs: 3,
      plannedEpochs: 3,
      seconds: 90,
      best: { metric: 'validation accuracy', value: 0.96, upwards: true },
      changes: 'conv2d filters 8→16',
    },
    {
      folder: join(root, 'c'),
      name: 'other',
      date: '2026-11-25T03:00:00.000Z',
      engine: 'wasm',
      epochs: 0,
      plannedEpochs: 3,
      seconds: 0,
    },
    {
      folder: join(root, 'd'),
      name: 'd',
      date: '2026-11-25T04:00:00.000Z',
      engine: 'wasm',
      epochs: 1,
      seconds: 4000,
      best: { metric: 'training loss', value: 0.25, upwards: false },
    },
  ])
  const table = renderRuns(rows)
  expect(table).toMatch(
    /b +│ 25 Nov 2026, 02:00 │ wasm +│ +3\/3 │ 96\.00% validation accuracy │ +│ 1 min 30 s │ conv2d filters 8→16 │/,
  )
  expect(table).toMatch(/a +│ .*│ 69\.00% validation accuracy │ 71\.00% test accuracy │/)
  expect(table).toMatch(/d +│ 25 Nov 2026, 04:00 │ wasm +│ +1 │ 0\.2500 training loss +│ +│ 1 h 06 min │/)
})

it.each([
  ['date', 'abcd'],
  ['name', 'dcab'],
  ['best', 'badc'],
  ['time', 'cabd'],
] as const)('goes by %s: %s', async (order, expected) => {
  const rows = sortRuns(await listRuns(root, failOnDamage), order)
  expect(rows.map(({ folder }) => folder.at(-1)).join('')).toBe(expected)
})

it('leaves out lines of metrics that were cut short, and takes the last of an epoch that was trained twice', async () => {
  writeRun('e', { spec: digits, hour: 5, epochs: [epoch(1, 0.1), epoch(1, 0.2)] })
  writeFileSync(join(root, 'e', 'metrics.jsonl'), '{"epoch":2,"loss":0.', { flag: 'a' })
  const row = (await listRuns(root, failOnDamage)).find(({ folder }) => folder.endsWith('e'))
  expect(row).toMatchObject({ epochs: 1, best: { value: expect.closeTo(0.19, 10) } })
})

describe('choosing by the test samples', () => {
  const row = (name: string, metric: string): RunRow => ({
    folder: name,
    name,
    epochs: 1,
    seconds: 1,
    best: { metric, value: 0.5, upwards: true },
  })
  const [ofTest, ofValidation, ofTraining] = ['test accuracy', 'validation accuracy', 'training loss'] as const

  it.each<[string, RunRow[], 'date' | 'best', RegExp | undefined]>([
    ['two runs of a name', [row('a', ofTest), row('a', ofTest)], 'date', /^2 runs have no validation/],
    [
      'three of four',
      [row('a', ofTest), row('a', ofTest), row('b', ofTest), row('b', ofValidation)],
      'date',
      /^2 runs/,
    ],
    ['one run of each name', [row('a', ofTest), row('b', ofTest)], 'date', undefined],
    ['one run of each name, by the best', [row('a', ofTest), row('b', ofTest)], 'best', /^2 runs/],
    ['a single one, by the best', [row('a', ofTest), row('b', ofValidation)], 'best', undefined],
    ['runs with validation', [row('a', ofValidation), row('a', ofValidation)], 'best', undefined],
    ['runs without test samples', [row('a', ofTraining), row('a', ofTraining)], 'best', undefined],
  ])('%s', (_name, rows, order, message) => {
    const warning = warnOfTestSelection(rows, order)
    if (message === undefined) expect(warning).toBeUndefined()
    else
      expect(warning).toEqual({
        message: expect.stringMatching(message),
        help: expect.stringContaining('validationSplit'),
      })
  })
})
