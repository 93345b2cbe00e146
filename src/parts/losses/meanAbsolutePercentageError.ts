/** Differences in percent of what is right. Labels of classes are 0 but for one, and no difference is a part of 0. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

export const meanAbsolutePercentageError = defineLoss('meanAbsolutePercentageError', {
  aliases: { same: ['mape'] },
  schema: withoutOptions('The mean of absolute differences in percent of the target, which must not be 0.'),
  labels: { values: 'well' },
  script: (_options, { targets, predictions }) => eachOf('meanAbsolutePercentageError', asFloats(targets), predictions),
})
