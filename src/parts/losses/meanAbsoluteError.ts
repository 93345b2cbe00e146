/** Differences. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'

export const meanAbsoluteError = defineLoss('meanAbsoluteError', {
  schema: withoutOptions('The mean of absolute differences.'),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
})
