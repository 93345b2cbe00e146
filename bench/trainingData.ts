/** What all contestants train on: noise in the form of the data set, so that no reading of files is measured. */
import type { Spec } from '../src/validation/spec.ts'

/** How long a run is measured, after what warms it up. */
export const measuredSeconds = 3

/** Batches that a pass over the noise takes. */
export const batchesOfPass = 20

export function sampleShapeOf({ facts }: Spec): readonly number[] {
  return facts!.sampleShape!
}
