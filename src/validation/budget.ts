/** The fields of `budget`: limits on the cost of the network, which `check` enforces. */
import * as Type from 'typebox'
import { byteSize } from '../language/byteSize.ts'
import { count } from '../language/fields.ts'
import { fieldsOf } from '../language/schema.ts'

export const budgetSchema = fieldsOf(
  {
    params: Type.Optional(count('The largest number of parameters, trainable or not.', 100_000)),
    memory: Type.Optional(
      byteSize(
        'The largest memory of a training step for one batch: weights, gradients, optimizer state, and the outputs of all layers with their gradients.',
        ['64MB', '1.5GiB', 64_000_000],
      ),
    ),
    flops: Type.Optional(
      count(
        'The largest number of operations in the forward pass of one sample; a multiply-add counts as two.',
        10_000_000,
      ),
    ),
  },
  'Limits on the cost of the network. Exceeding one is an error.',
)
