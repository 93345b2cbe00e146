/** Describes the options of a layer that are not the default. */
import { layerDef } from '../parts/layers/table.ts'
import type { ShapedNode } from '../graph/shapes.ts'

/** Returns `filters 32, kernelSize 3, same, relu`: words such as `same` need no name of their option. */
export function describeOptions({ layer, applies }: Pick<ShapedNode, 'layer' | 'applies'>): string {
  if (applies !== undefined) return `shares the weights of ${applies}`
  const fields = layerDef(layer.type).schema.properties as Record<string, { readonly default?: unknown } | undefined>
  const parts = Object.entries(layer.options).filter(
    ([key, value]) => !hidden.has(key) && JSON.stringify(value) !== JSON.stringify(fields[key]?.default),
  )
  return parts.map(([key, value]) => (typeof value === 'string' ? value : `${key} ${describeValue(value)}`)).join(', ')
}

/** Options that are shown elsewhere: as the layer's name, its edges or its shapes. */
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
