/** Derives what is drawn of a training from its state. */
import { isShare } from '../../report/run/numbers.ts'
import type { TrainingState } from '../calls.ts'
import { isActive } from '../trainingState.ts'
import type { Line } from './chart.tsx'

/** The metrics with a chart: the loss first. */
export function metricsOf({ points, epochs, progress }: TrainingState): string[] {
  const keys = [...points.slice(-1).flatMap(({ values }) => Object.keys(values)), ...Object.keys(progress?.logs ?? {})]
  const others = epochs.slice(-1).flatMap((logs) => Object.keys(logs))
  const hidden = new Set(['epoch', 'seconds', 'imagesPerSecond', 'lr'])
  const names = new Set(['loss', ...keys, ...others])
  return [...names].filter((name) => !hidden.has(name) && !name.startsWith('val_'))
}

/** Single steps, and the values of whole epochs at their ends. */
export function linesOf({ points, epochs, test }: TrainingState, metric: string): Line[] {
  const isOfSteps = metric === 'loss' || isShare(metric)
  const known = isOfSteps ? points.filter(({ values }) => values[metric] !== undefined) : []
  const ends = epochs.map(({ epoch }) => epoch)
  const valuesOf = (key: string) => epochs.map((logs) => logs[key] ?? null)
  const lines: Line[] = [
    {
      label: 'steps',
      colour: 'training',
      isThin: true,
      x: known.map(({ at }) => at),
      y: known.map(({ values }) => values[metric]!),
    },
    { label: 'training', colour: 'training', hasPoints: true, x: ends, y: valuesOf(metric) },
    { label: 'validation', colour: 'validation', hasPoints: true, x: ends, y: valuesOf(`val_${metric}`) },
    {
      label: 'test',
      colour: 'test',
      hasPoints: true,
      x: ends.slice(-1),
      y: ends.slice(-1).map(() => test?.[metric] ?? null),
    },
  ]
  return lines.filter(({ label, y }) => label === 'steps' || y.some((value) => value !== null))
}

/** The expected time until the last epoch ends: that of this epoch, and as much for each later one as this one takes. */
export function secondsLeftOf(state: TrainingState): number | undefined {
  const { plan, progress } = state
  if (!isActive(state) || plan === undefined || progress === undefined || progress.imagesPerSecond === 0)
    return undefined
  const secondsOfEpoch = plan.samples / progress.imagesPerSecond
  return progress.secondsLeft + (plan.epochs - progress.epoch) * secondsOfEpoch
}
