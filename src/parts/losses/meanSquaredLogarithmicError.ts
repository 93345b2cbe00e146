/** The mean squared difference of logarithms. */
import { callsTo } from '../../language/calls.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./meanSquaredLogarithmicError.run.ts')>()

export const meanSquaredLogarithmicError = defineLoss({
  aliases: { same: ['msle'] },
  schema: withoutOptions('The mean of squared differences of log(1 + x), for targets that are not negative.'),
  labels: { values: 'suited' },
  leastLabel: 0,
  lower: () => lossCall('meanSquaredLogarithmicError'),
  script: (_options, { targets, predictions }) =>
    eachOf(run('meanSquaredLogarithmicError', asFloats(targets), predictions)),
})
