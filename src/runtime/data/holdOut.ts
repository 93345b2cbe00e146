import { type DatasetSplits, selectSamples } from './samples.ts'
import { stratifiedOrder } from '../../script/stratified.ts'

/**
 * Holds out as large a part of each class for validation, at random and always the same samples, whatever the seed of
 * the training is. A dataset that has samples to validate on is left as it is.
 */
export async function holdOutStratified(loading: Promise<DatasetSplits>, fraction: number): Promise<DatasetSplits> {
  const data = await loading
  const { first, rest } = stratifiedOrder(data.train, fraction, 0)
  if (data.validation || rest.length === 0) return data
  return { ...data, train: selectSamples(data.train, first), validation: selectSamples(data.train, rest) }
}
