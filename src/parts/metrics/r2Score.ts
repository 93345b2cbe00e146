/** The coefficient of determination, R²: how much better values are predicted than by their mean. */
import { callsTo, functionsOf } from '../../language/calls.ts'
import { withoutOptions } from '../../language/lossDef.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'
import { asFloats } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./r2Score.run.ts')>()
const sumsOf = functionsOf<typeof import('./r2Score.run.ts')>()

export const r2Score = defineMetric({
  aliases: { same: ['r2'] },
  schema: withoutOptions(
    '1 - squared differences / variance of the targets: 1 is perfect, 0 is no better than their mean.',
  ),
  usualFor: { labels: 'values', reports: 'the explained fraction of their variance' },
  labels: { values: 'suited', binary: 'unusual', classes: 'unusual' },
  lower: () => metricCall('r2Score'),
  script: (_options, { targets, predictions }) => ({
    counts: run('r2Counts', asFloats(targets), predictions),
    sums: sumsOf('r2Sums'),
    result: sumsOf('r2Score'),
  }),
})
