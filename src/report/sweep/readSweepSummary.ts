/** Reads what the page of a sweep, `runs` and `diff` show of its folder. */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { reportFile, runFiles } from '../../system/runFiles.ts'
import type { PromotedEvent } from '../../tasks/sweep/ledger.ts'
import { lastLines } from '../../tasks/sweep/logEnd.ts'
import { readSweep, type SweepState, type TrialResult } from '../../tasks/sweep/readSweep.ts'
import { bestEpoch } from '../../tasks/sweep/trialResult.ts'
import type { CurvePoint, ForecastSummary, RungSummary, SweepSummary, TrialSummary } from './sweepSummary.ts'

/** @throws KnownError if the folder contains no sweep, or its record is damaged. */
export async function readSweepSummary(folder: string): Promise<SweepSummary> {
  return summaryOf(await readSweep(folder))
}

export function summaryOf(sweep: SweepState): SweepSummary {
  const { folder, record, trials } = sweep
  const { name, date, parameters, objective, stopping, command } = record
  const forecast = forecastOf(sweep)
  return {
    folder,
    name,
    date,
    parameters,
    objective,
    ...(stopping && { stopping }),
    command,
    ...(forecast && { forecast }),
    trials: trials.map((trial) => summarizeTrial(trial, sweep)),
    rungs: stopping ? rungsOf(sweep) : [],
  }
}

function summarizeTrial(trial: TrialResult, { folder, record }: SweepState): TrialSummary {
  const { number, id, label, values, state, facts, epochs, best, trained, seconds, failure } = trial
  const reason = state === 'failed' ? reasonOfFailure(trial.folder, failure) : trial.reason
  return {
    number,
    ...(id !== undefined && { id }),
    label,
    values,
    state,
    ...(reason !== undefined && { reason }),
    facts,
    plannedEpochs: epochs,
    epochs: trained,
    ...(best && { score: best.score, bestEpoch: best.epoch }),
    ...(seconds > 0 && { seconds }),
    curve: curveOf(trial, record.objective.metric),
    folder: relative(folder, trial.folder).replaceAll('\\', '/'),
    hasReport: existsSync(join(trial.folder, reportFile)),
    hasSpec: existsSync(join(trial.folder, runFiles.spec)),
  }
}

/** How a trial failed, and the last error in its log. */
function reasonOfFailure(folder: string, failure = 'it failed'): string {
  const error = lastLines(join(folder, runFiles.log), 30).findLast((line) => /\berror:? /.test(line))
  return error === undefined ? failure : `${failure}: ${error.replace(/^error: /, '')}`
}

function curveOf({ history }: TrialResult, metric: string): CurvePoint[] {
  return history.map((record) => {
    const value = record[metric]
    return { epoch: record['epoch']!, value: Number.isFinite(value) ? value! : null }
  })
}

/** The forecast of the last session that has ended, or else of the sweep. */
function forecastOf({ record, events }: SweepState): ForecastSummary | undefined {
  const parallel = record.forecast?.parallel ?? 1
  const scored = events.findLast((event) => event.event === 'forecast')
  if (scored?.event === 'forecast') return { seconds: scored.seconds, actual: scored.actual, parallel }
  return record.forecast
}

function rungsOf({ record, events, progress, trials }: SweepState): RungSummary[] {
  const count = Math.max(0, ...record.units.map(({ rung }) => rung + 1))
  const ofNumber = new Map(trials.map((trial) => [trial.number, trial]))
  return Array.from({ length: count }, (_, rung): RungSummary => {
    const units = progress.units.filter(({ unit }) => unit.rung === rung)
    const epochs = Math.max(0, ...units.map(({ unit }) => unit.epochs))
    const promotions = events.filter(
      (event): event is PromotedEvent => event.event === 'promoted' && event.rung === rung,
    )
    const promoted = new Set(promotions.flatMap((event) => event.trials))
    const scores = promotions.at(-1)?.scores ?? {}
    const members = units.flatMap((unit) => ('trial' in unit ? [unit.trial] : [])).toSorted((a, b) => a - b)
    const isOpen = units.some(({ state }) => state === 'waiting' || state === 'ready')
    return {
      epochs,
      trials: members.map((number) => {
        const own = ofNumber.get(number)
        const score = scores[number] ?? (own && bestEpoch(own.history, record.objective, epochs)?.score)
        return { number, ...(score !== undefined && { score }), isPromoted: promoted.has(number) }
      }),
      kind: rung === count - 1 ? 'last' : isOpen ? 'open' : 'decided',
    }
  }).filter(({ trials: members }) => members.length > 0)
}
