/** Checks the layers that take whole numbers, such as the numbers of words, against the samples that they get. */
import { countOf, formatCount } from '../diagnostics/formatCount.ts'
import { toFix, type ShapedNode } from '../graph/shapes.ts'
import { layerDef } from '../parts/layers/table.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'
import { defineRule, type Finding } from './defineRule.ts'

export const indices = defineRule({
  codes: ['meaning/not-indices', 'data/index-out-of-range'],
  check: (network) =>
    indexedInputs(network).flatMap((indexed) => findFractions(indexed, network) ?? findLargeIndices(indexed, network)),
})

/** A layer that takes the numbers of the samples as whole numbers from 0. */
export interface IndexedInput {
  readonly node: ShapedNode
  /** The option with the number of values. */
  readonly option: string
  readonly count: number
}

/** Returns the layers that take the numbers of samples, perhaps rearranged, as whole numbers. */
export function indexedInputs({ shaped, byName, spec }: CheckedNetwork): IndexedInput[] {
  if (spec.dataset === undefined) return []
  return shaped.nodes.flatMap((node) => {
    const option = layerDef(node.layer.type).countsValues
    const count = option === undefined ? undefined : node.layer.options[option]
    if (option === undefined || typeof count !== 'number' || !takesSamples(node, byName)) return []
    return [{ node, option, count }]
  })
}

function takesSamples(node: ShapedNode, byName: CheckedNetwork['byName']): boolean {
  const source = byName.get(node.inputs[0] ?? '')
  if (source === undefined) return false
  const { role } = layerDef(source.layer.type)
  return role === 'input' || (role === 'rearranging' && takesSamples(source, byName))
}

function findFractions({ node, count }: IndexedInput, { spec }: CheckedNetwork): Finding | undefined {
  const why = spec.normalize === undefined ? spec.facts?.fractions : '`normalize` scales the samples'
  if (why === undefined) return undefined
  return {
    path: node.layer.path,
    atKey: true,
    message: `\`${node.layer.type}\` takes whole numbers from 0 to ${formatCount(count - 1)}, but ${why}`,
    help: 'use samples that are the numbers of words or categories: `index` columns of a table, or an array of int32',
  }
}

/** Compares the categories of the columns of a table, which all pass through the layer. */
function findLargeIndices({ node, option, count }: IndexedInput, { spec, source }: CheckedNetwork): Finding[] {
  const columns = (spec.facts?.columns ?? []).filter(({ type, isLabel }) => type === 'index' && !isLabel)
  const largest = columns.toSorted((a, b) => (b.values?.length ?? 0) - (a.values?.length ?? 0))[0]
  const categories = largest?.values?.length ?? 0
  if (largest === undefined || categories <= count) return []
  return [
    {
      code: 'data/index-out-of-range',
      path: [...node.layer.path, option],
      message: `\`${option}\` is ${formatCount(count)}, but the column ${JSON.stringify(largest.name)} has ${countOf(categories, 'category', 'categories')}`,
      help: `their numbers are 0 to ${formatCount(categories - 1)}`,
      fixes: toFix({ kind: 'set', option, value: categories }, node.layer, source),
    },
  ]
}
