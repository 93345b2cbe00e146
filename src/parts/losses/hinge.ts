/** The hinge loss of yes or no predictions, as in support vector machines. */
import { callsTo } from '../../language/calls.ts'
import { signedValues } from '../../language/fit.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./hinge.run.ts')>()

export const hinge = defineLoss({
  aliases: { near: ['hingeLoss'] },
  schema: withoutOptions('The mean of max(0, 1 - target · prediction), for targets -1 and 1; a 0 counts as -1.'),
  labels: { binary: 'suited', classes: 'unusual' },
  needsOneClass: true,
  predictions: () => signedValues,
  lower: () => lossCall('hinge'),
  script: (_options, { targets, predictions }) => eachOf(run('hinge', targets, predictions)),
})
