/** Finds layers whose output equals their input. */
import { layerDef } from '../parts/layers/table.ts'
import { defineRule } from './defineRule.ts'

export const noEffect = defineRule({
  codes: ['meaning/no-effect'],
  check({ shaped }) {
    return shaped.nodes.flatMap(({ name, item, layer, inputShapes, shape }) => {
      const why = layerDef(layer.type).noOpReason?.(layer.options, inputShapes, shape)
      if (why === undefined) return []
      return { path: item.path, message: `\`${name}\` has no effect: ${why}`, atKey: true, help: 'remove it' }
    })
  },
})
