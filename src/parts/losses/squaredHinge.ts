/** The squared margin of answers yes or no. */
import { signedValues } from '../../language/fit.ts'
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

export const squaredHinge = defineLoss('squaredHinge', {
  schema: withoutOptions('The mean of max(0, 1 - target · prediction)², for targets -1 and 1; a 0 counts as -1.'),
  labels: { binary: 'well', classes: 'oddly' },
  needsOneClass: true,
  predictions: () => signedValues,
  script: (_options, { targets, predictions }) => eachOf('squaredHinge', targets, predictions),
})
