/** Multiplies values by a scale and adds an offset, for example to map pixels of 0 to 255 to 0 to 1. */
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { pointReceptiveFields } from './window.ts'

const schema = fieldsOf(
  {
    scale: Type.Number({ description: 'The factor of every value.', examples: [0.00392156862745098] }),
    offset: withDefault(Type.Number({ description: 'The value to add after multiplying.', examples: [-1] }), 0),
  },
  'scale · x + offset.',
)

export const rescaling = defineElementwise(schema, {
  aliases: { same: ['rescale'], near: ['normalize'] },
  receptiveFields: () => pointReceptiveFields,
  noOpReason: ({ scale, offset }) => (scale === 1 && offset === 0 ? 'it multiplies by 1 and adds 0' : undefined),
  lower: (options) => layerCall('rescaling', given(schema, options)),
})
