/** An activation function of what came out of one already. */
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
      const isWrong = activationFacts(second).squashes === true
      const message = isWrong
        ? `\`${second}\` takes sums of any sign, but \`${before!.name}\` gives them through \`${first.activation}\` already`
        : `\`${second}\` acts on what \`${before!.name}\` gave through \`${first.activation}\` already`
      return {
        path: node.item.path,
        message,
        severity: isWrong ? 'warning' : 'hint',
        atKey: true,
        help: `take one of the two out, or put a layer with weights between them`,
      }
    })
  },
})
