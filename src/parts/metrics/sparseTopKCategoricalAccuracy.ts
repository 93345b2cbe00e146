/** `topKCategoricalAccuracy` under the name that Keras uses for labels that are class indices. */
import { scriptOfLargest, topFields } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'

export const sparseTopKCategoricalAccuracy = defineMetric({
  schema: topFields('The same as topKCategoricalAccuracy: datasets have class indices as labels for both.'),
  labels: { classes: 'suited' },
  leastUnits: ({ k }) => k + 1,
  takesLogits: true,
  lower: (options) => metricCall('sparseTopKCategoricalAccuracy', options),
  script: scriptOfLargest,
})
