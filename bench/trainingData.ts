/** What all contestants train on: noise in the form of the data set, so that no reading of files is measured. */
import { datasetTable } from '../src/datasets/table.ts'
import type { DatasetSplits } from '../src/runtime/datasets/samples.ts'
import { createRandom } from '../src/runtime/random.ts'
import type { Spec } from '../src/spec/spec.ts'

/** How long a run is measured, after what warms it up. */
export const measuredSeconds = 3

export function sampleShapeOf({ dataset }: Spec): readonly number[] {
  return datasetTable[dataset!.type]!.sampleShape
}

export function noiseImages(sampleShape: readonly number[], count: number): DatasetSplits {
  const random = createRandom(1)
  const size = sampleShape.reduce((product, length) => product * length, count)
  const inputs = Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 10))
  const samples = { inputs, labels, count, sampleShape, scale: 1 / 255, classes: 10 }
  return { train: samples, test: samples, classNames: [...'0123456789'] }
}
