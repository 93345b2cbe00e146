/** The mean absolute difference in percent of the label. It does not suit classes, whose labels are mostly 0. */
import { callsTo } from '../../language/calls.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./meanAbsolutePercentageError.run.ts')>()

export const meanAbsolutePercentageError = defineLoss({
  aliases: { same: ['mape'] },
  schema: withoutOptions('The mean of absolute differences in percent of the target, which must not be 0.'),
  labels: { values: 'suited' },
  lower: () => lossCall('meanAbsolutePercentageError'),
  script: (_options, { targets, predictions }) =>
    eachOf(run('meanAbsolutePercentageError', asFloats(targets), predictions)),
})
