/** The axes of a sweep's parallel coordinates: their scales, their ticks, and where each trial crosses them. */
import { formatCount } from '../../diagnostics/formatCount.ts'
import { formatMetric } from '../run/numbers.ts'
import type { SweepSummary } from './sweepSummary.ts'
import { printNumber, printValue, shortNames } from './values.ts'

export interface Axis {
  readonly label: string
  /** The whole path of the parameter. */
  readonly title: string
  readonly scale: 'linear' | 'logarithmic' | 'categories'
  readonly ticks: readonly { readonly position: number; readonly label: string }[]
  /** The position of each trial from 0, the bottom, to 1; null if it has no value here. */
  readonly positions: readonly (number | null)[]
  /** The value of each trial as text. */
  readonly texts: readonly string[]
}

type Format = (value: number) => string

/** Returns an axis for each parameter, and the last one for the objective. */
export function axesOf({ parameters, trials, objective }: SweepSummary): Axis[] {
  const names = shortNames(parameters)
  const ofParameters = parameters.map((path, index) =>
    axisOf(
      names[index]!,
      path,
      trials.map(({ values }) => values[path]),
    ),
  )
  const format = (value: number) => formatMetric(objective.metric, value)
  const scores = trials.map(({ score }) => score)
  return [...ofParameters, axisOf(objective.metric, objective.metric, scores, format)]
}

/** @param values The value of each trial; undefined for a trial without one. */
export function axisOf(label: string, title: string, values: readonly unknown[], format: Format = formatNumber): Axis {
  const known = values.filter((value) => value !== undefined)
  const numbers = known.filter((value) => typeof value === 'number')
  const isMeasured = numbers.length === known.length && Number.isFinite(Math.max(...numbers) - Math.min(...numbers))
  return isMeasured
    ? numberAxis(label, title, values as readonly (number | undefined)[], format)
    : categoryAxis(label, title, values)
}

function numberAxis(label: string, title: string, values: readonly (number | undefined)[], format: Format): Axis {
  const distinct = distinctNumbers(values)
  const isLog = isLogarithmic(distinct)
  const place = placeOf(distinct, isLog)
  const marks = distinct.length <= mostTicks ? distinct : isLog ? powersWithin(distinct) : roundWithin(distinct)
  return {
    label,
    title,
    scale: isLog ? 'logarithmic' : 'linear',
    ticks: marks.map((value) => ({ position: place(value), label: format(value) })),
    positions: values.map((value) => (value === undefined ? null : place(value))),
    texts: values.map((value) => (value === undefined ? '' : format(value))),
  }
}

function categoryAxis(label: string, title: string, values: readonly unknown[]): Axis {
  const keys = values.map((value) => (value === undefined ? undefined : JSON.stringify(value)))
  const categories = [...new Set(keys.filter((key) => key !== undefined))]
  const place = (index: number) => (categories.length === 1 ? 0.5 : index / (categories.length - 1))
  const every = Math.ceil(categories.length / (2 * mostTicks))
  return {
    label,
    title,
    scale: 'categories',
    ticks: categories.flatMap((key, index) =>
      index % every === 0 ? [{ position: place(index), label: printValue(JSON.parse(key), 18) }] : [],
    ),
    positions: keys.map((key) => (key === undefined ? null : place(categories.indexOf(key)))),
    texts: values.map((value) => (value === undefined ? '' : printValue(value))),
  }
}

const mostTicks = 8

/** Returns the function from a value to its position, from 0 to 1. A single value is in the middle. */
export function placeOf(distinct: readonly number[], isLog: boolean): (value: number) => number {
  const scaled = isLog ? Math.log : (value: number) => value
  const [low, high] = [scaled(distinct[0]!), scaled(distinct.at(-1)!)]
  return (value) => (high === low ? 0.5 : (scaled(value) - low) / (high - low))
}

export function distinctNumbers(values: readonly (number | undefined)[]): number[] {
  return [...new Set(values.filter((value) => value !== undefined))].toSorted((a, b) => a - b)
}

/** Whether the gaps between sorted values are more even on a logarithmic scale, as those of 0.1, 0.01, 0.001 or of 16, 32, 64. */
export function isLogarithmic(sorted: readonly number[]): boolean {
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0]
  if (sorted.length < 3 || low <= 0 || high / low < 3) return false
  return unevenness(sorted.map(Math.log)) < unevenness(sorted) - 1e-9
}

/** The standard deviation of the gaps between sorted values, relative to their mean. */
function unevenness(sorted: readonly number[]): number {
  const gaps = sorted.slice(1).map((value, index) => value - sorted[index]!)
  const mean = gaps.reduce((total, gap) => total + gap, 0) / gaps.length
  const variance = gaps.reduce((total, gap) => total + (gap - mean) ** 2, 0) / gaps.length
  return Math.sqrt(variance) / mean
}

/** The first and the last value, and the powers of ten or, within a small range, of two between them. */
function powersWithin(sorted: readonly number[]): number[] {
  const [low, high] = [sorted[0]!, sorted.at(-1)!]
  const base = high / low >= 100 ? 10 : 2
  const logOf = (value: number) => Math.log(value) / Math.log(base)
  const powers = range(Math.ceil(logOf(low) + 0.3), Math.floor(logOf(high) - 0.3)).map((power) => base ** power)
  const every = Math.ceil(powers.length / mostTicks)
  return [low, ...powers.filter((_, index) => index % every === 0), high]
}

/** The first and the last value, and about five round values between them. */
function roundWithin(sorted: readonly number[]): number[] {
  const [low, high] = [sorted[0]!, sorted.at(-1)!]
  const rough = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!
  const inner = range(Math.ceil(low / step + 0.3), Math.floor(high / step - 0.3))
  return [low, ...inner.map((count) => Number((count * step).toPrecision(12))), high]
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** Prints a number for an axis: `0.001`, `1.2e-5`, `4,096` or `2.5e6`. */
function formatNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e6) return Number(value.toPrecision(3)).toExponential().replace('+', '')
  return size >= 1000 ? formatCount(Math.round(value)) : printNumber(value, 3)
}
