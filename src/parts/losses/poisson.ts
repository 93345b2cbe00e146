/** The negative log-likelihood of counts in a Poisson distribution, up to a constant. */
import { callsTo } from '../../language/calls.ts'
import { positiveValues } from '../../language/fit.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./poisson.run.ts')>()

export const poisson = defineLoss({
  aliases: { near: ['PoissonNLLLoss'] },
  schema: withoutOptions('The mean of prediction - target · log(prediction), for targets that are counts.'),
  labels: { values: 'suited' },
  leastLabel: 0,
  predictions: () => positiveValues,
  lower: () => lossCall('poisson'),
  script: (_options, { targets, predictions }) => eachOf(run('poisson', targets, predictions)),
})
