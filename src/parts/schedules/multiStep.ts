/** Lowers the learning rate after the listed epochs, as torch.optim.lr_scheduler.MultiStepLR. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { factorOfSteps, lateChange, longWarmup, warmup } from './fields.ts'
import { defineSchedule } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./multiStep.run.ts')>()

export const multiStep = defineSchedule({
  aliases: {
    same: ['MultiStepLR'],
    near: ['piecewise', 'PiecewiseConstant', 'PiecewiseConstantDecay'],
    options: { at: { same: ['milestones', 'boundaries'] } },
  },
  schema: fieldsOf(
    {
      at: Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
        description: 'The epochs after which the learning rate falls, counted from the start of the run.',
        minItems: 1,
        examples: [[30, 60, 80]],
      }),
      factor: factorOfSteps,
      warmup,
    },
    'Lowers the learning rate after given epochs: learningRate · factor^(number of them that have passed).',
  ),
  misfits: (options, run) => [...longWarmup(options, run), ...lateChange('at', Math.min(...options.at), options, run)],
  lower: (options) => call('multiStepSchedule', options),
})
