import { isImprovement, monitoredValue, type MonitorOptions, worstValue } from '../../script/monitor.ts'

export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied by each time; 0.1 by default. */
  readonly factor?: number
  /** How many epochs in a row may be no better; 10 by default. */
  readonly patience?: number
  /** How much better counts as better; 0.0001 by default. */
  readonly minDelta?: number
  /** How many epochs after a change do not count; 0 by default. */
  readonly cooldown?: number
  /** Below which the learning rate is not brought; 0 by default. */
  readonly minLearningRate?: number
}

/**
 * Lowers the learning rate when a value has not become better for a while, as Keras's ReduceLROnPlateau does
 * (keras/src/callbacks/reduce_lr_on_plateau.py). Beside a schedule, it multiplies what that says.
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions) {
  const { mode, factor = 0.1, patience = 10, minDelta = 0.0001, cooldown = 0, minLearningRate = 0 } = options
  /** `rateFactor` is what the learning rate is multiplied by. */
  const state = { best: worstValue(mode), wait: 0, cooling: 0, rateFactor: 1 }
  return {
    state,
    /** Takes in the logs of an epoch and the learning rate of the next step: whether it falls. */
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
