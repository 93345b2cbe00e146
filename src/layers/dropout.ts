/** Sets a random part of the values to zero while training. */
import { Type } from 'typebox'
import { isKnown, productOf } from './dims.ts'
import { call, unnumberedSeed } from './expression.ts'
import { defineLayer, ok } from './layerDef.ts'
import { fieldsOf } from './schema.ts'

const schema = fieldsOf(
  {
    rate: Type.Number({
      description: 'The part of the values that is set to zero.',
      minimum: 0,
      exclusiveMaximum: 1,
      examples: [0.5],
    }),
    seed: Type.Optional(
      Type.Integer({
        description: 'A seed for this layer alone; by default it follows from the seed of the training.',
        examples: [1],
      }),
    ),
  },
  'Sets a part of the values to zero at random while training, and scales the others by 1 / (1 - rate).',
)

export const dropout = defineLayer({
  schema,
  shape: (_options, [values]) => ok(values!),
  weights: () => [],
  flops(_options, _inputs, output) {
    const values = productOf(output)
    return isKnown(values) ? values : 0
  },
  lower: ({ rate, seed }) => call('tf.layers.dropout', { rate, seed: seed ?? unnumberedSeed }),
})
