/** How much better values are predicted than by their mean. */
import { callsTo, functionsOf } from '../../language/calls.ts'
import { withoutOptions } from '../../language/lossDef.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'
import { asFloats } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./r2Score.run.ts')>()
const sumsOf = functionsOf<typeof import('./r2Score.run.ts')>()

export const r2Score = defineMetric({
  aliases: { same: ['r2'] },
  schema: withoutOptions('1 - squared differences / spread of the targets: 1 is perfect, 0 no better than their mean.'),
  usualFor: { labels: 'values', says: 'how much of their spread is explained' },
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
  lower: () => metricCall('r2Score'),
  script: (_options, { targets, predictions }) => ({
    counts: run('r2Counts', asFloats(targets), predictions),
    sums: sumsOf('r2Sums'),
    result: sumsOf('r2Score'),
  }),
})
