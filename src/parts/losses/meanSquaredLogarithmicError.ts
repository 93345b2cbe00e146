/** Squared differences of logarithms. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

export const meanSquaredLogarithmicError = defineLoss('meanSquaredLogarithmicError', {
  aliases: { same: ['msle'] },
  schema: withoutOptions('The mean of squared differences of log(1 + x), for targets that are not negative.'),
  labels: { values: 'well' },
  script: (_options, { targets, predictions }) => eachOf('meanSquaredLogarithmicError', asFloats(targets), predictions),
})
