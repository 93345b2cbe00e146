/** The squared hinge loss of yes or no predictions. */
import { callsTo } from '../../language/calls.ts'
import { signedValues } from '../../language/fit.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./squaredHinge.run.ts')>()

export const squaredHinge = defineLoss({
  schema: withoutOptions('The mean of max(0, 1 - target · prediction)², for targets -1 and 1; a 0 counts as -1.'),
  labels: { binary: 'suited', classes: 'unusual' },
  needsOneClass: true,
  predictions: () => signedValues,
  lower: () => lossCall('squaredHinge'),
  script: (_options, { targets, predictions }) => eachOf(run('squaredHinge', targets, predictions)),
})
