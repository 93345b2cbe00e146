/** A rectifier behind the last weights of a network that is to predict values. */
import { activationFacts } from '../language/activations.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'
import { finalActivation, judgedOutputs } from './judgedOutputs.ts'

export const finalRectifier = defineRule({
  codes: ['meaning/final-rectifier'],
  check(network) {
    const { source, dataset } = network
    if (dataset?.classes !== undefined) return []
    return judgedOutputs(network).flatMap(({ output, loss }) => {
      const found = finalActivation(output, network)
      if (loss.signed !== true || found === undefined || !activationFacts(found.activation).rectifies) return []
      const { node, activation } = found
      const path = [...node.layer.path, 'activation']
      const isWritten = source.pairAt(path) !== undefined
      const message = `the network ends in \`${activation}\`: it can predict no negative value, and where it gives 0 it learns nothing`
      return {
        path: isWritten ? path : node.layer.path,
        message,
        atKey: !isWritten,
        help: 'predict values without an activation; `softplus` is never negative, and learns everywhere',
        fixes: isWritten ? toFix({ kind: 'remove', option: 'activation' }, node.layer, source) : [],
      }
    })
  },
})
