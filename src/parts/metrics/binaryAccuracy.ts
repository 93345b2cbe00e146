/** The fraction of correct yes or no predictions. With ten one-hot classes, always predicting no already scores 90 %. */
import { callsTo } from '../../language/calls.ts'
import { predictionsAt, thresholdFields } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./binaryAccuracy.run.ts')>()

export const binaryAccuracy = defineMetric({
  example: {},
  schema: thresholdFields('The fraction of correct yes/no answers over all units.'),
  labels: { binary: 'suited', classes: 'unusual' },
  predictions: ({ threshold }) => predictionsAt(threshold, false),
  lower: (options) => metricCall('binaryAccuracy', options),
  script: (options, { targets, predictions }) => eachOf(run('binaryAccuracy', asFloats(targets), predictions, options)),
})
