/** How many are found. */
import { partedBy, thresholdFields } from './fields.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const recall = defineMetric('recall', {
  schema: thresholdFields('Of the true positives, the part that is predicted.'),
  labels: { classes: 'well', binary: 'well' },
  predictions: ({ threshold }) => partedBy(threshold, true),
})
