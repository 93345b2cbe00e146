/** The share of classes that are nearly right, by the name that Keras gives it for labels that are numbers. */
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
