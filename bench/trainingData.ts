/** The training data of all contestants: noise in the shape of the dataset, so that no reading of files is measured. */
import type { Spec } from '../src/validation/spec.ts'

/** How long a run is measured, after its warmup. */
export const measuredSeconds = 3

/** The number of batches per pass over the noise. */
export const batchesOfPass = 20

export function sampleShapeOf({ facts }: Spec): readonly number[] {
  return facts!.sampleShape!
}
