/** The likelihood of counts. */
import { positiveValues } from '../../language/fit.ts'
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

export const poisson = defineLoss('poisson', {
  aliases: { near: ['PoissonNLLLoss'] },
  schema: withoutOptions('The mean of prediction - target · log(prediction), for targets that are counts.'),
  labels: { values: 'well' },
  predictions: () => positiveValues,
  script: (_options, { targets, predictions }) => eachOf('poisson', targets, predictions),
})
