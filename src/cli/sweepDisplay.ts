/** Shows the progress of a sweep: on a terminal a block of lines that is rewritten, elsewhere a line for each trial that ends. */
import { join } from 'node:path'
import { countOf } from '../diagnostics/formatCount.ts'
import { formatMetric, formatSeconds } from '../report/run/numbers.ts'
import { runFiles } from '../system/runFiles.ts'
import { exitCodes } from '../system/exitCodes.ts'
import type { EpochRecord } from '../tasks/train/epochHistory.ts'
import { lastLines } from '../tasks/sweep/logEnd.ts'
import type { SweepProgress } from '../tasks/sweep/progress.ts'
import type { EndedUnit, SweepListener } from '../tasks/sweep/runSweep.ts'
import { type SweepRecord, trialFolder } from '../tasks/sweep/sweepFiles.ts'
import { compareScores } from '../sweep/compareScores.ts'
import { bestEpoch, readHistorySync, type BestEpoch } from '../tasks/sweep/trialResult.ts'
import type { ReadyUnit } from '../tasks/sweep/unitCommand.ts'
import { canRewriteLines } from './terminal.ts'

export interface ProgressOptions {
  readonly folder: string
  readonly record: SweepRecord
  /** Forecasts the seconds until the end. */
  secondsLeft(progress: SweepProgress): number | undefined
}

/** How often the lines are rewritten, in milliseconds. */
const interval = 500
/** The lines of the log of a failed trial that are shown. */
const shownLines = 8

/** Pass it to `runSweep` as its listener, and call `stop` when the sweep has ended. */
export class SweepDisplay implements SweepListener {
  readonly #stream: NodeJS.WriteStream
  readonly #options: ProgressOptions
  readonly #labels: ReadonlyMap<number, string>
  readonly #running = new Map<number, ReadyUnit>()
  #best: { readonly number: number; readonly score: number } | undefined
  #latest: SweepProgress | undefined
  /** The lines of the block. */
  #drawn = 0
  #drawnAt = 0

  constructor(stream: NodeJS.WriteStream, options: ProgressOptions) {
    this.#stream = stream
    this.#options = options
    this.#labels = new Map(options.record.trials.map(({ number, label }) => [number, label]))
  }

  onStart(unit: ReadyUnit): void {
    this.#running.set(unit.unit, unit)
    if (!canRewriteLines(this.#stream)) this.#stream.write(`${this.#nameOf(unit.trial)}  started\n`)
  }

  onEnd(unit: EndedUnit, history: readonly EpochRecord[], progress: SweepProgress): void {
    this.#running.delete(unit.unit)
    this.#latest = progress
    this.#erase()
    this.#stream.write(`${this.#nameOf(unit.trial)}  ${this.#describeEnd(unit, history)}`)
  }

  onPoll(progress: SweepProgress): void {
    this.#latest = progress
    if (!canRewriteLines(this.#stream) || performance.now() - this.#drawnAt < interval) return
    this.#drawnAt = performance.now()
    this.#draw()
  }

  stop(): void {
    this.#erase()
  }

  #erase(): void {
    if (this.#drawn > 0) this.#stream.write(`\u001B[${this.#drawn}A\u001B[J`)
    this.#drawn = 0
  }

  #draw(): void {
    const width = (this.#stream.columns ?? 120) - 1
    const running = [...this.#running.values()].map((unit) => this.#describeRunning(unit))
    const lines = [...running, [this.#describeRest(), ...this.#describeBest()].join('; ')]
    this.#erase()
    this.#stream.write(lines.map((line) => `${line.replaceAll(/\s+/g, ' ').slice(0, width)}\n`).join(''))
    this.#drawn = lines.length
  }

  #describeRunning({ trial, epochs }: ReadyUnit): string {
    const { folder, record } = this.#options
    const { metric } = record.objective
    const place = trialFolder(folder, trial)
    const history = readHistorySync(place)
    this.#noteBest(trial, history)
    const score = history.at(-1)?.[metric]
    const epoch = Math.min(history.length + 1, epochs)
    const shown = score === undefined ? '' : `  ${metric} ${formatMetric(metric, score)}`
    const [line = ''] = lastLines(join(place, runFiles.log), 1)
    return `${this.#nameOf(trial)}  epoch ${epoch}/${epochs}${shown}  ${line}`
  }

  #describeEnd({ trial, exitCode, signal, seconds }: EndedUnit, history: readonly EpochRecord[]): string {
    const { folder, record } = this.#options
    const { metric } = record.objective
    const best = this.#noteBest(trial, history)
    // A process that is still loading ends by the signal itself.
    if (exitCode === exitCodes.interrupted || signal === 'SIGINT')
      return `interrupted after ${countOf(history.length, 'epoch')}\n`
    if (exitCode === 0) {
      const score =
        best && `${metric} ${formatMetric(metric, best.score)} in epoch ${best.epoch} of ${history.length}, `
      return `${score ?? ''}${formatSeconds(seconds)}; ${this.#describeRest()}\n`
    }
    const log = join(trialFolder(folder, trial), runFiles.log)
    const lines = lastLines(log, shownLines).map((line) => `  | ${line}\n`)
    const end = signal === undefined ? `failed with exit code ${exitCode}` : `ended by ${signal}`
    return lines.length === 0 ? `${end}; ${log} is empty\n` : `${end}; ${log} ends with\n${lines.join('')}`
  }

  #describeRest(): string {
    const units = this.#latest?.units.filter(({ state }) => state !== 'void') ?? []
    const ended = units.filter(({ state }) => state === 'ended').length
    const left = this.#latest && this.#options.secondsLeft(this.#latest)
    return `${ended} of ${units.length} trained${left ? `, about ${formatSeconds(left)} left` : ''}`
  }

  #describeBest(): string[] {
    const { metric } = this.#options.record.objective
    const best = this.#best
    return best ? [`best ${this.#nameOf(best.number)}: ${metric} ${formatMetric(metric, best.score)}`] : []
  }

  #nameOf(trial: number): string {
    return `${`${trial}`.padStart(4, '0')}  ${this.#labels.get(trial) ?? ''}`
  }

  /** Returns the best epoch of a trial, and keeps it if no other trial is better. */
  #noteBest(number: number, history: readonly EpochRecord[]): BestEpoch | undefined {
    const { objective } = this.#options.record
    const found = bestEpoch(history, objective)
    if (found === undefined) return undefined
    const own = { number, score: found.score }
    if (this.#best === undefined || compareScores(own, this.#best, objective.direction) < 0) this.#best = own
    return found
  }
}
