/** The negative cosine of the angle between vectors, which need more than one element. */
import { callsTo } from '../../language/calls.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./cosineProximity.run.ts')>()

export const cosineProximity = defineLoss({
  aliases: { near: ['cosine', 'cosineSimilarity'] },
  schema: withoutOptions('Minus the cosine of the angle between prediction and target: -1 is perfect.'),
  labels: { values: 'suited', classes: 'unusual' },
  leastUnits: () => 2,
  lower: () => lossCall('cosineProximity'),
  script: (_options, { targets, predictions }) => eachOf(run('cosineProximity', targets, predictions)),
})
