/** How much better values are predicted than by their mean. */
import { withoutOptions } from '../../language/lossDef.ts'
import { defineMetric } from '../../language/metricDef.ts'
import { call } from '../../language/expression.ts'
import { asFloats } from '../../language/scriptForms.ts'

export const r2Score = defineMetric('r2Score', {
  aliases: { same: ['r2'] },
  schema: withoutOptions('1 - squared differences / spread of the targets: 1 is perfect, 0 no better than their mean.'),
  usualFor: { labels: 'values', says: 'how much of their spread is explained' },
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
  script: (_options, { targets, predictions }) => ({
    counts: call('r2Counts', asFloats(targets), predictions),
    sums: 'r2Sums',
    result: 'r2Score',
  }),
})
