/**
 * The length of a spec as it is felt by a reader, which blocks and repeats must reduce: a line counts as much as five options.
 * Each further parameter of a block costs more, and so does a second input: a call of a block with many says little.
 */
import { isSameValue, Reference, type Block, type Item, type Param } from './items.ts'

export const lineCost = 5
const inputCost = 10
/** The number of characters of options from which each has a line. */
const mostOnLine = 95

export function costOf(item: Item): number {
  const { options, list, block } = item
  if (block !== undefined) return callCost(block.params, options)
  if (list === undefined) return layerCost(options)
  return repeatCost(list.items)
}

function layerCost(options: ReadonlyMap<string, unknown>): number {
  const characters = [...options].reduce((sum, [key, value]) => sum + key.length + 4 + lengthOf(value), 0)
  return lineCost + options.size * (characters > mostOnLine ? lineCost : 1)
}

function lengthOf(value: unknown): number {
  return value instanceof Reference ? value.param.name.length : (JSON.stringify(value)?.length ?? 0)
}

/** The cost of a repeat of these items. One item is on the line of its repeat. */
export function repeatCost(items: readonly Item[]): number {
  const isOnOneLine = items.length === 1 && items[0]!.list === undefined
  return isOnOneLine ? costOf(items[0]!) + 1 : 3 * lineCost + 1 + costOfAll(items)
}

export function costOfAll(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + costOf(item), 0)
}

export function callCost(params: readonly Param[], values: ReadonlyMap<string, unknown>): number {
  return lineCost + params.filter(({ name, byDefault }) => !isSameValue(values.get(name), byDefault)).length
}

export function blockCost({ params, list }: Pick<Block, 'params' | 'list'>): number {
  const count = params.length
  const numbered = params.filter(({ name }) => /\d$/.test(name)).length
  const stated = count === 0 ? 0 : lineCost + 2 * count + (count * count) / 2 + 5 * numbered
  return 2 * lineCost + stated + inputCost * (list.entries.length - 1) + costOfAll(list.items)
}
