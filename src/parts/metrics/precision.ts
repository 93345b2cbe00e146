/** How far a yes can be trusted. */
import { call } from '../../language/expression.ts'
import { partedBy, thresholdFields, thresholdOf } from './fields.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const precision = defineMetric('precision', {
  example: {},
  schema: thresholdFields('Of the positives predicted, the part that is right.'),
  labels: { classes: 'well', binary: 'well' },
  predictions: ({ threshold }) => partedBy(threshold, true),
  script: ({ threshold }, { targets, predictions }) => ({
    counts: call('precision', targets, predictions, ...thresholdOf(threshold)),
    result: 'ratio',
  }),
})
