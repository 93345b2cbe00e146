/** How far a yes can be trusted. */
import { partedBy, thresholdFields } from './fields.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const precision = defineMetric('precision', {
  schema: thresholdFields('Of the positives predicted, the part that is right.'),
  labels: { classes: 'well', binary: 'well' },
  predictions: ({ threshold }) => partedBy(threshold, true),
})
