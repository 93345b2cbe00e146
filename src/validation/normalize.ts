/** The fields of `normalize`: the values to subtract from inputs, and the values to divide them by. */
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../language/schema.ts'

export const normalizeSchema = fieldsOf(
  {
    mean: Type.Optional(
      Type.Array(Type.Number(), {
        description: 'The value to subtract from each channel. Pixel values are between 0 and 1.',
        minItems: 1,
        examples: [[0.1307]],
      }),
    ),
    std: Type.Optional(
      Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
        description: 'The value to divide each channel by.',
        minItems: 1,
        examples: [[0.3081]],
      }),
    ),
    fit: withDefault(
      Type.Boolean({
        description:
          'Whether to compute mean and standard deviation of each channel from the training samples. For images that are decoded on demand, up to 5,000 are used.',
        examples: [true],
      }),
      false,
    ),
  },
  'Normalizes the inputs per channel: (value - mean) / std.',
)
