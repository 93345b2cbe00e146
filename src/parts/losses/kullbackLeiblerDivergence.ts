/** What a predicted distribution lacks of the true one. */
import { classProbabilities } from '../../language/fit.ts'
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { call } from '../../language/expression.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

export const kullbackLeiblerDivergence = defineLoss('kullbackLeiblerDivergence', {
  aliases: { same: ['kld', 'klDivergence'], near: ['KLDivLoss', 'nn.KLDivLoss'] },
  schema: withoutOptions('The sum of target · log(target / prediction), for targets that are probabilities.'),
  labels: { classes: 'well', values: 'well' },
  predictions: () => classProbabilities,
  leastUnits: () => 2,
  ofLogits: () => ['softmax', 'sigmoid'],
  script(_options, { targets, predictions, logits }) {
    if (logits === undefined) return eachOf('kullbackLeiblerDivergence', asFloats(targets), predictions)
    const logarithms = call(logits === 'softmax' ? 'tf.logSoftmax' : 'tf.logSigmoid', predictions)
    return eachOf('divergenceOfLogarithms', asFloats(targets), logarithms)
  },
})
