import { isImprovement, monitoredValue, type MonitorOptions, worstValue } from '../../script/monitor.ts'

export interface StoppingOptions extends MonitorOptions {
  /** The number of epochs without an improvement after which training ends. */
  readonly patience: number
  /** The smallest change that counts as an improvement; 0 by default. */
  readonly minDelta?: number
  /** A value that an improvement must also beat to restart the wait. */
  readonly baseline?: number
}

/**
 * Ends training when a value has not improved for `patience` epochs, as Keras's EarlyStopping does
 * (keras/src/callbacks/early_stopping.py): never after the first epoch, and with a baseline, an improvement that does not
 * beat it does not restart the wait.
 */
export function earlyStopping(options: StoppingOptions) {
  const { mode, patience, minDelta = 0, baseline } = options
  const state = { best: worstValue(mode), bestEpoch: 0, wait: 0 }
  return {
    state,
    /** Updates the state with the logs of an epoch: returns whether it is the best so far, and whether to stop. */
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
