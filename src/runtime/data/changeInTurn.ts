import { type SampleChange } from './augmentation.ts'

/** All changes, one after the other. */
export function changeInTurn(changes: readonly SampleChange[]): SampleChange {
  return {
    mixes: changes.some(({ mixes }) => mixes),
    apply: (...batch) => {
      for (const change of changes) change.apply(...batch)
    },
  }
}
