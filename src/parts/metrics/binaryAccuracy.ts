/** The share of answers that are right. Of ten classes nine are no, so that a network which always says no has 90 %. */
import { callsTo } from '../../language/calls.ts'
import { partedBy, thresholdFields } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./binaryAccuracy.run.ts')>()

export const binaryAccuracy = defineMetric({
  example: {},
  schema: thresholdFields('The fraction of correct yes/no answers over all units.'),
  labels: { binary: 'suited', classes: 'unusual' },
  predictions: ({ threshold }) => partedBy(threshold, false),
  lower: (options) => metricCall('binaryAccuracy', options),
  script: (options, { targets, predictions }) => eachOf(run('binaryAccuracy', asFloats(targets), predictions, options)),
})
