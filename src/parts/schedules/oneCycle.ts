/** Raises the learning rate to that of the optimizer and lowers it to nearly 0, as torch.optim.lr_scheduler.OneCycleLR. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { oneOf } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineSchedule } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./oneCycle.run.ts')>()

export const oneCycle = defineSchedule({
  aliases: { near: ['OneCycleLR'] },
  schema: fieldsOf(
    {
      pctStart: withDefault(
        Type.Number({
          description: 'The fraction of the run in which the learning rate rises.',
          minimum: 0,
          maximum: 1,
          examples: [0.2],
        }),
        0.3,
      ),
      divFactor: withDefault(
        Type.Number({
          description: 'The divisor that gives the initial learning rate from that of the optimizer.',
          minimum: 1,
          examples: [10],
        }),
        25,
      ),
      finalDivFactor: withDefault(
        Type.Number({
          description: 'The divisor that gives the final learning rate from the initial one.',
          minimum: 1,
          examples: [100],
        }),
        10_000,
      ),
      annealStrategy: withDefault(
        oneOf(['cos', 'linear'] as const, {
          description: 'Whether the learning rate rises and falls along a cosine or a line.',
          examples: ['linear'],
        }),
        'cos',
      ),
    },
    'Raises the learning rate to its maximum, that of the optimizer, and then lowers it to almost 0 at the end of the run.',
  ),
  lower: (options) => call('oneCycleSchedule', options),
})
