/** Divides the units of a sweep into jobs for schedulers that start one job after another has ended. */
import type { Unit } from '../units.ts'

/** Units of one rung that are submitted as one job. */
export interface Stage {
  readonly rung: number
  /** The unit of index 0. */
  readonly offset: number
  readonly units: readonly number[]
}

/**
 * Returns at least one stage for each rung. A task that waited for its rung inside the job would keep its place from a task of
 * the rung before that has to start again, so a rung starts after the one before.
 *
 * @param units In the order of their numbers.
 * @param size The number of indices that a job can have.
 * @param wanted Units to submit; all by default.
 */
export function stagesOf(units: readonly Unit[], size = Infinity, wanted?: ReadonlySet<number>): Stage[] {
  const stages: { rung: number; offset: number; units: number[] }[] = []
  for (const { unit, rung } of units) {
    if (wanted?.has(unit) === false) continue
    const last = stages.at(-1)
    if (last?.rung === rung && unit - last.offset < size) last.units.push(unit)
    else stages.push({ rung, offset: unit, units: [unit] })
  }
  return stages
}
