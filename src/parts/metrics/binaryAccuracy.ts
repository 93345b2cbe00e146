/** The share of answers that are right. Of ten classes nine are no, so that a network which always says no has 90 %. */
import { partedBy, thresholdFields, thresholdOf } from './fields.ts'
import { defineMetric } from '../../language/metricDef.ts'
import { asFloats, eachOf } from '../../language/scriptForms.ts'

export const binaryAccuracy = defineMetric('binaryAccuracy', {
  example: {},
  schema: thresholdFields('The part of the answers, yes or no, that is right, over all units.'),
  labels: { binary: 'well', classes: 'oddly' },
  predictions: ({ threshold }) => partedBy(threshold, false),
  script: ({ threshold }, { targets, predictions }) =>
    eachOf('binaryAccuracy', asFloats(targets), predictions, ...thresholdOf(threshold)),
})
