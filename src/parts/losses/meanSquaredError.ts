/** The mean squared difference. */
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { tfCall } from '../../language/lowerOptions.ts'
import { tfLoss } from './fields.ts'
import { eachOf, meanOf } from '../../language/scriptForms.ts'

export const meanSquaredError = defineLoss({
  aliases: { same: ['mse', 'MSELoss', 'nn.MSELoss'] },
  schema: withoutOptions('The mean of squared differences.'),
  signed: true,
  labels: { values: 'suited', binary: 'unusual', classes: 'unusual' },
  lower: () => lossCall('meanSquaredError'),
  script: (_options, { targets, predictions }, isWeighted) =>
    isWeighted
      ? eachOf(tfCall('squaredDifference', targets, predictions))
      : meanOf(tfLoss('meanSquaredError', targets, predictions)),
})
