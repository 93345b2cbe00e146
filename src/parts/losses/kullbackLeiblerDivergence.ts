/** The Kullback-Leibler divergence of the predicted from the true distribution. */
import { callsTo } from '../../language/calls.ts'
import { classProbabilities } from '../../language/fit.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { tfCall } from '../../language/lowerOptions.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./kullbackLeiblerDivergence.run.ts')>()

export const kullbackLeiblerDivergence = defineLoss({
  aliases: { same: ['kld', 'klDivergence'], near: ['KLDivLoss', 'nn.KLDivLoss'] },
  schema: withoutOptions('The sum of target · log(target / prediction), for targets that are probabilities.'),
  labels: { classes: 'suited', values: 'suited' },
  predictions: () => classProbabilities,
  leastUnits: () => 2,
  ofLogits: () => ['softmax', 'sigmoid'],
  lower: () => lossCall('kullbackLeiblerDivergence'),
  script(_options, { targets, predictions, logits }) {
    if (logits === undefined) return eachOf(run('kullbackLeiblerDivergence', asFloats(targets), predictions))
    const logarithms = tfCall(logits === 'softmax' ? 'logSoftmax' : 'logSigmoid', predictions)
    return eachOf(run('divergenceOfLogarithms', asFloats(targets), logarithms))
  },
})
