import { assignWeights, copyWeights, type WeightValues } from '../../runtime/training/weightValues.ts'
import { type Callback } from '../../runtime/training/callback.ts'
import { isImprovement, monitoredValue, type MonitorOptions, worstValue } from '../../runtime/training/improvement.ts'

export interface EarlyStoppingOptions extends MonitorOptions {
  /** How many epochs in a row may be no better. */
  readonly patience: number
  /** How much better counts as better; 0 by default. */
  readonly minDelta?: number
  /** What must be beaten too for an epoch to count as better. */
  readonly baseline?: number
  /** Whether the network gets back the weights of the best epoch in the end. */
  readonly restoreBestWeights?: boolean
}

/**
 * Ends training when a value has not become better for a while, as Keras's EarlyStopping does
 * (keras/src/callbacks/early_stopping.py): the first epoch never ends it, and with a baseline, beating one's own best
 * without beating the baseline does not start the wait anew. An interrupted run keeps its last weights, from which it
 * can be gone on.
 */
export function earlyStopping(options: EarlyStoppingOptions): Callback {
  const { monitor, mode, patience, minDelta = 0, baseline, restoreBestWeights = false } = options
  let best = worstValue(mode)
  let bestEpoch = 0
  let wait = 0
  let weights: WeightValues | undefined
  return {
    name: 'earlyStopping',
    onEpochEnd(logs, run) {
      const value = monitoredValue(options, logs)
      const isBetter = isImprovement(value, best, mode, minDelta)
      if (isBetter || bestEpoch === 0) {
        bestEpoch = logs.epoch
        if (restoreBestWeights) weights = copyWeights(run.model)
      }
      wait++
      if (isBetter) {
        best = value
        if (baseline === undefined || isImprovement(value, baseline, mode, minDelta)) wait = 0
      } else if (wait >= patience && logs.epoch > 1) {
        const since = `${wait} ${wait === 1 ? 'epoch' : 'epochs'} since`
        run.stop(`earlyStopping: ${monitor} was best in epoch ${bestEpoch}, and no better in the ${since}`)
      }
    },
    onTrainEnd(end, run) {
      if (weights === undefined || end === 'interrupted') return
      assignWeights(run.model, weights)
      run.note(`The weights are those of epoch ${bestEpoch}, the best by ${monitor}.`)
    },
    save: () => ({
      // As text, since JSON has no infinity.
      values: { best: `${best}`, bestEpoch, wait },
      ...(weights && { weights }),
    }),
    restore(state) {
      const saved = state.values as { readonly best: string; readonly bestEpoch: number; readonly wait: number }
      best = Number(saved.best)
      bestEpoch = saved.bestEpoch
      wait = saved.wait
      weights = state.weights
    },
  }
}
