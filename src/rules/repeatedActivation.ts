/** Finds an activation that is applied directly after another. */
import { activationFacts } from '../language/activations.ts'
import { layerDef } from '../parts/layers/table.ts'
import { defineRule } from './defineRule.ts'
import { activationOf } from './activationOf.ts'

export const repeatedActivation = defineRule({
  codes: ['meaning/repeated-activation'],
  check({ shaped, byName }) {
    return shaped.nodes.flatMap((node) => {
      if (layerDef(node.layer.type).role !== 'activation') return []
      const second = activationOf(node)!.activation
      const before = byName.get(node.inputs[0] ?? '')
      const first = before && activationOf(before)
      if (first === undefined || !first.chosen || first.activation === 'linear' || second === 'linear') return []
      const isWrong = activationFacts(second).mapsToUnitInterval === true
      const message = isWrong
        ? `\`${second}\` expects inputs of any sign, but \`${before!.name}\` already applies \`${first.activation}\``
        : `\`${second}\` follows \`${before!.name}\`, which already applies \`${first.activation}\``
      return {
        path: node.item.path,
        message,
        severity: isWrong ? 'warning' : 'hint',
        atKey: true,
        help: `remove one of the two, or put a layer with weights between them`,
      }
    })
  },
})
