import { countOf } from '../../diagnostics/formatCount.ts'
/** The callback that ends training early. */
import * as tracker from './earlyStopping.run.ts'
import { assignWeights, copyWeights, type WeightValues } from '../../script/weightValues.ts'
import { fetchValues } from '../../runtime/engines/fetchValues.ts'
import { type Callback } from '../../runtime/training/callback.ts'

export interface EarlyStoppingOptions extends tracker.StoppingOptions {
  /** Whether to restore the weights of the best epoch at the end of training. */
  readonly restoreBestWeights?: boolean
}

/** Early stopping as a callback whose state checkpoints save. An interrupted run keeps its last weights to resume from. */
export function earlyStopping({ restoreBestWeights = false, ...options }: EarlyStoppingOptions): Callback {
  const { monitor } = options
  const { state, observe } = tracker.earlyStopping(options)
  let weights: WeightValues | undefined
  return {
    name: 'earlyStopping',
    async onEpochEnd(logs, run) {
      const { isBest, isOver } = observe(logs.epoch, logs)
      if (isBest && restoreBestWeights) {
        await fetchValues(run.model.weights.map((weight) => weight.read()))
        weights = copyWeights(run.model)
      }
      if (!isOver) return
      run.stop(
        `earlyStopping: ${monitor} has not improved for ${countOf(state.wait, 'epoch')} since epoch ${state.bestEpoch}`,
      )
    },
    onTrainEnd(end, run) {
      if (weights === undefined || end === 'interrupted') return
      assignWeights(run.model, weights)
      run.note(`The weights of epoch ${state.bestEpoch}, the best by ${monitor}, were restored.`)
    },
    save: () => ({
      // As text, since JSON has no infinity.
      values: { ...state, best: `${state.best}` },
      ...(weights && { weights }),
    }),
    restore(saved) {
      const values = saved.values as Omit<typeof state, 'best'> & { readonly best: string }
      Object.assign(state, values, { best: Number(values.best) })
      weights = saved.weights
    },
  }
}
