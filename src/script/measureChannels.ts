import { gatherInputs } from './batches.ts'
import { ChannelSums, type ChannelStatistics } from './normalize.ts'
import type { Samples } from './samples.ts'

/** Computes the mean and standard deviation of each channel over all samples. */
export function measureChannels(samples: Samples): ChannelStatistics {
  const sums = new ChannelSums(samples.sampleShape.at(-1) ?? 1)
  for (let row = 0; row < samples.count; row++) sums.add(gatherInputs(samples, Int32Array.of(row)))
  return sums.result()
}
