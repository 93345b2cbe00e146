/** The columns of the table of trials: their texts, and the ranks by which the page sorts them. */
import { formatBytes, formatCount, formatLarge } from '../../diagnostics/formatCount.ts'
import { formatMetric, formatSeconds } from '../run/numbers.ts'
import { stateOrder, type SweepSummary, type TrialSummary } from './sweepSummary.ts'
import { printRounded, printValue, shortNames } from './values.ts'

export interface TrialColumn {
  readonly heading: string
  /** The whole path, for a parameter. */
  readonly title?: string
  /** Whether the column is left out if all its cells are empty. */
  readonly isOptional?: boolean
  /** Whether the first click puts high values first. */
  readonly startsHigh?: boolean
  readonly keyOf: (trial: TrialSummary) => SortKey
  readonly print: (trial: TrialSummary) => string
}

/** Numbers come before texts; undefined comes last in both directions. */
export type SortKey = number | string | undefined

/** With more parameters than this, the table shows their label as one column. */
const mostParameters = 10

export function trialColumns({ parameters, objective, trials }: SweepSummary): TrialColumn[] {
  const all: TrialColumn[] = [
    { heading: 'trial', keyOf: ({ number }) => number, print: ({ number }) => String(number) },
    { heading: 'state', keyOf: ({ state }) => stateOrder.indexOf(state), print: ({ state }) => state },
    {
      heading: objective.metric,
      startsHigh: objective.direction === 'maximize',
      keyOf: ({ score }) => score,
      print: ({ score }) => (score === undefined ? '' : formatMetric(objective.metric, score)),
    },
    ...parameterColumns(parameters),
    countColumn('best epoch', ({ bestEpoch }) => bestEpoch),
    {
      heading: 'epochs',
      keyOf: ({ epochs }) => epochs,
      print: ({ epochs, plannedEpochs }) => (epochs === plannedEpochs ? `${epochs}` : `${epochs}/${plannedEpochs}`),
    },
    countColumn('parameters', ({ facts }) => facts.params ?? undefined),
    countColumn(
      'operations',
      ({ facts }) => facts.flops ?? undefined,
      (value) => formatLarge(value).trim(),
    ),
    countColumn('memory', ({ facts }) => facts.memory ?? undefined, formatBytes),
    countColumn('time', ({ seconds }) => seconds, formatSeconds),
  ]
  return all.filter(({ isOptional, print }) => isOptional !== true || trials.some((trial) => print(trial) !== ''))
}

function parameterColumns(parameters: readonly string[]): TrialColumn[] {
  if (parameters.length > mostParameters) {
    return [{ heading: 'values', keyOf: ({ label }) => label, print: ({ label }) => label }]
  }
  const names = shortNames(parameters)
  return parameters.map((path, index) => ({
    heading: names[index]!,
    title: path,
    keyOf: ({ values }) => sortKeyOf(values[path]),
    print: ({ values }) => (values[path] === undefined ? '' : printRounded(values[path])),
  }))
}

function sortKeyOf(value: unknown): SortKey {
  return value === undefined || typeof value === 'number' ? value : printValue(value, Infinity)
}

function countColumn(
  heading: string,
  keyOf: (trial: TrialSummary) => number | undefined,
  format: (value: number) => string = formatCount,
): TrialColumn {
  const print = (trial: TrialSummary) => {
    const value = keyOf(trial)
    return value === undefined ? '' : format(value)
  }
  return { heading, isOptional: true, keyOf, print }
}

/** Ranks the keys of a column in ascending order. Equal keys have the same rank; a missing key or NaN has none. */
export function ranksOf(keys: readonly SortKey[]): (number | null)[] {
  const known = [...new Set(keys.filter((key) => key !== undefined && !Number.isNaN(key)))] as (number | string)[]
  const order = new Map(known.toSorted(compareKeys).map((key, rank) => [key, rank]))
  return keys.map((key) => (key === undefined ? null : (order.get(key) ?? null)))
}

function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b)
  return typeof a === 'number' ? -1 : 1
}

/** Compares digits within texts as numbers: `conv2d_2` comes before `conv2d_10`. */
const collator = new Intl.Collator('en', { numeric: true })
