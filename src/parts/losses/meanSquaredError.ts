/** Squared differences. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { eachOf, meanOf } from '../../language/scriptForms.ts'

export const meanSquaredError = defineLoss('meanSquaredError', {
  aliases: { same: ['mse', 'MSELoss', 'nn.MSELoss'] },
  schema: withoutOptions('The mean of squared differences.'),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
  script: (_options, { targets, predictions }, isWeighted) =>
    isWeighted
      ? eachOf('tf.squaredDifference', targets, predictions)
      : meanOf('tf.losses.meanSquaredError', targets, predictions),
})
