/** The logarithm of the hyperbolic cosine of differences: quadratic for small ones, linear for large ones. */
import { callsTo } from '../../language/calls.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./logcosh.run.ts')>()

export const logcosh = defineLoss({
  schema: withoutOptions(
    'The mean of log(cosh(difference)): about half the square of small differences and the size of large ones.',
  ),
  signed: true,
  labels: { values: 'suited', binary: 'unusual', classes: 'unusual' },
  lower: () => lossCall('logcosh'),
  script: (_options, { targets, predictions }) => eachOf(run('logcosh', targets, predictions)),
})
