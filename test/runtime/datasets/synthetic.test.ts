import { describe, expect, it } from 'vitest'
import { inputsInMemory, type Samples } from '../../../src/runtime/data/samples.ts'
import { loadSynthetic } from '../../../src/parts/datasets/synthetic.fast.ts'
import { type SyntheticOptions } from '../../../src/parts/datasets/synthetic.run.ts'

const options: SyntheticOptions = { shape: [6, 5, 2], classes: 3, train: 60, test: 30, noise: 0.2, seed: 1 }

/** The share of test samples that lie nearest to the mean of the training samples of their class. */
function nearestCentre(train: Samples, test: Samples): number {
  const size = train.sampleShape.reduce((product, length) => product * length, 1)
  const row = (samples: Samples, sample: number) => inputsInMemory(samples).subarray(sample * size, (sample + 1) * size)
  const centres = Array.from({ length: train.classes! }, (_, label) => {
    const own = [...train.labels.keys()].filter((sample) => train.labels[sample] === label)
    return Array.from(
      { length: size },
      (__, at) => own.reduce((sum, one) => sum + row(train, one)[at]!, 0) / own.length,
    )
  })
  const distance = (one: ArrayLike<number>, other: readonly number[]) =>
    other.reduce((sum, value, at) => sum + (value - one[at]!) ** 2, 0)
  const right = [...test.labels.keys()].filter((sample) => {
    const distances = centres.map((centre) => distance(row(test, sample), centre))
    return distances.indexOf(Math.min(...distances)) === test.labels[sample]
  })
  return right.length / test.count
}

describe('loadSynthetic', () => {
  it.each([
    ['images', options],
    ['vectors', { ...options, shape: [8] }],
  ])('generates %s that can be learned', async (_name, stated) => {
    const { train, test, classNames } = await loadSynthetic(stated)
    expect([train.count, test!.count, train.sampleShape, classNames]).toEqual([60, 30, stated.shape, ['0', '1', '2']])
    expect(nearestCentre(train, test!)).toBeGreaterThan(0.9)
  })

  it('gives the same samples for the same options, and the same test for more training', async () => {
    const [one, other] = await Promise.all([loadSynthetic(options), loadSynthetic({ ...options, train: 90 })])
    expect(other.test!.inputs).toEqual(one.test!.inputs)
    expect(inputsInMemory(other.train).subarray(0, 60 * 60)).toEqual(one.train.inputs)
    expect(one.train.inputs).not.toEqual((await loadSynthetic({ ...options, seed: 2 })).train.inputs)
  })

  it('generates values that depend on the inputs', async () => {
    const { classes: _none, ...rest } = options
    const { train, test, classNames } = await loadSynthetic({ ...rest, shape: [4], noise: 0, test: 0 })
    expect([train.classes, test, classNames]).toEqual([undefined, undefined, []])
    expect(train.labels).toBeInstanceOf(Float32Array)
    expect(Math.max(...train.labels)).toBeLessThanOrEqual(1)
    expect(new Set(train.labels).size).toBe(60)
  })
})
