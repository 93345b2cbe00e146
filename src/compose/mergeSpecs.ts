/**
 * Merges a spec with the one that it extends. Maps merge key by key; lists, scalars, variables and blocks are replaced; a choice,
 * such as an optimizer with its options, merges if its type is the same. `!remove` removes a key of the parent.
 */
import { removed } from '../source/nodeReader.ts'
import { isMap } from './blocks.ts'
import { readChosen, shapeInside, shapeOfSpec, type Shape } from './choices.ts'
import type { Composition } from './composition.ts'
import { mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import { originInside, type Origin, type Placed } from './origins.ts'

/** The keys that a spec does not take from its parent. */
const ownKeys: ReadonlySet<string> = new Set(['name', 'sweep', 'abstract', 'extends'])

type Merge = (base: Placed, over: Placed, key: string) => Placed

/** Merges a spec into its parent. The origin of the result is that of the spec. */
export function mergeSpecs(parent: Placed, child: Placed): Placed {
  const shape = shapeOfSpec()
  const inherited = Object.entries(parent.value as object).filter(([key]) => !ownKeys.has(key))
  const base = { ...parent, value: mapOf(inherited) }
  const { value, origin } = mergeMaps(base, child, (one, other, key) => {
    const areMaps = isMap(one.value) && isMap(other.value)
    if (areMaps && (key === 'vars' || key === 'blocks')) return mergeMaps(one, other, (_one, own) => own)
    return mergeValues(one, other, shapeInside(shape, key))
  })
  const { name, ...others } = value as Readonly<Record<string, unknown>>
  return { value: name === undefined ? value : mapOf([['name', name], ...Object.entries(others)]), origin }
}

/**
 * Merges a value into the one that it overrides.
 *
 * @param shape Which values inside are choices.
 */
export function mergeValues(base: Placed, over: Placed, shape: Shape | undefined): Placed {
  const [before, after] = [readChosen(base.value, shape), readChosen(over.value, shape)]
  if (before === undefined && after === undefined) {
    if (!isMap(base.value) || !isMap(over.value)) return over
    return mergeMaps(base, over, (a, b, key) => mergeValues(a, b, shapeInside(shape, key)))
  }
  if (before === undefined || after === undefined || before.type !== after.type) return over
  if (!isMap(after.options)) return base
  if (!isMap(before.options)) return over
  return mergeMaps(base, over, (a, b) => mergeValues(a, b, before.shape))
}

/** Merges two maps. `!remove` removes the key of the base; without one, it stays, and may remove an option of a layer. */
function mergeMaps(base: Placed, over: Placed, merge: Merge): Placed {
  const own = over.value as Readonly<Record<string, unknown>>
  const values = new Map<string, unknown>()
  const inside = new Map<string | number, Origin>(over.origin.inside)
  for (const [key, value] of Object.entries(base.value as object)) {
    const before = { value: value as unknown, origin: originInside(base.origin, key) }
    const after = { value: own[key], origin: originInside(over.origin, key) }
    const isOwn = Object.hasOwn(own, key)
    if (isOwn && after.value === removed) continue
    const merged = isOwn ? merge(before, after, key) : before
    values.set(key, merged.value)
    inside.set(key, merged.origin)
  }
  for (const [key, value] of Object.entries(own)) {
    if (!Object.hasOwn(base.value as object, key)) values.set(key, value)
  }
  return { value: mapOf(values), origin: { ...over.origin, inside } }
}

/**
 * Removes what is left of `!remove`, and reports that there was nothing to remove.
 *
 * @param isKnown Whether all values of the parents are known.
 */
export function withoutMarkers(context: Composition, { value, origin }: Placed, isKnown: boolean): unknown {
  const clean = (one: unknown, place: Origin): unknown => {
    if (Array.isArray(one)) return one.map((item: unknown, index) => cleanItem(item, originInside(place, index)))
    if (!isMap(one)) return one
    const entries = Object.entries(one).map(
      ([key, inner]) => [key, cleanItem(inner, originInside(place, key))] as const,
    )
    return mapOf(entries.filter(([key]) => one[key] !== removed))
  }
  const cleanItem = (one: unknown, place: Origin): unknown => {
    if (one !== removed) return clean(one, place)
    if (isKnown) reportMarker(context, place)
    return unknown
  }
  return clean(value, origin)
}

export function reportMarker(context: Composition, place: Origin): void {
  context.report('compose/nothing-to-remove', place, 'there is nothing to remove here', {
    atKey: true,
    help: '`!remove` removes a key that the spec has from the one that it `extends`, or an option by `override`',
  })
}
