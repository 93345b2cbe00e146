/** Decays the learning rate along a power, by default linearly, as keras.optimizers.schedules.PolynomialDecay. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { lengthOfFall, longWarmup, shortFall, warmup } from './fields.ts'
import { defineSchedule, type ScheduledRun, type ScheduleMisfit } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./polynomial.run.ts')>()

export const polynomial = defineSchedule({
  aliases: {
    same: ['Linear'],
    near: ['PolynomialLR', 'PolynomialDecay', 'LinearDecay'],
    options: { endLearningRate: { same: ['end_lr', 'min_lr'] } },
  },
  schema: fieldsOf(
    {
      warmup,
      endLearningRate: withDefault(
        Type.Number({ description: 'The final learning rate.', minimum: 0, examples: [0] }),
        0.0001,
      ),
      power: withDefault(
        Type.Number({ description: 'The exponent; 1 is a straight line.', exclusiveMinimum: 0, examples: [2] }),
        1,
      ),
      epochs: lengthOfFall,
    },
    'Lowers the learning rate along a line, or a power of it, to `endLearningRate`.',
  ),
  misfits: (options, run) => [
    ...longWarmup(options, run),
    ...shortFall(options, run, `${options.endLearningRate}`),
    ...risingEnd(options, run),
  ],
  lower: (options) => call('polynomialSchedule', options),
})

function risingEnd({ endLearningRate: end }: { endLearningRate: number }, run: ScheduledRun): ScheduleMisfit[] {
  const { learningRate: begin } = run
  if (begin === undefined || end < begin) return []
  return [
    {
      option: 'endLearningRate',
      kind: 'rises',
      message: `the learning rate ${end === begin ? `stays at ${begin}` : `rises from ${begin} to ${end}`} instead of falling`,
      help: 'set an `endLearningRate` below the rate of the optimizer, such as 0',
    },
  ]
}
