import { isImprovement, monitoredValue, type MonitorOptions, worstValue } from '../../script/monitor.ts'

export interface StoppingOptions extends MonitorOptions {
  /** How many epochs in a row may be no better. */
  readonly patience: number
  /** How much better counts as better; 0 by default. */
  readonly minDelta?: number
  /** What must be beaten too for the wait to start anew. */
  readonly baseline?: number
}

/**
 * Ends training when a value has not become better for a while, as Keras's EarlyStopping does
 * (keras/src/callbacks/early_stopping.py): the first epoch never ends it, and with a baseline, beating one's own best
 * without beating the baseline does not start the wait anew.
 */
export function earlyStopping(options: StoppingOptions) {
  const { mode, patience, minDelta = 0, baseline } = options
  const state = { best: worstValue(mode), bestEpoch: 0, wait: 0 }
  return {
    state,
    /** Takes in the logs of an epoch: whether it is the best so far, and whether to stop after it. */
    observe(epoch: number, logs: Readonly<Record<string, number>>): { isBest: boolean; isOver: boolean } {
      const value = monitoredValue(options, logs)
      const isBetter = isImprovement(value, state.best, mode, minDelta)
      const isBest = isBetter || state.bestEpoch === 0
      if (isBest) state.bestEpoch = epoch
      if (isBetter) state.best = value
      const startsAnew = isBetter && (baseline === undefined || isImprovement(value, baseline, mode, minDelta))
      state.wait = startsAnew ? 0 : state.wait + 1
      return { isBest, isOver: !isBetter && state.wait >= patience && epoch > 1 }
    },
  }
}
