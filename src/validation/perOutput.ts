/**
 * `loss` and `metrics` are stated once for all outputs, or by a map from each output to its own. No output has to be
 * looked up to tell the two apart: `{ huberLoss: { delta: 2 } }` holds options, `{ digit: huberLoss }` holds losses.
 */
import * as Type from 'typebox'
import type { TSchema } from 'typebox'

export type PerOutput<T> = { readonly all: T } | { readonly each: Readonly<Record<string, T>> }

/** What is stated for one output. */
export function statedFor<T>(stated: PerOutput<T>, output: string): T | undefined {
  if ('all' in stated) return stated.all
  return Object.hasOwn(stated.each, output) ? stated.each[output] : undefined
}

/** One for all, or a map of such from the outputs' names. */
export function perOutput(one: TSchema, description: string, examples: readonly unknown[]) {
  return Type.Unsafe<unknown>({ description, examples, anyOf: [one, mapOfOutputs(one)] })
}

/** A map from the outputs' names; keys for notes are free in it as everywhere. */
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

/** Whether a map goes from outputs to a choice for each, and is not itself a choice with its options. */
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
