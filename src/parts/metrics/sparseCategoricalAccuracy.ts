/** The fraction of correct classes, under the name that Keras uses for labels that are class indices. */
import { withoutOptions } from '../../language/lossDef.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'
import { scriptOfClasses } from './fields.ts'

export const sparseCategoricalAccuracy = defineMetric({
  schema: withoutOptions('The same as categoricalAccuracy: datasets have class indices as labels for both.'),
  labels: { classes: 'suited' },
  leastUnits: () => 2,
  takesLogits: true,
  lower: () => metricCall('sparseCategoricalAccuracy'),
  script: scriptOfClasses,
})
