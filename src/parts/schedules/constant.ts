/** The learning rate of the optimizer, after a warmup. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { longWarmup, warmup } from './fields.ts'
import { defineSchedule } from '../../language/scheduleDef.ts'

const call = callsTo<typeof import('./constant.run.ts')>()

export const constant = defineSchedule({
  aliases: { near: ['ConstantLR', 'linearWarmup'] },
  schema: fieldsOf({ warmup }, 'The learning rate of the optimizer, after an optional warmup.'),
  misfits(options, run) {
    if (options.warmup > 0) return longWarmup(options, run)
    const message = 'a constant schedule without `warmup` has no effect'
    return [{ option: '', kind: 'changes-nothing', message, help: 'set `warmup`, or remove the schedule' }]
  },
  lower: (options) => call('constantSchedule', options),
})
