/** How much better values are predicted than by their mean. */
import { withoutOptions } from '../../language/lossDef.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const r2Score = defineMetric('r2Score', {
  schema: withoutOptions('1 - squared differences / spread of the targets: 1 is perfect, 0 no better than their mean.'),
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
})
