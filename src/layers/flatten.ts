/** All axes of a sample in one. */
import { Type } from 'typebox'
import { productOf } from './dims.ts'
import { oneOf } from './fields.ts'
import { defineLayer, ok } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { fieldsOf } from './schema.ts'

const schema = fieldsOf(
  {
    dataFormat: Type.Optional(
      oneOf(['channelsLast', 'channelsFirst'] as const, {
        description: 'With channelsFirst, the channels are moved last before the axes become one.',
        examples: ['channelsLast'],
      }),
    ),
  },
  'All values of a sample as one vector.',
)

export const flatten = defineLayer({
  schema,
  shape: (_options, [values]) => ok([productOf(values!)]),
  weights: () => [],
  flops: () => 0,
  lower: (options) => lowerLayer('flatten', schema, options),
})
