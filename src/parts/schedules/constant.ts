/** The optimizer's learning rate, behind a warm-up. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { longWarmup, warmup } from './fields.ts'
import { defineSchedule } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./constant.run.ts')>()

export const constant = defineSchedule({
  aliases: { near: ['ConstantLR', 'linearWarmup'] },
  schema: fieldsOf({ warmup }, 'The optimizer’s learning rate throughout, after a warm-up.'),
  misfits(options, run) {
    if (options.warmup > 0) return longWarmup(options, run)
    const message = 'a constant learning rate without `warmup` is what the run has anyway'
    return [{ option: '', kind: 'changes-nothing', message, help: 'state `warmup`, or leave the schedule out' }]
  },
  lower: (options) => call('constantSchedule', options),
})
