/** Normalizes inputs by the mean and standard deviation of each channel, given or measured. */
import { BatchReader } from './batches.ts'
import { ChannelSums, normalizeChannels } from '../../script/normalize.ts'
import { sequentialIndices } from '../../script/random.ts'
import { type DatasetSplits, type InputNormalization, type Samples } from './samples.ts'
import { isStreamed } from './sampleStream.ts'

/** The mean and standard deviation of each channel, or `fit` to measure them on the training samples. */
export type NormalizeOptions = Pick<InputNormalization, 'mean' | 'std'> | { readonly fit: true }

/**
 * Normalizes every input of a dataset when it is put into a batch: (value - mean) / std, per channel. Measured values
 * come from the training samples; if these are read on demand, from the first 5,000 of them or half of them, whichever
 * is less, so that none of those held out by `validationSplit` is included.
 */
export async function normalizeInputs(
  loading: Promise<DatasetSplits>,
  options: NormalizeOptions,
): Promise<DatasetSplits> {
  const data = await loading
  if ('mean' in options) return withFit(data, () => channelNormalization(options))
  const { train } = data
  if (!isStreamed(train.inputs) || train.inputs.everySample)
    return withFit(data, (samples) => channelNormalization(measureChannels(samples)))
  const fitted = await measureInputs(train, Math.max(1, Math.min(5000, Math.floor(train.count / 2))))
  return withFit(data, () => channelNormalization(fitted))
}

/** Creates the normalization (value - mean) / std, per channel. */
export function channelNormalization({ mean, std }: Pick<InputNormalization, 'mean' | 'std'>): InputNormalization {
  return {
    mean,
    std,
    apply: (inputs) => normalizeChannels(inputs, { mean, std }),
  }
}

/** Adds a normalization after the dataset's own fitted transformation. */
function withFit(data: DatasetSplits, find: (train: Samples) => InputNormalization): DatasetSplits {
  return {
    ...data,
    fit: (train) => {
      const become = data.fit ? data.fit(train) : (samples: Samples) => samples
      const normalization = find(become(train))
      return (samples) => ({ ...become(samples), normalization })
    },
  }
}

/** Measures the mean and standard deviation of each channel over samples in memory. */
function measureChannels(samples: Samples): Pick<InputNormalization, 'mean' | 'std'> {
  const sums = new ChannelSums(samples.sampleShape.at(-1) ?? 1)
  const reader = new BatchReader(samples)
  const order = sequentialIndices(samples.count)
  for (let start = 0; start < samples.count; start += measuredAtOnce) {
    sums.add(gatherInputs(reader, samples, order, start, Math.min(start + measuredAtOnce, samples.count)))
  }
  return sums.result()
}

/** Measures the mean and standard deviation of each channel over the first samples, before they are normalized. */
export async function measureInputs(
  samples: Samples,
  count: number,
): Promise<Pick<InputNormalization, 'mean' | 'std'>> {
  const sums = new ChannelSums(samples.sampleShape.at(-1) ?? 1)
  const reader = new BatchReader(samples)
  const order = sequentialIndices(count)
  for (let start = 0; start < count; start += measuredAtOnce) {
    const end = Math.min(start + measuredAtOnce, count)
    await reader.prepare(order, start, end)
    sums.add(gatherInputs(reader, samples, order, start, end))
  }
  reader.release()
  return sums.result()
}

function gatherInputs(
  reader: BatchReader,
  { sampleShape }: Samples,
  order: Int32Array,
  start: number,
  end: number,
): Float32Array {
  const size = sampleShape.reduce((product, length) => product * length, 1)
  const inputs = new Float32Array((end - start) * size)
  reader.gather(order, start, end, inputs, new Float32Array(end - start))
  return inputs
}

const measuredAtOnce = 64
