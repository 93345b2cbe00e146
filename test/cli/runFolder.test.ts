/** A run from its training to all that is asked of it, on samples that are made up. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const cwd = temporaryFolder()
const classes = `name: blobs
dataset: { synthetic: { shape: [8, 8, 1], classes: 3, train: 60, test: 30 } }
layers:
  - conv2d: { filters: 4, kernelSize: 3, activation: relu }
  - flatten
  - dense: { units: 3, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 10, seed: 3 }
`
const values = classes
  .replace('blobs', 'values')
  .replace('classes: 3', 'labels: values')
  .replace('units: 3, activation: softmax', 'units: 1')
  .replace('categoricalCrossentropy', 'meanSquaredError')
  .replace('[accuracy]', '[meanAbsoluteError]')

const call = (...args: readonly string[]) => callCommand(args, { cwd })
const readJson = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(cwd, ...path), 'utf8'))

describe('a run', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    writeFileSync(join(cwd, 'blobs.yaml'), classes)
    writeFileSync(join(cwd, 'values.yaml'), values)
    const trained = await call('train', 'blobs.yaml', '--backend', 'wasm')
    expect(trained).toMatchObject({ code: 0 })
    expect(trained.stderr).toMatch(/^report: runs.blobs.report\.html$/m)
    expect(await call('train', 'blobs.yaml', '--backend', 'wasm', '--epochs', '1', '--quiet')).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(await call('train', 'values.yaml', '--backend', 'wasm', '--quiet')).toMatchObject({ code: 0 })
  }, 120_000)

  it('leaves a complete folder', () => {
    expect(
      readdirSync(join(cwd, 'runs', 'blobs'))
        .filter((name) => name !== 'checkpoints')
        .toSorted(),
    ).toEqual([
      'environment.json',
      'evaluation.json',
      'inspection.json',
      'manifest.json',
      'metrics.jsonl',
      'model',
      'report.html',
      'resolved.json',
      'spec.yaml',
    ])
    expect(readFileSync(join(cwd, 'runs', 'blobs', 'spec.yaml'), 'utf8')).toBe(classes)
    const page = readFileSync(join(cwd, 'runs', 'blobs', 'report.html'), 'utf8')
    expect(page.includes('Most confused') || page.includes('No sample was misclassified.')).toBe(true)
    expect(readJson('runs', 'blobs', 'model', 'model.json')).toMatchObject({
      userDefinedMetadata: { classNames: ['0', '1', '2'] },
    })
  })

  it('names the command that repeats it, with other epochs and seed than the spec', async () => {
    const options = ['--epochs', '1', '--seed', '9', '--learning-rate', '0.01', '--name', 'again']
    const first = await call('train', 'blobs.yaml', ...options, '--backend', 'wasm', '--quiet')
    const { command } = readJson('runs', 'again', 'resolved.json') as { command: string }
    expect(command).toBe(
      'shapewright train blobs.yaml --name again --epochs 1 --learning-rate 0.01 --seed 9 --backend wasm',
    )
    expect(readFileSync(join(cwd, 'runs', 'again', 'report.html'), 'utf8')).toContain(command)
    const again = await call(...command.split(' ').slice(1), '--quiet')
    const digestOf = ({ stdout }: { readonly stdout: string }) => /^weights sha256: (\w+)$/m.exec(stdout)?.[1]
    expect(digestOf(again)).toBe(digestOf(first))
    expect(digestOf(again)).toMatch(/^[0-9a-f]{64}$/)
    rmSync(join(cwd, 'runs', 'again'), { recursive: true })
    rmSync(join(cwd, 'runs', 'again-2'), { recursive: true })
  })

  it('is evaluated class by class', async () => {
    const { code, stdout } = await call('evaluate', 'runs/blobs', '--backend', 'wasm', '--format', 'json')
    const scores = JSON.parse(stdout) as {
      accuracy: number
      outputs: { confusion: number[][]; classes: { support: number }[] }[]
    }
    const [{ confusion, classes: each }] = scores.outputs as [(typeof scores.outputs)[number]]
    expect(code).toBe(0)
    expect(scores).toMatchObject({ ...(readJson('runs', 'blobs', 'evaluation.json') as object), samples: 30 })
    expect(each.reduce((sum, { support }) => sum + support, 0)).toBe(30)
    expect(confusion.reduce((sum, row, index) => sum + row[index]!, 0) / 30).toBeCloseTo(scores.accuracy, 6)
  })

  it('of values is evaluated by its errors', async () => {
    const { stdout } = await call('evaluate', 'runs/values', '--backend', 'wasm', '--format', 'json')
    const scores = JSON.parse(stdout) as { meanAbsoluteError: number }
    expect(scores).toMatchObject({
      outputs: [
        { kind: 'values', meanAbsoluteError: expect.closeTo(scores.meanAbsoluteError, 5), r2: expect.any(Number) },
      ],
    })
    const page = readFileSync(join(cwd, 'runs', 'values', 'report.html'), 'utf8')
    expect(page).toContain('aria-label="Predictions over targets"')
  })

  it('is in the table of runs, with its changes', async () => {
    const { stdout } = await call('runs', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      runs: [
        { folder: join('runs', 'blobs'), epochs: 2, plannedEpochs: 2, best: { metric: 'test accuracy' } },
        { folder: join('runs', 'blobs-2'), epochs: 1, changes: 'epochs 2→1' },
        { folder: join('runs', 'values'), best: { metric: 'test loss', upwards: false } },
      ],
    })
  })

  it('differs from another run, but not from its own spec', async () => {
    const other = await call('diff', 'runs/blobs', 'runs/blobs-2')
    expect(other).toMatchObject({ code: 1 })
    expect(other.stdout).toMatch(/Settings\n~ {2}training\.epochs {2}2 → 1\n\nResults\n {3}test loss /)
    expect(await call('diff', 'blobs.yaml', 'runs/blobs')).toMatchObject({ code: 0 })
  })

  it('is reported again at a given path', async () => {
    expect(await call('report', 'runs/blobs', '-o', 'page.html')).toMatchObject({ code: 0, stdout: 'page.html\n' })
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toBe(
      readFileSync(join(cwd, 'runs', 'blobs', 'report.html'), 'utf8'),
    )
  })

  it('without test samples is reported, but not evaluated', async () => {
    writeFileSync(join(cwd, 'untested.yaml'), classes.replace('blobs', 'untested').replace('test: 30', 'test: 0'))
    const trained = await call('train', 'untested.yaml', '--backend', 'wasm', '--epochs', '1')
    expect(trained).toMatchObject({ code: 0, stdout: expect.not.stringContaining('test ') })
    const none = 'The dataset has no test samples, so the network is not evaluated.'
    expect(trained.stderr).toContain(none)
    expect(await call('report', 'runs/untested', '--quiet')).toMatchObject({ code: 0, stderr: '' })
    expect(await call('evaluate', 'runs/untested')).toMatchObject({ code: 2, stderr: expect.stringContaining(none) })
  })

  it('of a table refuses samples if their encoding was not saved', async () => {
    const rows = Array.from({ length: 80 }, (_, row) => `${row % 7},${row % 3},${row % 2 === 0 ? 'even' : 'odd'}`)
    writeFileSync(join(cwd, 'rows.csv'), `a,b,kind\n${rows.join('\n')}\n`)
    const [head = ''] = classes.split('\n  - conv2d')
    const table = head.replace(/dataset: .*/, 'dataset: { csv: { path: rows.csv, label: kind, testSplit: 0.25 } }')
    const rest = '\n  - dense: { units: 2, activation: softmax }\noptimizer: adam\nloss: categoricalCrossentropy\n'
    writeFileSync(join(cwd, 'rows.yaml'), `${table.replace('blobs', 'rows')}${rest}`)
    expect(await call('train', 'rows.yaml', '--backend', 'cpu', '--quiet')).toMatchObject({ code: 0 })
    const path = join(cwd, 'runs/rows/model/model.json')
    const model = JSON.parse(readFileSync(path, 'utf8')) as { userDefinedMetadata: { preprocessing: object } }
    Reflect.deleteProperty(model.userDefinedMetadata.preprocessing, 'table')
    writeFileSync(path, JSON.stringify(model))
    // As an earlier version left it, without checksums.
    rmSync(join(cwd, 'runs/rows/manifest.json'))
    const environment = readJson('runs', 'rows', 'environment.json') as Record<string, unknown>
    writeFileSync(join(cwd, 'runs/rows/environment.json'), JSON.stringify({ ...environment, manifest: undefined }))
    const asked = await call('predict', 'runs/rows', 'rows.csv')
    expect(asked).toMatchObject({ code: 2, stdout: '' })
    expect(asked.stderr).toMatch(/does not contain the encoding of its table columns, .*\nhelp: train it again/)
  })

  it('that is resumed does not show old results', async () => {
    const stopped = await runCli(['train', 'blobs.yaml', '--resume', '--epochs', '9000', '--backend', 'wasm'], {
      cwd,
      interruptAt: /Epoch 5\//,
    })
    expect(stopped).toMatchObject({ code: 130 })
    const folder = /saved in (.*)\n/.exec(stopped.stdout)![1]!
    expect(readdirSync(join(cwd, folder))).not.toContain('evaluation.json')
    expect(readFileSync(join(cwd, folder, 'report.html'), 'utf8')).toContain('This run was stopped after epoch')
    expect(await call('report', folder)).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, folder, 'report.html'), 'utf8')).toContain('test accuracy')
  })
})
