/** Decays the learning rate by the same factor in each epoch, as keras.optimizers.schedules.ExponentialDecay. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { longWarmup, warmup } from './fields.ts'
import { defineSchedule } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./exponential.run.ts')>()

export const exponential = defineSchedule({
  aliases: { near: ['ExponentialLR', 'ExponentialDecay'], options: { factor: { near: ['decay_rate'] } } },
  schema: fieldsOf(
    {
      factor: Type.Number({
        description: 'The factor of the learning rate for each `every` epochs.',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        examples: [0.95],
      }),
      every: withDefault(
        Type.Number({
          description: 'The number of epochs in which the learning rate falls by `factor`.',
          exclusiveMinimum: 0,
          examples: [2],
        }),
        1,
      ),
      warmup,
    },
    'Lowers the learning rate in each step: learningRate · factor^(epochs since the warmup / every).',
  ),
  misfits: longWarmup,
  lower: (options) => call('exponentialSchedule', options),
})
