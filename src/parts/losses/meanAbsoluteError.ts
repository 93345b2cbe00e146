/** Differences. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'

export const meanAbsoluteError = defineLoss('meanAbsoluteError', {
  schema: withoutOptions('The mean of absolute differences.'),
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
})
