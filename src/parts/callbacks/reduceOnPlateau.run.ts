/** Lowers the learning rate when a value stops improving. */
import { isImprovement, monitoredValue, type MonitorOptions, worstValue } from '../../script/monitor.ts'

export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** The factor of each reduction; 0.1 by default. */
  readonly factor?: number
  /** The number of epochs without an improvement before a reduction; 10 by default. */
  readonly patience?: number
  /** The smallest change that counts as an improvement; 0.0001 by default. */
  readonly minDelta?: number
  /** The number of epochs after a reduction that do not count; 0 by default. */
  readonly cooldown?: number
  /** The smallest learning rate; 0 by default. */
  readonly minLearningRate?: number
}

/**
 * Lowers the learning rate when a value has not improved for `patience` epochs, as Keras's ReduceLROnPlateau does
 * (keras/src/callbacks/reduce_lr_on_plateau.py). With a schedule, it multiplies the scheduled rate.
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions) {
  const { mode, factor = 0.1, patience = 10, minDelta = 0.0001, cooldown = 0, minLearningRate = 0 } = options
  /** `rateFactor` is the product of all reductions so far. */
  const state = { best: worstValue(mode), wait: 0, cooling: 0, rateFactor: 1 }
  return {
    state,
    /** Updates the state with the logs of an epoch and the current learning rate: returns whether to lower it. */
    observe(logs: Readonly<Record<string, number>>, learningRate: number): boolean {
      const value = monitoredValue(options, logs)
      if (state.cooling > 0) {
        state.cooling--
        state.wait = 0
      }
      if (isImprovement(value, state.best, mode, minDelta)) {
        state.best = value
        state.wait = 0
        return false
      }
      if (state.cooling > 0) return false
      state.wait++
      if (state.wait < patience || learningRate <= minLearningRate) return false
      state.rateFactor *= Math.max(factor, minLearningRate / learningRate)
      state.cooling = cooldown
      state.wait = 0
      return true
    },
  }
}
