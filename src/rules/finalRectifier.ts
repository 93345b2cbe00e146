/** Finds a rectifier at the end of a network that predicts values. */
import { activationFacts } from '../language/activations.ts'
import { toFix } from '../graph/shapes.ts'
import { placeOrKey } from '../source/report.ts'
import { defineRule } from './defineRule.ts'
import { finalActivation, trainedOutputs } from './trainedOutputs.ts'

export const finalRectifier = defineRule({
  codes: ['meaning/final-rectifier'],
  check(network) {
    const { source, dataset } = network
    if (dataset?.classes !== undefined) return []
    return trainedOutputs(network).flatMap(({ output, loss }) => {
      const found = finalActivation(output, network)
      if (loss.signed !== true || found === undefined || !activationFacts(found.activation).rectifies) return []
      const { node, activation } = found
      const place = placeOrKey(source, [...node.layer.path, 'activation'], node.layer.path)
      const message = `the network ends in \`${activation}\`, which cannot predict negative values and has no gradient where it returns 0`
      return {
        ...place,
        message,
        help: 'remove the activation; for values that are never negative, use `softplus`',
        fixes: place.atKey ? [] : toFix({ kind: 'remove', option: 'activation' }, node.layer, source),
      }
    })
  },
})
