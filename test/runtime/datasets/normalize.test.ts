import { describe, expect, it } from 'vitest'
import { BatchReader } from '../../../src/runtime/data/batches.ts'
import { normalizeInputs } from '../../../src/runtime/data/normalize.ts'
import { type DatasetSplits, type Samples } from '../../../src/runtime/data/samples.ts'
import { prepareSplits } from '../../../src/runtime/data/prepareSplits.ts'
import { describeData } from '../../../src/runtime/runs/modelMetadata.ts'
import { lagging } from './laggingStream.ts'

/** Samples of two pixels with two channels. */
const samplesOf = (...inputs: number[]) => ({
  inputs: Uint8Array.from(inputs),
  sampleShape: [1, 2, 2],
  scale: 0.1,
  labels: new Uint8Array(inputs.length / 4),
  count: inputs.length / 4,
  classes: 2,
})

const train = samplesOf(1, 10, 3, 30, 5, 50, 7, 70, 200, 200, 200, 200)
const data: DatasetSplits = { train, test: samplesOf(4, 40, 2, 20), classNames: ['a', 'b'] }

/** What a batch of all samples holds. */
async function inputsOf(samples: Samples): Promise<number[]> {
  const order = Int32Array.from({ length: samples.count }, (_, index) => index)
  const inputs = new Float32Array(samples.count * 4)
  const reader = new BatchReader(samples)
  await reader.prepare(order, 0, samples.count)
  reader.gather(order, 0, samples.count, inputs, new Int32Array(samples.count))
  return [...inputs].map((value) => Math.round(value * 1000) / 1000)
}

describe('normalizeInputs', () => {
  it('takes the mean from each channel, and divides it by its deviation', async () => {
    const { test } = prepareSplits(await normalizeInputs(Promise.resolve(data), { mean: [0.1, 1], std: [0.5, 2] }), {
      validationSplit: 0,
    })
    expect(await inputsOf(test!)).toEqual([0.6, 1.5, 0.2, 0.5])
  })

  // Without the last sample, which validates: 1, 3, 5, 7 have the mean 4 and the deviation sqrt(5).
  it('is fitted to the training samples', async () => {
    const fitted = await normalizeInputs(Promise.resolve(data), { fit: true })
    const { train: own, validation, test } = prepareSplits(fitted, { validationSplit: 0.33 })
    expect(own.normalization!.mean.map((mean) => mean.toFixed(4))).toEqual(['0.4000', '4.0000'])
    expect(own.normalization!.std.map((std) => std.toFixed(4))).toEqual(['0.2236', '2.2361'])
    expect(await inputsOf(own)).toEqual([-1.342, -1.342, -0.447, -0.447, 0.447, 0.447, 1.342, 1.342])
    expect(await inputsOf(test!)).toEqual([0, 0, -0.894, -0.894])
    expect(validation!.normalization).toBe(own.normalization)
  })

  it('is fitted to values far from 0', async () => {
    const inputs = Float32Array.from([0, 8, 16, 24], (offset) => 1e9 + 64 * offset)
    const far = { inputs, sampleShape: [1], scale: 1, labels: new Uint8Array(4), count: 4, classes: 2 }
    const fitted = await normalizeInputs(Promise.resolve({ train: far, classNames: ['a', 'b'] }), { fit: true })
    const { train: own } = prepareSplits(fitted, { validationSplit: 0 })
    expect(own.normalization!.mean).toEqual([1e9 + 64 * 12])
    expect(own.normalization!.std).toEqual([expect.closeTo(64 * Math.sqrt(80), 6)])
  })

  it('is fitted to the first half of samples that are read as they are needed', async () => {
    const streamed = { ...data, train: lagging(train) }
    const { train: own } = prepareSplits(await normalizeInputs(Promise.resolve(streamed), { fit: true }), {
      validationSplit: 0,
    })
    // Of three, one: 1 and 3.
    expect(own.normalization!.mean.map((mean) => mean.toFixed(4))).toEqual(['0.2000', '2.0000'])
  })

  it('does not scale a constant channel', async () => {
    const flat = { ...data, train: samplesOf(5, 10, 5, 30) }
    const { train: own } = prepareSplits(await normalizeInputs(Promise.resolve(flat), { fit: true }), {
      validationSplit: 0,
    })
    expect(own.normalization!.std[0]).toBe(1)
  })

  it('comes after the other preprocessing of the dataset', async () => {
    const doubled = { ...data, fit: () => (samples: Samples) => ({ ...samples, scale: samples.scale * 2 }) }
    const fitted = await normalizeInputs(Promise.resolve(doubled), { mean: [0, 0], std: [1, 1] })
    expect(await inputsOf(prepareSplits(fitted, { validationSplit: 0 }).test!)).toEqual([0.8, 8, 0.4, 4])
  })

  it('is saved with the model', async () => {
    const options = { mean: [0.1, 1], std: [0.5, 2] }
    const settled = prepareSplits(await normalizeInputs(Promise.resolve(data), options), { validationSplit: 0 })
    expect(describeData(settled).preprocessing).toEqual({ shape: [1, 2, 2], scale: 0.1, ...options })
    expect(describeData(data).preprocessing).toEqual({ shape: [1, 2, 2], scale: 0.1 })
  })
})
