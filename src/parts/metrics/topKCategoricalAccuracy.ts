/** The share of classes that are nearly right. */
import { scriptOfLargest, topFields } from './fields.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const topKCategoricalAccuracy = defineMetric('topKCategoricalAccuracy', {
  aliases: { near: ['topKAccuracy'] },
  schema: topFields('The part of the samples whose class is among the k largest predictions.'),
  labels: { classes: 'well' },
  leastUnits: ({ k }) => k + 1,
  takesLogits: true,
  script: scriptOfLargest,
})
