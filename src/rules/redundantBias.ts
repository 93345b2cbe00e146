/** Finds a bias that batch normalization subtracts again. */
import { layerDef } from '../parts/layers/table.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'

export const redundantBias = defineRule({
  codes: ['meaning/redundant-bias'],
  check({ shaped, source, byName }) {
    const shared = new Set(shaped.nodes.flatMap(({ applies }) => applies ?? []))
    return shaped.nodes.flatMap((node) => {
      // A frozen normalization subtracts its stored mean, not the mean of the batch.
      if (layerDef(node.layer.type).removesBias !== true || !node.layer.trainable) return []
      const before = byName.get(node.inputs[0] ?? '')
      // Of a layer that is applied several times, perhaps only one use is followed by the normalization.
      if (before === undefined || shared.has(before.applies ?? before.name)) return []
      const { useBias, activation } = before.layer.options
      if (useBias !== true || (activation ?? 'linear') !== 'linear') return []
      const message = `the bias of \`${before.name}\` has no effect: the batch normalization after it subtracts the mean`
      return {
        path: before.layer.path,
        message,
        atKey: true,
        help: 'set `useBias: false` to save its parameters',
        fixes: toFix({ kind: 'set', option: 'useBias', value: false }, before.layer, source),
      }
    })
  },
})
