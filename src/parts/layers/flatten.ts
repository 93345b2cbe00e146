/** Flattens all axes of a sample into one. */
import * as Type from 'typebox'
import { unknownSize, wrongRank } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isFullyKnown, productOf } from '../../language/dims.ts'
import { oneOf } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    dataFormat: Type.Optional(
      oneOf(['channelsLast', 'channelsFirst'] as const, {
        description: 'With channelsFirst, the channels are moved to the last axis first.',
        examples: ['channelsLast'],
      }),
    ),
  },
  'All values of a sample as one vector.',
)

export const flatten = defineLayer({
  example: {},
  exampleInput: [7, 7, 64],
  aliases: { same: ['nn.Flatten'] },
  role: 'rearranging',
  joinsAxes: true,
  schema,
  shape(_options, [values]) {
    const input = formatShape(values)
    // tf.layers.flatten throws for both: it requires at least two axes, with known sizes.
    if (values.length < 2) {
      const help = 'remove this layer: its input is already a vector'
      return problem(wrongRank({ layer: 'flatten', wants: 'at least two axes', got: `${input}, 1 axis`, help }))
    }
    if (!isFullyKnown(values)) return problem(unknownSize({ layer: 'flatten', what: 'every size', input }))
    return ok([productOf(values)])
  },
  weights: () => [],
  flops: () => 0,
  lower: (options) => layerCall('flatten', given(schema, options)),
})
