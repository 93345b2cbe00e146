/** The callback that writes checkpoints. */
import { checkpointName, pruneCheckpoints } from '../../runtime/runs/checkpointFolder.ts'
import { type Callback, type CallbackRun } from '../../runtime/training/callback.ts'
import { isImprovement, monitoredValue, type MonitorOptions, worstValue } from '../../script/monitor.ts'

export interface CheckpointOptions {
  /** All checkpoints, or the newest two: the older one serves if the newest is damaged. */
  readonly keep?: 'last' | 'all'
  /** The number of epochs or steps between checkpoints; 1 by default. */
  readonly every?: number
  /** The unit of `every`; `epochs` by default. */
  readonly unit?: 'epochs' | 'steps'
  /** The value that decides which epoch is the best; its checkpoint is kept as `best`. */
  readonly best?: MonitorOptions
}

/**
 * Writes checkpoints to the run folder: every so many epochs or steps, at the end, and when the user interrupts the run,
 * after the current step. Every run with a folder has this callback.
 */
export function keepCheckpoints({ keep = 'last', every = 1, unit = 'epochs', best }: CheckpointOptions = {}): Callback {
  let bestValue = best ? worstValue(best.mode) : 0
  let isBest = false
  const isDue = ({ epoch, step, stepsDone, stopped, plan }: CallbackRun): boolean => {
    if (unit === 'steps' && step > 0) return stepsDone % every === 0
    if (step > 0) return false
    const isLast = epoch > plan.epochs || stopped !== undefined
    return isLast || (unit === 'steps' ? stepsDone : epoch - 1) % every === 0
  }
  return {
    name: checkpointCallback,
    onEpochEnd(logs) {
      const value = best ? monitoredValue(best, logs) : Number.NaN
      isBest = best !== undefined && isImprovement(value, bestValue, best.mode)
      if (isBest) bestValue = value
    },
    async onRest(run) {
      if (isBest && run.step === 0) await run.saveCheckpoint('best')
      isBest &&= run.step > 0
      if (isDue(run)) await saveNewest(run, keep)
    },
    async onTrainEnd(end, run) {
      if (end === 'interrupted') await saveNewest(run, keep)
    },
    // As text, since JSON has no infinity.
    save: () => ({ values: { bestValue: `${bestValue}` } }),
    restore({ values }) {
      bestValue = Number((values as { readonly bestValue: string }).bestValue)
    },
  }
}

/** The name of the callback that keeps checkpoints. */
export const checkpointCallback = 'checkpoint'

async function saveNewest(run: CallbackRun, keep: 'last' | 'all'): Promise<void> {
  if (run.folder === undefined) return
  await run.saveCheckpoint(checkpointName(run.stepsDone))
  await pruneCheckpoints(run.folder, keep === 'last' ? 2 : Number.POSITIVE_INFINITY)
}
