import { partitionSamples, type Samples } from './samples.ts'
import { stratifiedOrder } from '../../script/stratified.ts'

/**
 * Keeps a part of the samples for testing: as large a part of each class, chosen at random, and always the same ones.
 *
 * @param samples Of no use afterwards: their inputs may have changed places.
 * @param fraction None are kept where it is 0.
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
