import * as tracker from './reduceOnPlateau.run.ts'
import { type Callback } from '../../runtime/training/callback.ts'

/** `reduceOnPlateau` as a callback whose state checkpoints save. */
export function reduceOnPlateau(options: tracker.ReduceOnPlateauOptions): Callback {
  const { state, observe } = tracker.reduceOnPlateau(options)
  return {
    name: 'reduceOnPlateau',
    get rateFactor() {
      return state.rateFactor
    },
    onEpochEnd(logs, run) {
      const { learningRate } = run
      if (!observe(logs, learningRate)) return
      run.note(`reduceOnPlateau: reducing the learning rate from ${learningRate} to ${run.learningRate}`)
    },
    // As text, since JSON has no infinity.
    save: () => ({ values: { ...state, best: `${state.best}` } }),
    restore(saved) {
      const values = saved.values as Omit<typeof state, 'best'> & { readonly best: string }
      Object.assign(state, values, { best: Number(values.best) })
    },
  }
}
