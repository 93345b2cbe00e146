import { partitionSamples, type Samples } from './samples.ts'
import { stratifiedOrder } from '../../script/stratified.ts'

/**
 * Holds out the same fraction of each class for testing, chosen at random but always the same samples.
 *
 * @param samples Must not be used afterwards, because their inputs may have been reordered.
 * @param fraction Nothing is held out if it is 0.
 */
export function splitForTesting(
  samples: Samples,
  fraction: number,
): { readonly train: Samples; readonly test?: Samples } {
  if (fraction === 0) return { train: samples }
  const { first, rest } = stratifiedOrder(samples, fraction, 0)
  if (rest.length === 0) return { train: samples }
  const parts = partitionSamples(samples, first, rest)
  return { train: parts.first, test: parts.rest }
}
