/** How many are found. */
import { callsTo } from '../../language/calls.ts'
import { partedBy, ratio, thresholdFields } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'

const run = callsTo<typeof import('./recall.run.ts')>()

export const recall = defineMetric({
  example: {},
  schema: thresholdFields('The fraction of true positives that are predicted.'),
  labels: { classes: 'suited', binary: 'suited' },
  predictions: ({ threshold }) => partedBy(threshold, true),
  lower: (options) => metricCall('recall', options),
  script: (options, { targets, predictions }) => ({
    counts: run('recall', targets, predictions, options),
    result: ratio,
  }),
})
