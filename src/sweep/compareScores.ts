import type { Objective } from './trial.ts'

/** Compares two trials by their scores: the better first, those without a score last, equals by their numbers. */
export function compareScores(
  one: { readonly number: number; readonly score: number | undefined },
  other: { readonly number: number; readonly score: number | undefined },
  direction: Objective['direction'],
): number {
  if (one.score === other.score) return one.number - other.number
  if (one.score === undefined || other.score === undefined) return one.score === undefined ? 1 : -1
  return isBetter(one.score, other.score, direction) ? -1 : 1
}

export function isBetter(score: number, other: number, direction: Objective['direction']): boolean {
  return direction === 'maximize' ? score > other : score < other
}
