/** The fraction of true classes among the k largest predictions. */
import { scriptOfLargest, topFields } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'

export const topKCategoricalAccuracy = defineMetric({
  aliases: { near: ['topKAccuracy'] },
  schema: topFields('The fraction of samples whose class is among the k largest predictions.'),
  labels: { classes: 'suited' },
  leastUnits: ({ k }) => k + 1,
  takesLogits: true,
  lower: (options) => metricCall('topKCategoricalAccuracy', options),
  script: scriptOfLargest,
})
