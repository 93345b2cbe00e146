/** Differences. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { eachOf, meanOf } from '../../language/scriptForms.ts'

export const meanAbsoluteError = defineLoss('meanAbsoluteError', {
  aliases: { same: ['mae', 'L1Loss', 'nn.L1Loss', 'absoluteDifference'] },
  schema: withoutOptions('The mean of absolute differences.'),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
  script: (_options, { targets, predictions }, isWeighted) =>
    isWeighted
      ? eachOf('meanAbsoluteError', targets, predictions)
      : meanOf('tf.losses.absoluteDifference', targets, predictions),
})
