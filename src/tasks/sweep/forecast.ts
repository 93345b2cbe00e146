/** Forecasts the duration of a sweep from the speed of its smallest and largest trial. */
import type { SweepRecord, TrialRecord } from './sweepFiles.ts'
import type { SweepProgress, UnitProgress } from './progress.ts'
import type { TimeModel } from './timeModel.ts'
import type { Unit } from './units.ts'

/** A forward pass takes about a third of a training step. */
const forwardShare = 1 / 3

/** The seconds that a trial takes for so many epochs. */
function secondsOfTrial({ facts }: Pick<TrialRecord, 'facts'>, epochs: number, model: TimeModel): number {
  const perSample = model.perSample + model.perFlop * (facts.flops ?? 0)
  return model.start + epochs * perSample * (model.samples + forwardShare * model.validationSamples)
}

/**
 * The expected seconds until the end of a sweep: its units, in order, on so many processes.
 *
 * @param progress Leaves out the units that have ended.
 */
export function forecast(
  record: Pick<SweepRecord, 'units' | 'trials'>,
  parallel: number,
  model: TimeModel,
  progress?: SweepProgress,
): number {
  const ready = new Map(record.trials.flatMap((trial) => (trial.state === 'ready' ? [[trial.number, trial]] : [])))
  const all = [...ready.values()].map(({ facts }) => facts.flops ?? 0)
  const meanFlops = all.reduce((total, flops) => total + flops, 0) / Math.max(1, all.length)
  const left = progress?.units ?? record.units.map((unit): UnitProgress => ({ state: 'waiting', unit }))
  const rungs = new Map<number, number[]>()
  for (const one of left) {
    if (one.state === 'ended' || one.state === 'void') continue
    const trial = ready.get(one.unit.trial ?? ('trial' in one ? one.trial : Number.NaN))
    // Which trials are promoted is not known yet, so an average one counts.
    const facts = trial?.facts ?? { flops: meanFlops }
    const epochs =
      Math.min(one.unit.epochs, trial?.epochs ?? Number.POSITIVE_INFINITY) - epochsBefore(record.units, one.unit)
    const seconds = secondsOfTrial({ facts: { ...noFacts, ...facts } }, epochs, model)
    rungs.set(one.unit.rung, [...(rungs.get(one.unit.rung) ?? []), seconds])
  }
  return [...rungs.values()].reduce((total, units) => total + makespan(units, parallel), 0)
}

const noFacts = { params: null, trainableParams: null, memory: null, layers: null, outputSize: null }

/** The epochs that a trial has when it enters the rung of a unit. */
function epochsBefore(units: readonly Unit[], { rung }: Unit): number {
  return rung === 0 ? 0 : Math.max(...units.filter((unit) => unit.rung === rung - 1).map(({ epochs }) => epochs))
}

/** The time until all durations have passed on so many processes, each of which takes the next one when it is free. */
function makespan(durations: readonly number[], parallel: number): number {
  const free = Array.from({ length: Math.max(1, Math.min(parallel, durations.length)) }, () => 0)
  for (const duration of durations) {
    const next = free.indexOf(Math.min(...free))
    free[next] = free[next]! + duration
  }
  return Math.max(...free)
}

/** The smallest and the largest trial that can be trained; one if there is only one size. */
export function extremeTrials(trials: readonly TrialRecord[]): TrialRecord[] {
  const ready = trials.filter(({ state }) => state === 'ready')
  const bySize = ready.toSorted((one, other) => (one.facts.flops ?? 0) - (other.facts.flops ?? 0))
  const [small, large] = [bySize[0], bySize.at(-1)]
  if (small === undefined || large === undefined) return []
  return small.facts.flops === large.facts.flops ? [small] : [small, large]
}
