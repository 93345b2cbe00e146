/** The fields of `normalize`: what is taken from inputs, and what they are divided by. */
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../language/schema.ts'

export const normalizeSchema = fieldsOf(
  {
    mean: Type.Optional(
      Type.Array(Type.Number(), {
        description: 'What is taken from the values of each channel, which lie between 0 and 1 in images.',
        minItems: 1,
        examples: [[0.1307]],
      }),
    ),
    std: Type.Optional(
      Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
        description: 'What the values of each channel are divided by then.',
        minItems: 1,
        examples: [[0.3081]],
      }),
    ),
    fit: withDefault(
      Type.Boolean({
        description:
          'Whether mean and standard deviation of each channel are those of the training samples; of images that are decoded as they are needed, those of up to 5,000.',
        examples: [true],
      }),
      false,
    ),
  },
  'Normalizes the inputs, a channel at a time: (value - mean) / std.',
)
