import type { Trial } from './trial.ts'

/** A trial as data, for plans and records. */
export function describeTrial({ label, values, state, reason, facts, epochs }: Trial) {
  return {
    label,
    values: Object.fromEntries(values.map(({ path, value }) => [path, value])),
    state,
    ...(reason !== undefined && { reason }),
    facts,
    epochs,
  }
}
