/** A sweep of made-up trials, and an executor that trains them in no time and in any order. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stopping } from '../../src/sweep/trial.ts'
import type { Executor, UnitCommand, UnitStatus } from '../../src/tasks/sweep/executors/executor.ts'
import { sweepFiles, trialFolder, type SweepRecord } from '../../src/tasks/sweep/sweepFiles.ts'
import { unitsOf } from '../../src/tasks/sweep/units.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

export const facts = { params: 10, trainableParams: 10, flops: 100, memory: 1000, layers: 2, outputSize: 2 }

export interface MadeSweep {
  readonly count: number
  readonly epochs?: number
  readonly stopping?: Stopping
}

/** Writes a sweep folder whose trials have no specs. */
export function makeSweep({ count, epochs = 9, stopping }: MadeSweep): string {
  const folder = join(temporaryFolder(), 'made')
  const trials = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    id: `${index}`,
    label: `x=${index + 1}`,
    values: { x: index + 1 },
    state: 'ready' as const,
    facts,
    epochs,
  }))
  const record: SweepRecord = {
    format: 1,
    name: 'made',
    file: 'made.yaml',
    command: 'shapewright sweep made.yaml',
    date: '2026-01-01T00:00:00.000Z',
    versions: { shapewright: '0', node: process.version },
    options: { backend: 'cpu' },
    parameters: ['x'],
    objective: { metric: 'val_accuracy', direction: 'maximize' },
    ...(stopping && { stopping }),
    data: [],
    units: unitsOf(trials, stopping),
    trials,
  }
  for (const { number } of trials) mkdirSync(trialFolder(folder, number), { recursive: true })
  writeFileSync(join(folder, sweepFiles.record), JSON.stringify(record))
  return folder
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A score of a trial after an epoch, the same in each run. Later epochs are better, and trials change places. */
export function scoreOf(trial: number, epoch: number): number {
  return Math.round(1000 * (randomNumbers(trial)() + (epoch / 20) * randomNumbers(trial * 31)())) / 1000
}

export type Outcome = { readonly exitCode: number } | { readonly signal: string }

/** Ends running units in a random order, writing the metrics that `train` would write. */
export class MadeExecutor implements Executor {
  readonly name = 'local'
  readonly #running = new Map<number, UnitCommand>()
  readonly #queue: UnitCommand[] = []
  readonly #statuses = new Map<number, UnitStatus>()
  readonly #random: () => number
  readonly #outcome: (trial: number, attempt: number) => Outcome
  readonly #attempts = new Map<number, number>()
  /** The largest number of units that ran at once. */
  mostRunning = 0
  /** The trials in the order in which they ended. */
  readonly ended: number[] = []
  #limit = 1

  constructor(seed: number, outcome: (trial: number, attempt: number) => Outcome = () => ({ exitCode: 0 })) {
    this.#random = randomNumbers(seed)
    this.#outcome = outcome
  }

  async submit(units: readonly UnitCommand[], limit: number): Promise<void> {
    this.#limit = limit
    this.#queue.push(...units)
    for (const { unit } of units) this.#statuses.set(unit, { state: 'pending' })
  }

  async status(): Promise<ReadonlyMap<number, UnitStatus>> {
    if (this.#running.size > 0 && (this.#random() < 0.5 || this.#queue.length === 0)) this.#endOne()
    while (this.#running.size < this.#limit && this.#queue.length > 0) {
      const next = this.#queue.shift()!
      this.#running.set(next.unit, next)
      this.#statuses.set(next.unit, { state: 'running', host: 'made' })
    }
    this.mostRunning = Math.max(this.mostRunning, this.#running.size)
    return new Map(this.#statuses)
  }

  async cancel(): Promise<void> {
    for (const { unit } of [...this.#running.values(), ...this.#queue.splice(0)]) {
      this.#statuses.set(unit, { state: 'ended', exitCode: 130 })
    }
    this.#running.clear()
  }

  async logs(): Promise<string> {
    return ''
  }

  #endOne(): void {
    const running = [...this.#running.values()]
    const chosen = running[Math.floor(this.#random() * running.length)]!
    const trial = Number(chosen.folder.slice(-4))
    const attempt = (this.#attempts.get(trial) ?? 0) + 1
    this.#attempts.set(trial, attempt)
    const outcome = this.#outcome(trial, attempt)
    if ('exitCode' in outcome && outcome.exitCode === 0) {
      const stop = chosen.command.indexOf('--stop-after')
      const last = stop < 0 ? 9 : Number(chosen.command[stop + 1])
      const lines = Array.from({ length: last }, (_, index) => index + 1).map(
        (epoch) => `${JSON.stringify({ epoch, loss: 1, val_accuracy: scoreOf(trial, epoch), seconds: 1 })}\n`,
      )
      appendFileSync(join(chosen.folder, 'metrics.jsonl'), lines.join(''))
    }
    this.#running.delete(chosen.unit)
    this.#statuses.set(chosen.unit, { state: 'ended', ...outcome, seconds: 1 })
    this.ended.push(trial)
  }
}
