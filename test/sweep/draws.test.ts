/** The values that samples draw: known points of the Sobol sequence, bounds, and that a draw depends on seed and index only. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Origin } from '../../src/compose/origins.ts'
import { parseSource } from '../../src/source/source.ts'
import type { Sample, Space } from '../../src/sweep/definition.ts'
import { drawValue, valueAt } from '../../src/sweep/draws/draw.ts'
import { mostDimensions, sobolCoordinate } from '../../src/sweep/draws/sobol.ts'

const origin: Origin = { written: parseSource('', 'spec.yaml').source, path: [] }
const parameter = { path: 'vars.a', keys: ['vars', 'a'], origin }
const sampleOf = (space: Space, method: Sample['method'], seed: number, dimensions = 1): Sample => ({
  count: 1,
  seed,
  method,
  spaces: Array.from({ length: dimensions }, () => ({ parameter, space })),
})

describe('the Sobol sequence', () => {
  // The first points that the generator of Joe and Kuo prints, for new-joe-kuo-6.21201.
  it.each([
    [0, [0, 0, 0, 0, 0]],
    [1, [0.5, 0.5, 0.5, 0.5, 0.5]],
    [2, [0.75, 0.25, 0.25, 0.25, 0.75]],
    [3, [0.25, 0.75, 0.75, 0.75, 0.25]],
    [4, [0.375, 0.375, 0.625, 0.875, 0.375]],
    [5, [0.875, 0.875, 0.125, 0.375, 0.875]],
  ])('has its known point %i', (index, point) => {
    expect(point.map((_, dimension) => sobolCoordinate(index, dimension, 0))).toEqual(point)
  })

  it('has each of the first 256 multiples of 1/256 once, in every dimension', () => {
    for (let dimension = 0; dimension < mostDimensions; dimension += 1) {
      const points = Array.from({ length: 256 }, (_, index) => Math.floor(256 * sobolCoordinate(index, dimension, 0)))
      expect(new Set(points).size).toBe(256)
    }
  })

  it('spreads pairs of dimensions: each of 4x4 boxes has 16 of the first 256 points, for the first ten', () => {
    for (let first = 0; first < 10; first += 1) {
      for (let second = 0; second < first; second += 1) {
        const boxes = Array.from({ length: 16 }, () => 0)
        for (let index = 0; index < 256; index += 1) {
          const [x, y] = [first, second].map((one) => Math.floor(4 * sobolCoordinate(index, one, 0)))
          boxes[4 * x! + y!]! += 1
        }
        expect(Math.max(...boxes) - Math.min(...boxes)).toBeLessThanOrEqual(8)
      }
    }
  })
})

const spaces: readonly (readonly [string, Space, (value: number) => boolean])[] = [
  ['uniform', { kind: 'uniform', from: -1, to: 2, origin }, (value) => value >= -1 && value <= 2],
  ['logUniform', { kind: 'logUniform', from: 1e-5, to: 1e-2, origin }, (value) => value >= 1e-5 && value <= 1e-2],
  ['int', { kind: 'int', from: 3, to: 5, origin }, (value) => [3, 4, 5].includes(value)],
  [
    'logInt',
    { kind: 'logInt', from: 1, to: 64, origin },
    (value) => Number.isInteger(value) && value >= 1 && value <= 64,
  ],
]

describe.each(spaces)('%s', (_kind, space, isInside) => {
  it.each(['random', 'sobol'] as const)('draws %s values between its bounds', (method) => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 100_000 }), (seed, index) => {
        expect(isInside(drawValue(sampleOf(space, method, seed), 0, index).value as number)).toBe(true)
      }),
    )
  })

  it('reaches both bounds', () => {
    const [least, most] = [0, 1 - 2 ** -53].map((share) => valueAt(space, share).value as number)
    if (space.kind === 'choice') return
    expect([least, most]).toEqual([space.from, space.to])
  })
})

describe('draws', () => {
  const choice: Space = { kind: 'choice', values: ['a', 'b', 'c'].map((value) => ({ value, origin })) }

  it('are each of a list about equally often', () => {
    const sample = sampleOf(choice, 'random', 7)
    const counts = new Map<unknown, number>()
    for (let index = 0; index < 3000; index += 1) {
      const { value } = drawValue(sample, 0, index)
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    for (const value of ['a', 'b', 'c']) expect(Math.abs(counts.get(value)! - 1000)).toBeLessThan(120)
  })

  it('differ by seed, by dimension and by index', () => {
    const space: Space = { kind: 'uniform', from: 0, to: 1, origin }
    const drawn = [1, 2].flatMap((seed) =>
      [0, 1].flatMap((dimension) =>
        [0, 1].map((index) => drawValue(sampleOf(space, 'random', seed, 2), dimension, index).value),
      ),
    )
    expect(new Set(drawn).size).toBe(8)
  })

  // Written down so that a change of the generator, which would change all sweeps, is noticed.
  it.each([
    ['random', [0.00075836, 0.0292206, 0.000350919]],
    ['sobol', [0.0280318, 0.000886444, 0.000157634]],
  ] as const)('are always the same: %s', (method, expected) => {
    const space: Space = { kind: 'logUniform', from: 1e-4, to: 1e-1, origin }
    const sample = sampleOf(space, method, 1)
    expect([0, 1, 2].map((index) => drawValue(sample, 0, index).value)).toEqual(expected)
  })
})
