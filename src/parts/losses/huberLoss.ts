/** Differences, squared only up to a size. */
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineLoss } from '../../language/lossDef.ts'
import { reference } from '../../language/expression.ts'
import { eachOf, meanOf } from '../../language/scriptForms.ts'

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
  script: ({ delta }, { targets, predictions }, isWeighted) => {
    if (isWeighted) return eachOf('huberLoss', targets, predictions, ...(delta === 1 ? [] : [{ delta }]))
    return meanOf('tf.losses.huberLoss', targets, predictions, ...(delta === 1 ? [] : [reference('undefined'), delta]))
  },
})
