/** Prints the learning rate schedule of a Python script. */
import type { Call } from '../../language/expression.ts'
import { printCall } from './printCall.ts'

/** Prints `learning_rate`, which computes the rate of a step; the optimizer's is `rate`. */
export function printSchedule(schedule: Call): string {
  const named = schedule.args.map((arg) =>
    // `epochs` is the length of the run.
    arg.kind === 'record'
      ? { ...arg, fields: arg.fields.map(([key, value]) => [key === 'epochs' ? 'fall' : key, value] as const) }
      : arg,
  )
  const code = printCall({ ...schedule, args: named }, {}, ['rate', 'step', 'steps_per_epoch', 'epochs'])
  return [
    'def learning_rate(rate: float, step: int, steps_per_epoch: int, epochs: int) -> float:',
    '    """The learning rate of a step, counted over all epochs."""',
    `    return ${code}`,
  ].join('\n')
}
