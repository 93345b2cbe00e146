/** The values of the `$name` and `$(expression)` of a spec. */
import { ComposedSource } from '../compose/composedSource.ts'
import { valueSpan } from '../compose/origins.ts'
import type { Origin } from '../compose/origins.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { spanOf } from '../source/source.ts'
import { placeAt } from './cursor.ts'
import type { SpecDocument } from './specDocument.ts'

/** The number of values of the expanded spec that are visited: a spec of a thousand layers has fewer. */
const mostValues = 50_000

export interface ReferenceValues {
  readonly start: number
  readonly end: number
  /** The distinct values, in the order of their uses. */
  readonly values: readonly string[]
}

/** Finds each reference that was expanded, by the offset at which it is written. */
export function valuesOfReferences({
  analysis: { source },
  text,
  file,
  items,
}: SpecDocument): ReadonlyMap<number, ReferenceValues> {
  const found = new Map<number, { end: number; values: Set<string> }>()
  if (!(source instanceof ComposedSource)) return new Map()
  /** Adds a value if it was written as a reference, and the values of the variables in it, such as the arguments of a call. */
  const add = (value: unknown, origin: Origin): void => {
    const { start, end, file: other } = valueSpan(origin, file)
    if (other === undefined && /^["']?\$[^$]/.test(text.slice(start, start + 3))) {
      const known = found.get(start) ?? { end, values: new Set<string>() }
      found.set(start, known)
      known.values.add(showValue(value))
    }
    for (const name of origin.names ?? []) add(name.value, name.origin)
  }
  let left = mostValues
  const visit = (value: unknown, path: Path): void => {
    left -= 1
    if (left < 0) return
    if (path.length > 0) add(value, source.originOf(path))
    if (value === null || typeof value !== 'object') return
    for (const [key, inner] of Object.entries(value)) {
      if (!key.startsWith('x-')) visit(inner, [...path, Array.isArray(value) ? Number(key) : key])
    }
  }
  visit(source.value, [])
  // The plain spec has no repeats.
  for (const { typeSpan, iterations } of items.values()) {
    const place = iterations.length === 0 ? undefined : placeAt(source, typeSpan.start)
    const times = place && spanOf(source.written.nodeAt([...place.path, 'times']))
    if (times === undefined || text[times.start] !== '$') continue
    found.set(times.start, { end: times.end, values: new Set(iterations.map(String)) })
  }
  return new Map([...found].map(([start, { end, values }]) => [start, { start, end, values: [...values] }]))
}

/** Lists at most three values: `32, 64, 128 …`. */
export function listValues(values: readonly string[]): string {
  return `${values.slice(0, 3).join(', ')}${values.length > 3 ? ' …' : ''}`
}
