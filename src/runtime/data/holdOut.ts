import { type DatasetSplits, selectSamples } from './samples.ts'
import { stratifiedOrder } from '../../script/stratified.ts'

/**
 * Holds out the same fraction of each class for validation. The samples are chosen at random but always the same,
 * whatever the training seed. A dataset that already has validation samples is returned unchanged.
 */
export async function holdOutStratified(loading: Promise<DatasetSplits>, fraction: number): Promise<DatasetSplits> {
  const data = await loading
  const { first, rest } = stratifiedOrder(data.train, fraction, 0)
  if (data.validation || rest.length === 0) return data
  return { ...data, train: selectSamples(data.train, first), validation: selectSamples(data.train, rest) }
}
