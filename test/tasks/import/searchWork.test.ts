/** The work of the search for repeated structure: near linear in the number of layers, and limited. */
import { describe, expect, it } from 'vitest'
import { RandomSource } from '../../../scripts/fuzz/randomSource.ts'
import type { ImportedLayer, ImportedNetwork } from '../../../src/tasks/import/importedNetwork.ts'
import { flatSpec } from '../../../src/tasks/import/printing/flatSpec.ts'
import type { Item } from '../../../src/tasks/import/printing/items.ts'
import { SearchWork } from '../../../src/tasks/import/printing/searchWork.ts'
import { addStructure } from '../../../src/tasks/import/printing/structure.ts'
import { printSpec } from '../../../src/tasks/import/printSpec.ts'
import { analyzeValid } from './networkOf.ts'

const kinds: readonly ((random: RandomSource) => Pick<ImportedLayer, 'type' | 'options'>)[] = [
  (random) => ({ type: 'dense', options: { units: random.integer(1, 16) } }),
  () => ({ type: 'reLU', options: {} }),
  (random) => ({ type: 'dropout', options: { rate: random.integer(1, 8) / 10 } }),
]

function chainOf(count: number): ImportedNetwork {
  const random = new RandomSource(1)
  const layers = Array.from({ length: count }, (_layer, index): ImportedLayer => {
    const common = { name: `layer_${index}`, inputs: index === 0 ? [] : [`layer_${index - 1}`] }
    return index === 0
      ? { ...common, type: 'input', options: { shape: [8] } }
      : { ...common, ...random.pick(kinds)(random) }
  })
  return { name: 'net', layers, outputs: [`layer_${count - 1}`], weights: new Map() }
}

/** The number of times that the search reads or replaces the inputs of the layers. */
function accessesIn(network: ImportedNetwork): number {
  let count = 0
  const spec = flatSpec(network, network.layers)
  for (const item of spec.list.items) countAccesses(item, () => (count += 1))
  addStructure(spec)
  return count
}

function countAccesses(item: Item, counted: () => void): void {
  let { inputs } = item
  Object.defineProperty(item, 'inputs', {
    enumerable: true,
    get: () => (counted(), inputs),
    set: (value: Item['inputs']) => {
      counted()
      inputs = value
    },
  })
}

describe('the search for repeated structure', () => {
  it('reads the layers of a random network in near proportion to their number', () => {
    const [small, large] = [accessesIn(chainOf(250)), accessesIn(chainOf(2000))]
    expect(large / small).toBeLessThan(8 * 4)
  })

  it('ends at its limit, with the structure found so far and a remark', () => {
    const network = chainOf(400)
    const [whole, limited, none] = [undefined, new SearchWork(60_000), new SearchWork(0)].map((work) =>
      printSpec(network, work),
    )
    const linesOf = ({ text }: { readonly text: string }) => text.split('\n').length
    expect([whole, limited, none].map((one) => analyzeValid(one!.text)?.graph.nodes.length)).toEqual([400, 400, 400])
    expect(linesOf(whole!)).toBeLessThan(linesOf(limited!))
    expect(linesOf(limited!)).toBeLessThan(linesOf(none!))
    expect([whole, limited].map((one) => one!.remarks)).toEqual([
      [],
      [
        'The search for repeated structure in 400 layers reached its limit: the spec could have more blocks and repeats.',
      ],
    ])
  })
})
