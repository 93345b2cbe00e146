/**
 * Reads `loss` and `metrics`, which are given once for all outputs or as a map from each output to its own. The two forms
 * differ without a list of outputs: `{ huberLoss: { delta: 2 } }` contains options, `{ digit: huberLoss }` contains losses.
 */
import * as Type from 'typebox'
import type { TSchema } from 'typebox'

export type PerOutput<T> = { readonly all: T } | { readonly each: Readonly<Record<string, T>> }

/** Returns the value for one output. */
export function valueForOutput<T>(stated: PerOutput<T>, output: string): T | undefined {
  if ('all' in stated) return stated.all
  return Object.hasOwn(stated.each, output) ? stated.each[output] : undefined
}

/** The schema of one value for all outputs, or a map from output names to such values. */
export function perOutput(one: TSchema, description: string, examples: readonly unknown[]) {
  return Type.Unsafe<unknown>({ description, examples, anyOf: [one, mapOfOutputs(one)] })
}

/** The schema of a map from output names. As everywhere, it may have `x-` keys for notes. */
export function mapOfOutputs(one: TSchema, description?: string, examples?: readonly unknown[]) {
  return Type.Unsafe<unknown>({
    ...(description !== undefined && { description }),
    ...(examples && { examples }),
    type: 'object',
    additionalProperties: one,
    patternProperties: { '^x-': {} },
    minProperties: 1,
  })
}

/** Whether a map assigns a choice to each output, instead of being a choice with its options. */
export function mapsOutputs(value: Readonly<Record<string, unknown>>, choices: readonly string[]): boolean {
  return Object.entries(withoutNotes(value)).some(([, item]) => {
    if (typeof item === 'string') return true
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return false
    const [[key, options] = [], ...others] = Object.entries(item)
    if (key === undefined || others.length > 0) return false
    return choices.includes(key) || (options !== null && typeof options === 'object')
  })
}

export function withoutNotes<T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith('x-')))
}
