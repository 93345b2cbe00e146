/** A rectifier with a threshold, as a layer (Konda et al., 2014). */
import { Type } from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { lowerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    theta: withDefault(Type.Number({ description: 'Values up to this become zero.', minimum: 0, examples: [0.5] }), 1),
  },
  'x where it is above theta, else 0.',
)

export const thresholdedReLU = defineElementwise('thresholdedReLU', schema, {
  aliases: { options: { theta: { near: ['threshold'] } } },
  role: 'activation',
  activation: () => 'thresholdedReLU',
  lower: (options) => lowerCall('thresholdedReLULayer', schema, options),
})
