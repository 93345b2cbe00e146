/** Values times a scale, plus an offset: pixels of 0 to 255 to numbers that a network likes. */
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { ownPlace } from './window.ts'

const schema = fieldsOf(
  {
    scale: Type.Number({ description: 'The factor of every value.', examples: [0.00392156862745098] }),
    offset: withDefault(Type.Number({ description: 'The value to add after multiplying.', examples: [-1] }), 0),
  },
  'scale · x + offset.',
)

export const rescaling = defineElementwise(schema, {
  aliases: { same: ['rescale'], near: ['normalize'] },
  sees: () => ownPlace,
  idle: ({ scale, offset }) => (scale === 1 && offset === 0 ? 'it multiplies by 1 and adds 0' : undefined),
  lower: (options) => layerCall('rescaling', given(schema, options)),
})
