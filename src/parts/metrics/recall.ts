/** The fraction of true yes that are predicted. */
import { callsTo } from '../../language/calls.ts'
import { predictionsAt, ratio, thresholdFields } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'

const run = callsTo<typeof import('./recall.run.ts')>()

export const recall = defineMetric({
  example: {},
  schema: thresholdFields('The fraction of true positives that are predicted.'),
  labels: { classes: 'suited', binary: 'suited' },
  predictions: ({ threshold }) => predictionsAt(threshold, true),
  lower: (options) => metricCall('recall', options),
  script: (options, { targets, predictions }) => ({
    counts: run('recall', targets, predictions, options),
    result: ratio,
  }),
})
