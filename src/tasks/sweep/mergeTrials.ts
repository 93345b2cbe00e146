/** Matches the trials of an edited sweep file with those of a sweep, so that equal trials keep their numbers and results. */
import type { TrialRecord } from './sweepFiles.ts'

/** A trial with its frozen spec, if the sweep file still has it. */
export interface MergedTrial extends TrialRecord {
  readonly spec?: string | undefined
}

/**
 * Trials are equal if their frozen specs are. Equal ones keep their numbers, others get the next numbers, and none is
 * removed. A trial that could not be trained before takes the place of the one with the same values.
 */
export function mergeTrials(before: readonly TrialRecord[], now: readonly MergedTrial[]): MergedTrial[] {
  const merged: MergedTrial[] = [...before]
  const byId = new Places(before.map(({ id }) => id))
  const byValues = new Places(before.map(valuesOf))
  const byValuesUntrained = new Places(before.map((trial) => (trial.state === 'ready' ? undefined : valuesOf(trial))))
  let last = Math.max(0, ...before.map(({ number }) => number))
  for (const trial of now) {
    const values = valuesOf(trial)
    const index =
      trial.id === undefined ? byValues.take(values) : (byId.take(trial.id) ?? byValuesUntrained.take(values))
    if (index === undefined) {
      last += 1
      merged.push({ ...trial, number: last })
      continue
    }
    const old = merged[index]!
    // A trial that can be trained stays, even if the sweep file excludes it now.
    if (trial.state === 'ready' || old.state !== 'ready') merged[index] = { ...trial, number: old.number }
  }
  return merged
}

function valuesOf({ values }: TrialRecord): string {
  return JSON.stringify(Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** The places of keys in a list; each place is given once. */
class Places {
  readonly #places = new Map<string, number[]>()

  constructor(keys: readonly (string | undefined)[]) {
    for (const [place, key] of keys.entries()) {
      if (key !== undefined) this.#places.set(key, [...(this.#places.get(key) ?? []), place])
    }
  }

  take(key: string): number | undefined {
    return this.#places.get(key)?.shift()
  }
}
