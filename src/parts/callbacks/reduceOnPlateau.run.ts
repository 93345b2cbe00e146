import { type Callback } from '../../runtime/training/callback.ts'
import { isImprovement, monitoredValue, type MonitorOptions, worstValue } from '../../runtime/training/improvement.ts'

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
export function reduceOnPlateau(options: ReduceOnPlateauOptions): Callback {
  const { mode, factor = 0.1, patience = 10, minDelta = 0.0001, cooldown = 0, minLearningRate = 0 } = options
  let best = worstValue(mode)
  let wait = 0
  let cooling = 0
  let rateFactor = 1
  return {
    name: 'reduceOnPlateau',
    get rateFactor() {
      return rateFactor
    },
    onEpochEnd(logs, run) {
      const value = monitoredValue(options, logs)
      if (cooling > 0) {
        cooling--
        wait = 0
      }
      if (isImprovement(value, best, mode, minDelta)) {
        best = value
        wait = 0
        return
      }
      if (cooling > 0) return
      wait++
      const { learningRate } = run
      if (wait < patience || learningRate <= minLearningRate) return
      rateFactor *= Math.max(factor, minLearningRate / learningRate)
      cooling = cooldown
      wait = 0
      run.note(`reduceOnPlateau: the learning rate falls from ${learningRate} to ${run.learningRate}`)
    },
    // Numbers as text, since JSON has no infinity.
    save: () => ({ values: { best: `${best}`, wait, cooling, rateFactor } }),
    restore(state) {
      const saved = state.values as { best: string; wait: number; cooling: number; rateFactor: number }
      best = Number(saved.best)
      wait = saved.wait
      cooling = saved.cooling
      rateFactor = saved.rateFactor
    },
  }
}
