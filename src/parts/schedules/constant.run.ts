import { type Schedule, warmedUp, type WarmupOptions } from '../../script/schedule.ts'

/** The optimizer's learning rate throughout, behind a warm-up. */
export function constantSchedule(options: WarmupOptions = {}): Schedule {
  return warmedUp(options, (learningRate) => learningRate)
}
