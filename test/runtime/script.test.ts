import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KnownError } from '../../src/system/knownError.ts'
import { categoricalCrossentropy } from '../../src/backends/generated/losses.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { runScript } from '../../src/tasks/script/runScript.ts'
import { loadSaved } from './loadSaved.ts'
import { tinyExperiment } from './tinyExperiment.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let folder: string
let out: string
let err: string

beforeEach(() => {
  folder = temporaryFolder()
  out = ''
  err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
})

afterEach(() => {
  vi.restoreAllMocks()
})

async function failToLoad(from?: string): Promise<never> {
  throw new KnownError('data/unreadable', `nothing in ${from}`, 'look elsewhere')
}

const cpu = ['--backend', 'cpu']

describe('runScript', () => {
  it('trains, evaluates and saves', async () => {
    const run = join(folder, 'run')
    const args = ['--epochs', '3', '--batch-size', '16', '--seed', '9', '--out', run]
    expect(await runScript(tinyExperiment(), [...args, ...cpu])).toBe(0)
    expect(err).toMatch(
      /^engine: cpu, TensorFlow\.js [\d.]+ in plain JavaScript \(faster: npx shapewright setup native\)\ntiny: 38 parameters/,
    )
    expect(err).toContain('Epoch 3/3')
    const digest = weightsDigest(await loadSaved(join(run, 'model')))
    expect(out).toMatch(
      new RegExp(`^test {2}loss: \\d\\.\\d{4} {2}accuracy: \\d\\.\\d{4}\nweights sha256: ${digest}\nsaved in .*run\n$`),
    )
    expect((await readFile(join(run, 'metrics.jsonl'), 'utf8')).split('\n')).toHaveLength(4)
    expect((await readdir(run)).toSorted()).toEqual([
      'checkpoints',
      'environment.json',
      'evaluation.json',
      'manifest.json',
      'metrics.jsonl',
      'model',
    ])
  })

  it('says what it takes', async () => {
    expect(await runScript(tinyExperiment(), ['--help'])).toBe(0)
    expect(out).toContain('--batch-size N       the number of samples per step (8)')
  })

  it.each([
    [['--epoch', '3'], "Unknown option '--epoch'"],
    [['--epochs', '0'], '--epochs must be a whole number from 1'],
    [['--epochs', '1.5'], 'not "1.5"'],
    [['--seed=-1'], '--seed must be a whole number from 0'],
    [['--learning-rate', '0'], '--learning-rate must be a number above 0, not "0"'],
    [['--learning-rate', '1e999'], '--learning-rate must be a number above 0'],
    [['--learning-rate='], '--learning-rate must be a number above 0'],
    [['--batch-size'], 'argument missing'],
    [['extra'], "Unexpected argument 'extra'"],
    [['--backend', 'gpu'], '--backend must be one of auto, node, wasm, cpu, webgpu, not "gpu"'],
    [['--resume', 'run', '--out', 'there'], '--resume saves in the folder of the resumed run'],
  ])('refuses %j', async (args, message) => {
    expect(await runScript(tinyExperiment(), args)).toBe(2)
    expect(err).toContain(message)
    expect(out).toBe('')
  })

  it('hands --data to the reader and explains what is wrong with it', async () => {
    expect(await runScript(tinyExperiment({ loadData: failToLoad }), [...cpu, '--data', 'there'])).toBe(2)
    expect(err).toContain('error: nothing in there\nhelp: look elsewhere\n')
  })

  it('resumes a run with --resume, to the same weights', async () => {
    const [run, whole] = [join(folder, 'run'), join(folder, 'whole')]
    const begun = ['--batch-size', '6', '--seed', '3', '--learning-rate', '0.05']
    const digest = () => /sha256: (\w+)/.exec(out)![1]
    expect(await runScript(tinyExperiment(), [...begun, ...cpu, '--epochs', '3', '--out', whole])).toBe(0)
    const uninterrupted = digest()
    expect(await runScript(tinyExperiment(), [...begun, ...cpu, '--epochs', '2', '--out', run])).toBe(0)
    out = ''
    expect(await runScript(tinyExperiment(), [...cpu, '--resume', run, '--epochs', '3'])).toBe(0)
    expect(err).toContain(`Resuming from ${join(run, 'checkpoints', 'step-00000018.safetensors')}, after 2 epochs.\n`)
    expect(digest()).toBe(uninterrupted)
    expect((await readFile(join(run, 'metrics.jsonl'), 'utf8')).split('\n')).toHaveLength(4)
  })

  it.each<[string, string[], RegExp]>([
    [
      'another seed than it was begun with',
      ['--seed', '4'],
      /changed: seed changed from 42 to 4\.\nhelp: Only the number of epochs/,
    ],
  ])('refuses to resume %s', async (_what, args, message) => {
    const run = join(folder, 'run')
    await runScript(tinyExperiment(), [...cpu, '--out', run])
    expect(await runScript(tinyExperiment(), [...cpu, '--resume', run, ...args])).toBe(2)
    expect(err).toMatch(message)
  })

  it('refuses to resume if the script was changed', async () => {
    const run = join(folder, 'run')
    await runScript(tinyExperiment(), [...cpu, '--out', run])
    const { training } = tinyExperiment()
    const changed = tinyExperiment({ training: { ...training, batchSize: 9 } })
    expect(await runScript(changed, [...cpu, '--resume', run])).toBe(2)
    expect(err).toContain('changed: batchSize changed from 8 to 9.')
  })

  it('explains where it cannot save', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    expect(await runScript(tinyExperiment(), [...cpu, '--out', join(file, 'run')])).toBe(2)
    expect(err).toMatch(/error: The run cannot be saved in .*run: a part of its path is a file\.\nhelp: .*--out/)
  })

  it('saves what it has on Ctrl-C', async () => {
    const run = join(folder, 'run')
    const listeners = process.listenerCount('SIGINT')
    let steps = 0
    const loss = categoricalCrossentropy()
    const experiment = tinyExperiment({
      loss: {
        name: loss.name,
        compute: (labels, predictions) => {
          // Seven steps make an epoch.
          if (++steps === 9) process.emit('SIGINT', 'SIGINT')
          return loss.compute(labels, predictions)
        },
      },
    })
    expect(await runScript(experiment, [...cpu, '--epochs', '1000000', '--out', run])).toBe(130)
    expect(out).toMatch(/^weights sha256: [0-9a-f]{64}\n/)
    expect((await readdir(run)).toSorted()).toEqual([
      'checkpoints',
      'environment.json',
      'manifest.json',
      'metrics.jsonl',
      'model',
    ])
    expect(process.listenerCount('SIGINT')).toBe(listeners)
    expect(await readdir(join(run, 'checkpoints'))).toHaveLength(2)
  })
})
