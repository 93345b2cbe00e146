/** Decays the learning rate along half a cosine, as keras.optimizers.schedules.CosineDecay. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { lengthOfFall, longWarmup, shortFall, warmup } from './fields.ts'
import { defineSchedule } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./cosine.run.ts')>()

export const cosine = defineSchedule({
  aliases: {
    near: ['CosineDecay', 'CosineAnnealing', 'CosineAnnealingLR'],
    options: { warmup: { same: ['warmup_epochs'] } },
  },
  schema: fieldsOf(
    {
      warmup,
      alpha: withDefault(
        Type.Number({
          description: 'The final learning rate, as a fraction of the initial one.',
          minimum: 0,
          exclusiveMaximum: 1,
          examples: [0.01],
        }),
        0,
      ),
      epochs: lengthOfFall,
    },
    'Lowers the learning rate along half a cosine to `alpha` times its initial value.',
  ),
  misfits: (options, run) => [
    ...longWarmup(options, run),
    ...shortFall(options, run, options.alpha === 0 ? '0' : `${options.alpha} times the optimizer’s`),
  ],
  lower: (options) => call('cosineSchedule', options),
})
