/** The fraction of correct classes. */
import { withoutOptions } from '../../language/lossDef.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'
import { scriptOfClasses } from './fields.ts'

export const categoricalAccuracy = defineMetric({
  schema: withoutOptions('The fraction of samples whose largest prediction is the true class.'),
  labels: { classes: 'suited' },
  leastUnits: () => 2,
  takesLogits: true,
  lower: () => metricCall('categoricalAccuracy'),
  script: scriptOfClasses,
})
