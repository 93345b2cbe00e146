/** Differences, squared only up to a size. */
import { Type } from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineLoss } from '../../language/lossDef.ts'

export const huberLoss = defineLoss('huberLoss', {
  aliases: { same: ['huber', 'SmoothL1Loss', 'nn.SmoothL1Loss', 'nn.HuberLoss'] },
  schema: fieldsOf(
    {
      delta: withDefault(
        Type.Number({
          description: 'The difference from which on it counts once, not squared.',
          exclusiveMinimum: 0,
          examples: [1.5],
        }),
        1,
      ),
    },
    'The mean of half the squared difference up to delta, and of delta times the difference, less half delta², above.',
  ),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
})
