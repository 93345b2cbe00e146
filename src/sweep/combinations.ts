/** Numbers the combinations of a sweep: cases, then zip, then grid, then samples, the last key fastest. */
import type { Assignment } from '../compose/settings.ts'
import { yamlText } from '../source/edits.ts'
import type { Parameter, SweepDefinition } from './definition.ts'
import { drawValue } from './draws/draw.ts'
import type { TrialValue } from './trial.ts'

/** Returns the values of the trial with this number, counted from 1. */
export function valuesOfTrial({ cases, zip, grid, sample }: SweepDefinition, number: number): TrialValue[] {
  let rest = number - 1
  const takeIndex = (length: number): number => {
    const index = rest % length
    rest = Math.floor(rest / length)
    return index
  }
  // The fastest index is taken first.
  const draw = takeIndex(sample?.count ?? 1)
  const inGrid = grid.toReversed().map(({ parameter, values }) => give(parameter, values[takeIndex(values.length)]!))
  const inZip = takeIndex(zip[0]?.values.length ?? 1)
  const inCases = takeIndex(Math.max(1, cases.length))
  return [
    ...(cases[inCases] ?? []).map(({ parameter, value }) => give(parameter, value)),
    ...zip.map(({ parameter, values }) => give(parameter, values[inZip]!)),
    ...inGrid.toReversed(),
    ...(sample?.spaces ?? []).map(({ parameter }, dimension) => give(parameter, drawValue(sample!, dimension, draw))),
  ]
}

function give({ path, keys }: Parameter, { value, origin }: Pick<TrialValue, 'value' | 'origin'>): TrialValue {
  return { path, keys, value, origin }
}

/** How the values of a trial are applied to the spec. The order of paths does not depend on that of the sweep. */
export function assignmentsOf(values: readonly TrialValue[]): Assignment[] {
  return values
    .map(({ keys, value, origin }) => ({ keys, value, originAt: () => origin }))
    .toSorted((a, b) => (a.keys.join('.') < b.keys.join('.') ? -1 : 1))
}

/** Returns the paths that have different values in different trials. */
export function varyingPaths({ cases, zip, grid, sample }: SweepDefinition): string[] {
  const inCases = new Set(cases.flatMap((one) => one.map(({ parameter }) => parameter.path)))
  const lists = [...zip, ...grid].map(({ parameter, values }) => ({ path: parameter.path, values }))
  const varies = (values: readonly { readonly value: unknown }[]) =>
    new Set(values.map(({ value }) => yamlText(value))).size > 1
  return [
    ...[...inCases].filter((path) => {
      const given = cases.flatMap((one) => one.filter(({ parameter }) => parameter.path === path))
      return given.length < cases.length || varies(given.map(({ value }) => value))
    }),
    ...lists.filter(({ values }) => varies(values)).map(({ path }) => path),
    ...(sample !== undefined && sample.count > 1 ? sample.spaces.map(({ parameter }) => parameter.path) : []),
  ]
}

/** Returns a function that names the values of a trial: `width=16 learningRate=0.1`. */
export function labelsOf(parameters: readonly string[]): (values: readonly TrialValue[]) => string {
  const names = new Map(parameters.map((path) => [path, shortName(path, parameters)]))
  return (values) => {
    const varying = values.filter(({ path }) => names.has(path))
    const shown = varying.length === 0 ? values : varying
    return shown.map(({ path, keys, value }) => `${names.get(path) ?? keys.at(-1)}=${shortValue(value)}`).join(' ')
  }
}

/** The shortest end of a path that no other path has. */
function shortName(path: string, others: readonly string[]): string {
  const keys = path.split('.')
  for (let length = 1; length < keys.length; length += 1) {
    const end = keys.slice(-length).join('.')
    if (others.every((other) => other === path || (other !== end && !other.endsWith(`.${end}`)))) return end
  }
  return path
}

const longestValue = 40

/** A value in a label: a part with options is shown as a call, `huberLoss(delta=2)`. */
function shortValue(value: unknown): string {
  const text = callText(value)
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text
}

function callText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(callText).join(',')}]`
  if (value === null || typeof value !== 'object') {
    return typeof value === 'number' ? String(value) : yamlText(value)
  }
  const entries = Object.entries(value)
  const options = (one: unknown) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.entries(one).map(([key, inner]) => `${key}=${callText(inner)}`)
      : undefined
  const inside = entries.length === 1 ? options(entries[0]![1]) : undefined
  if (inside !== undefined) return `${entries[0]![0]}(${inside.join(',')})`
  return `{${options(value)!.join(',')}}`
}
