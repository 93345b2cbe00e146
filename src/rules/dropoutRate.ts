/** Finds dropout that keeps almost no values. */
import { layerDef } from '../parts/layers/table.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'

/** A higher rate is rarely intended: it is usually the fraction to keep, as in TensorFlow 1 (`keep_prob`). */
const mostDropped = 0.9

export const dropoutRate = defineRule({
  codes: ['meaning/dropout-rate'],
  check({ shaped, source }) {
    return shaped.nodes.flatMap(({ item, layer }) => {
      const { rate } = layer.options
      if (layerDef(layer.type).role !== 'noise' || typeof rate !== 'number' || rate < mostDropped) return []
      const kept = Number((1 - rate).toPrecision(6))
      const message = `this ${layer.type} layer drops ${Number((100 * rate).toPrecision(6))} % of the values and keeps ${Number((100 * kept).toPrecision(6))} %`
      return {
        path: [...item.path, 'rate'],
        message,
        help: `\`rate\` is the fraction to drop, typically 0.1 to 0.5; did you mean \`rate: ${kept}\`?`,
        fixes: kept > 0 ? toFix({ kind: 'set', option: 'rate', value: kept }, layer, source) : [],
      }
    })
  },
})
