/** Squared differences. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'

export const meanSquaredError = defineLoss('meanSquaredError', {
  aliases: { same: ['mse', 'MSELoss', 'nn.MSELoss'] },
  schema: withoutOptions('The mean of squared differences.'),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
})
