/** Adds random numbers to values while training. */
import { callsTo, scriptCallsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { unnumberedSeed } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./noise.run.ts')>()
const scriptCall = scriptCallsTo<typeof import('./gaussianNoise.run.ts')>()

const schema = fieldsOf(
  {
    stddev: Type.Number({
      description: 'The standard deviation of the noise.',
      minimum: 0,
      examples: [0.1],
    }),
  },
  'Adds normally distributed noise with mean 0 during training.',
)

export const gaussianNoise = defineElementwise(schema, {
  aliases: { options: { stddev: { same: ['std', 'sigma'], near: ['noise'] } } },
  role: 'noise',
  masks: () => ({ passes: true }),
  noOpReason: ({ stddev }) => (stddev === 0 ? 'its stddev is 0' : undefined),
  lower: ({ stddev }) => call('gaussianNoiseLayer', { stddev, seed: unnumberedSeed }),
  script: ({ stddev }, place) => scriptCall('seededGaussianNoise', { stddev }, place),
})
