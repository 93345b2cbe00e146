/** How many are found. */
import { call } from '../../language/expression.ts'
import { partedBy, thresholdFields, thresholdOf } from './fields.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const recall = defineMetric('recall', {
  example: {},
  schema: thresholdFields('Of the true positives, the part that is predicted.'),
  labels: { classes: 'well', binary: 'well' },
  predictions: ({ threshold }) => partedBy(threshold, true),
  script: ({ threshold }, { targets, predictions }) => ({
    counts: call('recall', targets, predictions, ...thresholdOf(threshold)),
    result: 'ratio',
  }),
})
