/** Lowers the learning rate at regular intervals, as torch.optim.lr_scheduler.StepLR. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { factorOfSteps, lateChange, longWarmup, warmup } from './fields.ts'
import { defineSchedule } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./step.run.ts')>()

export const step = defineSchedule({
  aliases: {
    same: ['StepLR'],
    near: ['StepDecay'],
    options: { factor: { same: ['gamma'] }, every: { same: ['step_size', 'period'] } },
  },
  schema: fieldsOf(
    {
      every: Type.Number({
        description: 'The number of epochs between reductions of the learning rate, counted from the start of the run.',
        exclusiveMinimum: 0,
        examples: [10],
      }),
      factor: factorOfSteps,
      warmup,
    },
    'Lowers the learning rate in steps: learningRate · factor^⌊epoch / every⌋.',
  ),
  misfits: (options, run) => [...longWarmup(options, run), ...lateChange('every', options.every, options, run)],
  lower: (options) => call('stepSchedule', options),
})
