/** The fraction of predicted yes that are correct. */
import { callsTo } from '../../language/calls.ts'
import { predictionsAt, ratio, thresholdFields } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'

const run = callsTo<typeof import('./precision.run.ts')>()

export const precision = defineMetric({
  example: {},
  schema: thresholdFields('The fraction of predicted positives that are correct.'),
  labels: { classes: 'suited', binary: 'suited' },
  predictions: ({ threshold }) => predictionsAt(threshold, true),
  lower: (options) => metricCall('precision', options),
  script: (options, { targets, predictions }) => ({
    counts: run('precision', targets, predictions, options),
    result: ratio,
  }),
})
