/** Writes sweep folders as `shapewright sweep` leaves them, with made-up metrics. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LedgerEvent } from '../../../src/tasks/sweep/ledger.ts'
import type { SweepRecord, TrialRecord } from '../../../src/tasks/sweep/sweepFiles.ts'
import { unitsOf } from '../../../src/tasks/sweep/units.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

export interface FolderTrial {
  readonly values: Readonly<Record<string, unknown>>
  readonly state?: TrialRecord['state']
  readonly reason?: string
  /** The objective after each trained epoch. */
  readonly scores?: readonly (number | null)[]
  /** The exit code of a training that ended with an error. */
  readonly exitCode?: number
  readonly epochs?: number
}

export interface FolderOptions extends Partial<SweepRecord> {
  readonly root?: string
  readonly spec?: string
  readonly events?: readonly LedgerEvent[]
}

const date = '2026-11-29T10:00:00.000Z'

const sweptSpec = `name: swept
dataset: mnist
vars: { width: 16 }
layers:
  - flatten
  - dense: { units: $width, activation: relu }
  - dense: { units: 10, activation: softmax }
optimizer: { sgd: { learningRate: 0.1 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 32, seed: 1, validationSplit: 0.2 }
`

/** @returns The folder of the sweep. */
export function writeSweepFolder(given: readonly FolderTrial[], options: FolderOptions = {}): string {
  const { root = temporaryFolder(), spec = sweptSpec, events = [], ...rest } = options
  const name = rest.name ?? 'swept'
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  const trials = given.map((trial, index) => recordOf(trial, index + 1))
  const ready = trials.filter(({ state }) => state === 'ready')
  const record: SweepRecord = {
    format: 1,
    name,
    file: 'swept.yaml',
    command: 'shapewright sweep swept.yaml',
    date,
    versions: { shapewright: '0.1.0', node: '20.0.0' },
    options: { backend: 'auto' },
    parameters: [...new Set(given.flatMap(({ values }) => Object.keys(values)))],
    objective: { metric: 'val_accuracy', direction: 'maximize' },
    data: [],
    units: unitsOf(ready, rest.stopping),
    trials,
    ...rest,
  }
  writeFileSync(join(folder, 'spec.yaml'), spec)
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(record))
  const ended = given.flatMap((trial, index) => endOf(trial, index + 1))
  writeFileSync(
    join(folder, 'ledger.jsonl'),
    [...ended, ...events].map((event) => `${JSON.stringify(event)}\n`).join(''),
  )
  for (const [index, trial] of given.entries())
    if ((trial.state ?? 'ready') === 'ready') writeTrial(folder, index + 1, trial, spec)
  return folder
}

function recordOf({ values, state = 'ready', reason, epochs = 2 }: FolderTrial, number: number): TrialRecord {
  const facts = {
    params: 1000 * number,
    trainableParams: 1000 * number,
    flops: 2000 * number,
    memory: 3_000_000,
    layers: 3,
    outputSize: 10,
  }
  return {
    number,
    ...(state === 'ready' && { id: JSON.stringify(values) }),
    label: Object.entries(values)
      .map(([path, value]) => `${path.split('.').at(-1)}=${String(value)}`)
      .join(' '),
    values,
    state,
    ...(reason !== undefined && { reason }),
    facts,
    epochs,
  }
}

function endOf({ scores, exitCode = 0, epochs = 2 }: FolderTrial, number: number): LedgerEvent[] {
  if (scores === undefined && exitCode === 0) return []
  const unit = { date, unit: number - 1, trial: number, epochs: exitCode === 0 ? scores!.length : epochs }
  return [
    { event: 'started', ...unit, host: 'elsewhere' },
    { event: 'ended', ...unit, exitCode, seconds: 5 },
  ]
}

function writeTrial(folder: string, number: number, { values, scores = [] }: FolderTrial, spec: string): void {
  const place = join(folder, 'trials', String(number).padStart(4, '0'))
  mkdirSync(place, { recursive: true })
  const width = values['vars.width'] ?? 16
  writeFileSync(join(place, 'spec.yaml'), spec.replace(/vars: .*\n/, '').replace('$width', String(width)))
  if (scores.length === 0) return
  writeFileSync(join(place, 'environment.json'), JSON.stringify({ date, engine: { name: 'wasm' } }))
  const epochs = scores.map((score, index) => ({ epoch: index + 1, loss: 0.5, val_accuracy: score, seconds: 2.5 }))
  writeFileSync(join(place, 'metrics.jsonl'), epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''))
}
