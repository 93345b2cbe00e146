/** The share of classes that are right. */
import { withoutOptions } from '../../language/lossDef.ts'
import { defineMetric } from '../../language/metricDef.ts'
import { scriptOfClasses } from './fields.ts'

export const categoricalAccuracy = defineMetric('categoricalAccuracy', {
  schema: withoutOptions('The part of the samples whose largest prediction is that of the class.'),
  labels: { classes: 'well' },
  leastUnits: () => 2,
  takesLogits: true,
  script: scriptOfClasses,
})
