/** A rectifier with a threshold, as a layer (Konda et al., 2014). */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const call = callsTo<typeof import('./elementwise.run.ts')>()

const schema = fieldsOf(
  {
    theta: withDefault(
      Type.Number({ description: 'Values up to this threshold become zero.', minimum: 0, examples: [0.5] }),
      1,
    ),
  },
  'x if it is above theta, otherwise 0.',
)

export const thresholdedReLU = defineElementwise(schema, {
  aliases: { options: { theta: { near: ['threshold'] } } },
  role: 'activation',
  activation: () => 'thresholdedReLU',
  lower: (options) => call('thresholdedReLULayer', given(schema, options)),
})
