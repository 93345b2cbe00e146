/** Multiplies values by random numbers while training (Srivastava et al., 2014). */
import { callsTo, scriptCallsTo } from '../../language/calls.ts'
import { defineElementwise } from './elementwise.ts'
import { unnumberedSeed } from '../../language/expression.ts'
import { rateField } from './noise.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./noise.run.ts')>()
const scriptCall = scriptCallsTo<typeof import('./gaussianDropout.run.ts')>()

const schema = fieldsOf(
  { rate: rateField('The rate of an equally strong dropout: the standard deviation is √(rate / (1 - rate)).') },
  'Multiplies the values by normally distributed numbers with mean 1 during training.',
)

export const gaussianDropout = defineElementwise(schema, {
  role: 'noise',
  masks: () => ({ passes: true }),
  noOpReason: ({ rate }) => (rate === 0 ? 'its rate is 0' : undefined),
  lower: ({ rate }) => call('gaussianDropoutLayer', { rate, seed: unnumberedSeed }),
  script: ({ rate }, place) => scriptCall('seededGaussianDropout', { rate }, place),
})
