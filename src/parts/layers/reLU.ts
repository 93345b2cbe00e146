/** The rectifier as a layer, with an optional upper limit. */
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    maxValue: Type.Optional(
      Type.Number({
        description: 'The largest output. The default is no limit.',
        exclusiveMinimum: 0,
        examples: [6],
      }),
    ),
  },
  'max(x, 0), or at most maxValue if it is given.',
)

export const reLU = defineElementwise(schema, {
  aliases: { same: ['nn.ReLU'], options: { maxValue: { same: ['max_val'] } } },
  role: 'activation',
  masks: () => ({ passes: true }),
  activation: ({ maxValue }) => (maxValue === 6 ? 'relu6' : 'relu'),
  lower: (options) => layerCall('reLU', given(schema, options)),
})
