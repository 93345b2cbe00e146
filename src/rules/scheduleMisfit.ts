/** Checks that the schedule of the learning rate fits the run and the optimizer. */
import { lookUp } from '../language/schema.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { scheduleTable } from '../parts/schedules/table.ts'
import type { ScheduleMisfit } from '../language/scheduleDef.ts'
import { defineRule } from './defineRule.ts'

const codeOf: Readonly<Record<ScheduleMisfit['kind'], DiagnosticCode>> = {
  'never-ends-warmup': 'meaning/long-warmup',
  'ends-early': 'meaning/short-schedule',
  'changes-nothing': 'meaning/idle-schedule',
  rises: 'meaning/rising-schedule',
}

export const scheduleMisfit = defineRule({
  codes: ['meaning/long-warmup', 'meaning/short-schedule', 'meaning/idle-schedule', 'meaning/rising-schedule'],
  check({ spec, source }) {
    const { schedule, training, optimizer } = spec
    if (schedule === undefined) return []
    const place = ['training', 'schedule']
    const learningRate = optimizer?.options['learningRate'] as number | undefined
    const run = { epochs: training.epochs, ...(learningRate !== undefined && { learningRate }) }
    const misfits = lookUp(scheduleTable, schedule.type).misfits?.(schedule.options, run) ?? []
    return misfits.map(({ option, kind, message, help }) => {
      const stated = [...place, schedule.type, option]
      const path = source.pairAt(stated) ? stated : place
      return { code: codeOf[kind], path, message, help }
    })
  },
})
