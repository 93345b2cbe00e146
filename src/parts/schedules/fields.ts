/** Fields that several schedules share, and what may be wrong with them. */
import * as Type from 'typebox'
import { withDefault } from '../../language/schema.ts'
import type { ScheduledRun, ScheduleMisfit } from '../../language/scheduleDef.ts'

export const warmup = withDefault(
  Type.Number({
    description:
      'For how many epochs, which need not be whole, the learning rate rises along a line from 0 to the optimizer’s own.',
    minimum: 0,
    examples: [1],
  }),
  0,
)

export const factorOfSteps = withDefault(
  Type.Number({
    description: 'What the learning rate is multiplied by each time.',
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    examples: [0.5],
  }),
  0.1,
)

export const lengthOfFall = Type.Optional(
  Type.Number({
    description: 'For how many epochs the learning rate falls, after the warm-up; to the end of the run by default.',
    exclusiveMinimum: 0,
    examples: [10],
  }),
)

export function epochsOf(count: number): string {
  return `${count} ${count === 1 ? 'epoch' : 'epochs'}`
}

/** A warm-up that the run does not see the end of. */
export function longWarmup(options: { readonly warmup: number }, { epochs }: ScheduledRun): ScheduleMisfit[] {
  if (options.warmup < epochs || options.warmup === 0) return []
  return [
    {
      option: 'warmup',
      kind: 'never-ends-warmup',
      message: `a warm-up of ${epochsOf(options.warmup)} takes the whole run, which is ${epochsOf(epochs)} long: the learning rate never comes to what the optimizer states`,
      help: `warm up for a part of the run, say ${Math.max(epochs / 10, 0.1)}`,
    },
  ]
}

/** What falls for some epochs only, in a run that is longer. */
export function shortFall(
  { warmup: before, epochs: length }: { readonly warmup: number; readonly epochs?: number | undefined },
  { epochs }: ScheduledRun,
  left: string,
): ScheduleMisfit[] {
  if (length === undefined) return []
  // Two parts of an epoch may make a whole one but for rounding.
  const end = Number((before + length).toPrecision(12))
  if (end >= epochs) return []
  return [
    {
      option: 'epochs',
      kind: 'ends-early',
      message: `the schedule ends after ${epochsOf(end)}, and the run only after ${epochs}: from then on the learning rate is ${left}`,
      help: 'leave `epochs` out, and the schedule lasts as long as the run',
    },
  ]
}

/** A first change that the run does not come to. */
export function lateChange(
  option: string,
  first: number,
  { warmup: before }: { readonly warmup: number },
  { epochs }: ScheduledRun,
): ScheduleMisfit[] {
  if (first < epochs || before > 0) return []
  return [
    {
      option,
      kind: 'changes-nothing',
      message: `the learning rate would first change after ${epochsOf(first)}, and the run ends after ${epochs}`,
      help: `state what is below ${epochs}, or leave the schedule out`,
    },
  ]
}
