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
import { bestEpoch, readHistorySync } from '../tasks/sweep/trialResult.ts'
import type { ReadyUnit } from '../tasks/sweep/unitCommand.ts'

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

export function createSweepProgress(
  stream: NodeJS.WriteStream,
  { folder, record, secondsLeft }: ProgressOptions,
): SweepListener & { stop(): void } {
  const { metric, direction } = record.objective
  const trials = new Map(record.trials.map((trial) => [trial.number, trial]))
  const running = new Map<number, ReadyUnit>()
  let best: { readonly number: number; readonly score: number } | undefined
  let latest: SweepProgress | undefined
  let drawn = 0
  let drawnAt = 0

  const nameOf = (trial: number) => `${`${trial}`.padStart(4, '0')}  ${trials.get(trial)?.label ?? ''}`
  const describeBest = () => (best ? `best ${nameOf(best.number)}: ${metric} ${formatMetric(metric, best.score)}` : '')
  const noteBest = (number: number, history: readonly EpochRecord[]) => {
    const found = bestEpoch(history, record.objective)
    if (found === undefined) return undefined
    const mine = { number, score: found.score }
    if (best === undefined || compareScores(mine, best, direction) < 0) best = mine
    return found
  }
  const describeRest = () => {
    const units = latest?.units.filter(({ state }) => state !== 'void') ?? []
    const ended = units.filter(({ state }) => state === 'ended').length
    const left = latest && secondsLeft(latest)
    return `${ended} of ${units.length} trained${left === undefined || left === 0 ? '' : `, about ${formatSeconds(left)} left`}`
  }

  const erase = () => {
    if (drawn > 0) stream.write(`\u001B[${drawn}A\u001B[J`)
    drawn = 0
  }
  const draw = () => {
    const width = (stream.columns ?? 120) - 1
    const lines = [...running.values()].map((unit) => describeRunning(unit))
    const all = [...lines, [describeRest(), describeBest()].filter((text) => text !== '').join('; ')]
    erase()
    stream.write(all.map((line) => `${line.replaceAll(/\s+/g, ' ').slice(0, width)}\n`).join(''))
    drawn = all.length
  }
  const describeRunning = ({ trial, epochs }: ReadyUnit) => {
    const place = trialFolder(folder, trial)
    const history = readHistorySync(place)
    noteBest(trial, history)
    const last = history.at(-1)
    const score = last?.[metric]
    const epoch = Math.min(history.length + 1, epochs)
    const shown = score === undefined ? '' : `  ${metric} ${formatMetric(metric, score)}`
    const [line = ''] = lastLines(join(place, runFiles.log), 1)
    return `${nameOf(trial)}  epoch ${epoch}/${epochs}${shown}  ${line}`
  }
  const describeEnd = (unit: EndedUnit, history: readonly EpochRecord[]) => {
    const found = noteBest(unit.trial, history)
    if (unit.exitCode === exitCodes.interrupted)
      return `${nameOf(unit.trial)}  interrupted after ${countOf(history.length, 'epoch')}\n`
    if (unit.exitCode === 0) {
      const score = found
        ? `${metric} ${formatMetric(metric, found.score)} in epoch ${found.epoch} of ${history.length}, `
        : ''
      return `${nameOf(unit.trial)}  ${score}${formatSeconds(unit.seconds)}; ${describeRest()}\n`
    }
    const log = join(trialFolder(folder, unit.trial), runFiles.log)
    const lines = lastLines(log, shownLines).map((line) => `  | ${line}\n`)
    const how = unit.signal === undefined ? `failed with exit code ${unit.exitCode}` : `ended by ${unit.signal}`
    return `${nameOf(unit.trial)}  ${how}; ${log} ends with\n${lines.join('')}`
  }

  return {
    onStart(unit) {
      running.set(unit.unit, unit)
      if (stream.isTTY !== true) stream.write(`${nameOf(unit.trial)}  started\n`)
    },
    onEnd(unit, history, progress) {
      running.delete(unit.unit)
      latest = progress
      erase()
      stream.write(describeEnd(unit, history))
    },
    onPoll(progress) {
      latest = progress
      if (stream.isTTY !== true || performance.now() - drawnAt < interval) return
      drawnAt = performance.now()
      draw()
    },
    stop: erase,
  }
}
