/** What a spec says of a layer beyond its type, in a few words: the options that are not the default. */
import { layerDef } from '../parts/layers/table.ts'
import type { ShapedNode } from '../graph/shapes.ts'

/** `filters 32, kernelSize 3, same, relu`: a word says by itself which option it is of. */
export function describeOptions({ layer, applies }: ShapedNode): string {
  if (applies !== undefined) return `shares the weights of ${applies}`
  const fields = layerDef(layer.type).schema.properties as Record<string, { readonly default?: unknown } | undefined>
  const told = Object.entries(layer.options).filter(
    ([key, value]) => !hidden.has(key) && JSON.stringify(value) !== JSON.stringify(fields[key]?.default),
  )
  return told.map(([key, value]) => (typeof value === 'string' ? value : `${key} ${describeValue(value)}`)).join(', ')
}

/** Told elsewhere: as the layer's name, its edges, its shapes. */
const hidden: ReadonlySet<string> = new Set(['name', 'inputs', 'expect', 'shape', 'trainable'])

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeValue).join('x')
  if (value === null || typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([key, inner]) => (isEmpty(inner) ? key : `${key} ${describeValue(inner)}`))
    .join(' ')
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}
