import { countOf, formatCount } from '../diagnostics/formatCount.ts'
import type { Trial, TrialState } from './trial.ts'

export const trialStates: readonly TrialState[] = ['ready', 'excluded', 'infeasible']

/** Describes how many trials there are in each state: `24 trials: 20 ready, 4 infeasible`. */
export function countStates(trials: readonly Trial[]): string {
  const counts = trialStates.flatMap((state) => {
    const number = trials.filter((trial) => trial.state === state).length
    return number === 0 ? [] : [`${formatCount(number)} ${state}`]
  })
  return `${countOf(trials.length, 'trial')}: ${counts.join(', ')}`
}
