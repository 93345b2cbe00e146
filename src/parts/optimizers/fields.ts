/** Fields that several optimizers share. tf.train has no default learning rate of its own for some; those are Keras's. */
import { Type } from 'typebox'
import { withDefault } from '../../language/schema.ts'

export function learningRate(value: number) {
  return withDefault(
    Type.Number({ description: 'How far each step goes along the gradient.', exclusiveMinimum: 0, examples: [value] }),
    value,
  )
}

export function decayRate(description: string, value: number) {
  return withDefault(Type.Number({ description, minimum: 0, exclusiveMaximum: 1, examples: [value] }), value)
}

export const epsilon = withDefault(
  Type.Number({
    description: 'Added to the denominator, against division by zero.',
    exclusiveMinimum: 0,
    examples: [1e-7],
  }),
  1e-7,
)
