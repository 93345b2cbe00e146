import { type Schedule, warmedUp, type WarmupOptions } from '../../script/schedule.ts'

/** The optimizer's learning rate after the warmup. */
export function constantSchedule(options: WarmupOptions = {}): Schedule {
  return warmedUp(options, (learningRate) => learningRate)
}
