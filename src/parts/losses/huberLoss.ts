/** The Huber loss: quadratic for small differences, linear above `delta`. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineLoss, lossCall } from '../../language/lossDef.ts'
import { reference } from '../../language/expression.ts'
import { tfLoss } from './fields.ts'
import { eachOf, meanOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./huberLoss.run.ts')>()

export const huberLoss = defineLoss({
  aliases: { same: ['huber', 'SmoothL1Loss', 'nn.SmoothL1Loss', 'nn.HuberLoss'] },
  schema: fieldsOf(
    {
      delta: withDefault(
        Type.Number({
          description: 'The difference above which the loss is linear instead of quadratic.',
          exclusiveMinimum: 0,
          examples: [1.5],
        }),
        1,
      ),
    },
    'The mean of half the squared difference up to delta, and of delta · difference - delta² / 2 above.',
  ),
  signed: true,
  labels: { values: 'suited', binary: 'unusual', classes: 'unusual' },
  lower: (options) => lossCall('huberLoss', options),
  script: ({ delta }, { targets, predictions }, isWeighted) => {
    if (isWeighted) return eachOf(run('huberLoss', targets, predictions, { delta }))
    if (delta === undefined) return meanOf(tfLoss('huberLoss', targets, predictions))
    return meanOf(tfLoss('huberLoss', targets, predictions, reference('undefined'), delta))
  },
})
