/** Finds softmax in the middle of a network, unless it computes attention weights. */
import { activationFacts } from '../language/activations.ts'
import { layerDef } from '../parts/layers/table.ts'
import { toFix, type ShapedNode } from '../graph/shapes.ts'
import { placeOrKey } from '../source/report.ts'
import { defineRule } from './defineRule.ts'
import { activationOf } from './activationOf.ts'
import { readersOf } from './checkedNetwork.ts'

export const hiddenSoftmax = defineRule({
  codes: ['meaning/hidden-softmax'],
  check(network) {
    const { shaped, source } = network
    const readers = readersOf(shaped)
    return shaped.nodes.flatMap((node) => {
      if (
        activationFacts(activationOf(node)?.activation ?? '').sumsToOne !== true ||
        !feedsWeightsOnly(node, readers, shaped.outputs)
      )
        return []
      const place = placeOrKey(source, [...node.layer.path, 'activation'], node.layer.path)
      const message = `the softmax of \`${node.name}\` is between layers with weights: its outputs sum to 1, which suppresses most of them and their gradients`
      return {
        ...place,
        message,
        help: 'use `relu` in hidden layers; softmax belongs at the end of a classifier or in attention weights',
        fixes: place.atKey ? [] : toFix({ kind: 'set', option: 'activation', value: 'relu' }, node.layer, source),
      }
    })
  },
})

/** Whether only layers with weights read it. In attention, a multiplication reads it instead. */
function feedsWeightsOnly(
  softmax: ShapedNode,
  readers: ReadonlyMap<string, readonly ShapedNode[]>,
  outputs: readonly string[],
): boolean {
  const passing = [softmax]
  let feedsWeights = false
  for (let node = passing.pop(); node; node = passing.pop()) {
    const reached = readers.get(node.name) ?? []
    if (reached.length === 0 || outputs.includes(node.name)) return false
    for (const reader of reached) {
      const { role } = layerDef(reader.layer.type)
      if (role === 'rearranging' || role === 'noise') passing.push(reader)
      else if (reader.params > 0 && reader.inputs.length === 1) feedsWeights = true
      else return false
    }
  }
  return feedsWeights
}
