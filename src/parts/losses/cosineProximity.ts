/** The angle between vectors. A vector of one number has no angle. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

export const cosineProximity = defineLoss('cosineProximity', {
  aliases: { near: ['cosine', 'cosineSimilarity'] },
  schema: withoutOptions('Minus the cosine of the angle between prediction and target: -1 is perfect.'),
  labels: { values: 'well', classes: 'oddly' },
  leastUnits: () => 2,
  script: (_options, { targets, predictions }) => eachOf('cosineProximity', targets, predictions),
})
