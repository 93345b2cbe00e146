/** Differences. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'

export const meanAbsoluteError = defineLoss('meanAbsoluteError', {
  aliases: { same: ['mae', 'L1Loss', 'nn.L1Loss', 'absoluteDifference'] },
  schema: withoutOptions('The mean of absolute differences.'),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
})
