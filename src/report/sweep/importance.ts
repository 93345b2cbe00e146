/**
 * Computes how much of the variance of the scores each parameter of a sweep explains by itself.
 *
 * This is the main effect of an analysis of variance. For a full grid it is the first-order term of functional ANOVA (Hutter,
 * Hoos and Leyton-Brown, 2014, "An efficient approach for assessing hyperparameter importance"), computed exactly. Where
 * trials are missing or drawn, parameters are correlated; then it is the part that no other parameter explains (sums of
 * squares of type II).
 */
import { distinctNumbers, isLogarithmic, placeOf } from './axes.ts'
import { residualSquares } from './leastSquares.ts'
import type { SweepSummary, TrialSummary } from './sweepSummary.ts'

export interface Importance {
  /** The number of trials with a score that were compared. */
  readonly trials: number
  /** The least number of trials for which shares are computed: two for each coefficient of the model. */
  readonly neededTrials: number
  /** The epochs after which trials were compared, if they trained for different numbers of epochs. */
  readonly epochs?: number
  /** Whether the logarithm of the score was compared, because the scores differ by factors. */
  readonly isLogarithmic: boolean
  /** Undefined if there are too few trials, or if all scores are equal. */
  readonly shares?: readonly Share[]
  /** The share of the variance that no parameter explains by itself: interactions, and chance. */
  readonly rest?: number
}

export interface Share {
  /** The paths of the parameters; several if their values always changed together. */
  readonly paths: readonly string[]
  /** From 0 to 1. */
  readonly share: number
  /** The share that a parameter without any effect reaches on average. */
  readonly byChance: number
}

/** Returns undefined for a sweep without parameters. */
export function importanceOf({ trials, parameters, stopping, objective }: SweepSummary): Importance | undefined {
  if (parameters.length === 0) return undefined
  const pick = objective.direction === 'maximize' ? Math.max : Math.min
  const compared = trials.flatMap((trial) => {
    const score = stopping ? scoreWithin(trial, stopping.minEpochs, pick) : scoreOfDone(trial)
    return score === undefined ? [] : [{ trial, score }]
  })
  const raw = compared.map(({ score }) => score)
  const isLog = isLogarithmic(distinctNumbers(raw))
  const scores = isLog ? raw.map(Math.log) : raw
  const factors = factorsOf(
    parameters,
    compared.map(({ trial }) => trial),
  )
  const coefficients = 1 + factors.reduce((count, { columns }) => count + columns.length, 0)
  const facts = {
    trials: compared.length,
    neededTrials: 2 * coefficients,
    ...(stopping && { epochs: stopping.minEpochs }),
    isLogarithmic: isLog,
  }
  const total = residualSquares([scores.map(() => 1)], scores)
  const size = scores.reduce((sum, score) => sum + score ** 2, 0)
  if (compared.length < facts.neededTrials || total <= 1e-18 * size) return facts
  return { ...facts, ...explain(factors, scores, total) }
}

function scoreOfDone({ state, score }: TrialSummary): number | undefined {
  return state === 'done' ? score : undefined
}

/** The best score of the first epochs, for a trial that trained at least as long. */
function scoreWithin(
  { curve }: TrialSummary,
  epochs: number,
  pick: (...values: number[]) => number,
): number | undefined {
  if (!curve.some(({ epoch }) => epoch >= epochs)) return undefined
  const values = curve.flatMap(({ epoch, value }) => (epoch <= epochs && value !== null ? [value] : []))
  return values.length === 0 ? undefined : pick(...values)
}

/** Parameters that always change together, with the columns of their effect in the linear model. */
interface Factor {
  readonly paths: string[]
  readonly columns: readonly (readonly number[])[]
}

/** Leaves out parameters that have one value in all compared trials. Those with equal columns cannot be distinguished. */
function factorsOf(parameters: readonly string[], trials: readonly TrialSummary[]): Factor[] {
  const factors = new Map<string, Factor>()
  for (const path of parameters) {
    const columns = columnsOf(trials.map(({ values }) => values[path]))
    if (columns.length === 0) continue
    const pattern = JSON.stringify(columns.map((column) => column.map((value) => value.toFixed(9))))
    const known = factors.get(pattern)
    if (known) known.paths.push(path)
    else factors.set(pattern, { paths: [path], columns })
  }
  return [...factors.values()]
}

/** The most values for which each has an effect of its own. */
const mostLevels = 5

/** An effect for each value but the first; for numbers with more values, a parabola over their axis. */
function columnsOf(values: readonly unknown[]): number[][] {
  const keys = values.map((value) => JSON.stringify(value) ?? 'base')
  const levels = [...new Set(keys)]
  const numbers = values.filter((value) => typeof value === 'number')
  if (levels.length <= mostLevels || numbers.length < values.length) {
    return levels.slice(1).map((level) => keys.map((key) => Number(key === level)))
  }
  const distinct = distinctNumbers(numbers)
  const place = placeOf(distinct, isLogarithmic(distinct))
  // A parabola is the same from both ends, so parameters that change in opposite directions get equal columns.
  const isFlipped = place(numbers[0]!) > 0.5
  const positions = numbers.map((value) => (isFlipped ? 1 - place(value) : place(value)))
  return [1, 2].map((power) => positions.map((position) => position ** power))
}

function explain(
  factors: readonly Factor[],
  scores: readonly number[],
  total: number,
): Required<Pick<Importance, 'shares' | 'rest'>> {
  const constant = scores.map(() => 1)
  const restWithout = (left?: Factor) =>
    residualSquares([constant, ...factors.flatMap((factor) => (factor === left ? [] : factor.columns))], scores)
  const rest = restWithout()
  const shares = factors.map((factor) => ({
    paths: factor.paths,
    share: clamp((restWithout(factor) - rest) / total),
    byChance: factor.columns.length / (scores.length - 1),
  }))
  return { shares: shares.toSorted((a, b) => b.share - a.share), rest: clamp(rest / total) }
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}
