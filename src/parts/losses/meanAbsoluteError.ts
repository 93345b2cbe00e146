/** The mean absolute difference. */
import { callsTo } from '../../language/calls.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { tfLoss } from './fields.ts'
import { eachOf, meanOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./meanAbsoluteError.run.ts')>()

export const meanAbsoluteError = defineLoss({
  aliases: { same: ['mae', 'L1Loss', 'nn.L1Loss', 'absoluteDifference'] },
  schema: withoutOptions('The mean of absolute differences.'),
  signed: true,
  labels: { values: 'suited', binary: 'unusual', classes: 'unusual' },
  lower: () => lossCall('meanAbsoluteError'),
  script: (_options, { targets, predictions }, isWeighted) =>
    isWeighted
      ? eachOf(run('meanAbsoluteError', targets, predictions))
      : meanOf(tfLoss('absoluteDifference', targets, predictions)),
})
