/** The leaky rectifier as a layer. */
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    alpha: withDefault(
      Type.Number({ description: 'The factor for negative values.', minimum: 0, examples: [0.1] }),
      0.3,
    ),
  },
  'x if it is positive, alpha · x if it is negative.',
)

export const leakyReLU = defineElementwise(schema, {
  aliases: { near: ['nn.LeakyReLU', 'LReLU'], options: { alpha: { same: ['negative_slope', 'slope'] } } },
  role: 'activation',
  activation: () => 'leakyReLU',
  noOpReason: ({ alpha }) => (alpha === 1 ? 'its alpha is 1' : undefined),
  lower: (options) => layerCall('leakyReLU', given(schema, options)),
})
