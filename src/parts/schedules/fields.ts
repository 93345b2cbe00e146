/** Fields that several schedules share, and checks of them. */
import * as Type from 'typebox'
import { countOf } from '../../diagnostics/formatCount.ts'
import { withDefault } from '../../language/schema.ts'
import type { ScheduledRun, ScheduleMisfit } from '../../language/scheduleDef.ts'

export const warmup = withDefault(
  Type.Number({
    description:
      'The number of epochs, possibly fractional, in which the learning rate rises linearly from 0 to that of the optimizer.',
    minimum: 0,
    examples: [1],
  }),
  0,
)

export const factorOfSteps = withDefault(
  Type.Number({
    description: 'The factor of the learning rate at each change.',
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    examples: [0.5],
  }),
  0.1,
)

export const lengthOfFall = Type.Optional(
  Type.Number({
    description:
      'The number of epochs, after the warmup, in which the learning rate falls. The default is the rest of the run.',
    exclusiveMinimum: 0,
    examples: [10],
  }),
)

/** Finds a warmup that is not shorter than the run. */
export function longWarmup(options: { readonly warmup: number }, { epochs }: ScheduledRun): ScheduleMisfit[] {
  if (options.warmup < epochs || options.warmup === 0) return []
  return [
    {
      option: 'warmup',
      kind: 'never-ends-warmup',
      message: `a warmup of ${countOf(options.warmup, 'epoch')} takes the whole run of ${countOf(epochs, 'epoch')}: the learning rate never reaches that of the optimizer`,
      help: `warm up for a part of the run, for example ${Math.max(epochs / 10, 0.1)}`,
    },
  ]
}

/** Finds a schedule that ends before the run does. */
export function shortFall(
  { warmup: before, epochs: length }: { readonly warmup: number; readonly epochs?: number | undefined },
  { epochs }: ScheduledRun,
  left: string,
): ScheduleMisfit[] {
  if (length === undefined) return []
  // Rounds away floating-point errors, for fractions of an epoch that add up to a whole one.
  const end = Number((before + length).toPrecision(12))
  if (end >= epochs) return []
  return [
    {
      option: 'epochs',
      kind: 'ends-early',
      message: `the schedule ends after ${countOf(end, 'epoch')}, but the run lasts ${epochs}: the learning rate stays at ${left} for the rest`,
      help: 'remove `epochs`: the schedule then lasts as long as the run',
    },
  ]
}

/** Finds a first change after the end of the run. */
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
      message: `the learning rate would first change after ${countOf(first, 'epoch')}, but the run ends after ${epochs}`,
      help: `use a value below ${epochs}, or remove the schedule`,
    },
  ]
}
