/** Finds batch normalization whose moving averages never change. */
import { layerDef } from '../parts/layers/table.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'

export const frozenStatistics = defineRule({
  codes: ['meaning/frozen-statistics'],
  check({ shaped, source }) {
    return shaped.nodes.flatMap(({ name, layer }) => {
      const isFrozen = layerDef(layer.type).role === 'normalization' && layer.options['momentum'] === 1
      if (!isFrozen || !layer.trainable) return []
      return {
        path: [...layer.path, 'momentum'],
        message: `\`momentum: 1\` keeps the moving averages of \`${name}\` at their initial values, so predictions are not normalized`,
        help: '`momentum` is the fraction that each step keeps, typically 0.9 to 0.99; for a layer that is not trained, set `trainable: false`',
        fixes: toFix({ kind: 'set', option: 'momentum', value: 0.99 }, layer, source),
      }
    })
  },
})
