import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdOutStratified } from '../../../src/runtime/data/holdOut.ts'
import { type Samples } from '../../../src/runtime/data/samples.ts'
import { stratifiedOrder } from '../../../src/script/stratified.ts'

const samplesOf = (labels: readonly number[]): Samples => ({
  inputs: Uint8Array.from(labels.keys()),
  sampleShape: [1],
  scale: 1,
  labels: Int32Array.from(labels),
  count: labels.length,
  classes: 4,
})

describe('stratifiedOrder', () => {
  it('gives each class its share, each sample once, and as many as are asked for', () => {
    const labels = fc.array(fc.nat(3), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(labels, fc.double({ min: 0, max: 0.99, noNaN: true }), fc.nat(100), (given, fraction, seed) => {
        const { first, rest } = stratifiedOrder(samplesOf(given), fraction, seed)
        expect([...first, ...rest].toSorted((a, b) => a - b)).toEqual([...given.keys()])
        expect(rest.length).toBe(Math.round(given.length * fraction))
        for (const label of new Set(given)) {
          const share = given.filter((one) => one === label).length * fraction
          const held = [...rest].filter((sample) => given[sample] === label).length
          expect(Math.abs(held - share)).toBeLessThan(1 + 1e-9)
        }
      }),
    )
  })

  it('follows from the seed, and is in order', () => {
    const labels = Array.from({ length: 40 }, (_, at) => at % 4)
    const parts = [1, 1, 2].map((seed) => [...stratifiedOrder(samplesOf(labels), 0.3, seed).rest])
    expect(parts[1]).toEqual(parts[0])
    expect(parts[2]).not.toEqual(parts[0])
    expect(parts[0]).toEqual(parts[0]!.toSorted((a, b) => a - b))
  })
})

describe('holdOutStratified', () => {
  const train = samplesOf([0, 0, 0, 0, 1, 1, 1, 1])

  it('holds out of each class, of samples that are sorted too', async () => {
    const data = await holdOutStratified(Promise.resolve({ train, classNames: [] }), 0.25)
    expect([[...data.train.labels], [...data.validation!.labels]]).toEqual([
      [0, 0, 0, 1, 1, 1],
      [0, 1],
    ])
    expect(data.train.inputs).toHaveLength(6)
  })

  it('copies samples that are still the bytes of a file', async () => {
    const bytes = { ...train, inputs: Buffer.from([...train.labels.keys()]), labels: Buffer.from(train.labels) }
    const data = await holdOutStratified(Promise.resolve({ train: bytes, classNames: [] }), 0.25)
    const numbers = [data.train, data.validation!].flatMap(({ inputs }) => [...(inputs as Uint8Array)])
    expect(numbers.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('does not change validation samples', async () => {
    const data = { train, validation: samplesOf([1]), classNames: [] }
    expect(await holdOutStratified(Promise.resolve(data), 0.25)).toBe(data)
  })
})
