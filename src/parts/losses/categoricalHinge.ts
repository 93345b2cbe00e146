/** The hinge loss of the margin between the true class and the others. */
import { callsTo } from '../../language/calls.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./categoricalHinge.run.ts')>()

export const categoricalHinge = defineLoss({
  schema: withoutOptions('How far the score of the true class is from exceeding every other score by 1.'),
  labels: { classes: 'suited' },
  needsOneClass: true,
  leastUnits: () => 2,
  lower: () => lossCall('categoricalHinge'),
  script: (_options, { targets, predictions }) => eachOf(run('categoricalHinge', targets, predictions)),
})
