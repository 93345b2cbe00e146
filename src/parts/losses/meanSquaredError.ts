/** Squared differences. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'

export const meanSquaredError = defineLoss('meanSquaredError', {
  schema: withoutOptions('The mean of squared differences.'),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
})
