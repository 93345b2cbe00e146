/** The fields of `budget`: what the network may cost. Over it, `check` says so. */
import * as Type from 'typebox'
import { byteSize } from '../language/byteSize.ts'
import { count } from '../language/fields.ts'
import { fieldsOf } from '../language/schema.ts'

export const budgetSchema = fieldsOf(
  {
    params: Type.Optional(count('How many parameters the network may have, trained or not.', 100_000)),
    memory: Type.Optional(
      byteSize(
        'What a training step of one batch may hold: weights, their gradients, what the optimizer keeps of them, and the outputs of all layers with their gradients.',
        ['64MB', '1.5GiB', 64_000_000],
      ),
    ),
    flops: Type.Optional(
      count('How many operations the forward pass of one sample may take; a multiply-add counts as two.', 10_000_000),
    ),
  },
  'What the network may cost; over it is an error.',
)
