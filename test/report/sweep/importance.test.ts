import { describe, expect, it } from 'vitest'
import { importanceOf } from '../../../src/report/sweep/importance.ts'
import { residualSquares } from '../../../src/report/sweep/leastSquares.ts'
import type { SweepSummary, TrialSummary } from '../../../src/report/sweep/sweepSummary.ts'
import { sweepOf, trialOf } from './sweepFixture.ts'

/** Two widths and three rates. The means are 0.90 and 0.93333 by width, 0.92, 0.94 and 0.89 by rate, 0.91667 in all. */
const grid: readonly (readonly [width: number, rate: number, score: number])[] = [
  [16, 0.1, 0.9],
  [16, 0.01, 0.92],
  [16, 0.001, 0.88],
  [32, 0.1, 0.94],
  [32, 0.01, 0.96],
  [32, 0.001, 0.9],
]
const twice = [...grid, ...grid].map(([width, rate, score], index) =>
  trialOf(index + 1, { values: { width, rate }, score }),
)

/** The shares by path, in the order of the page, with 4 digits. */
function sharesOf(trials: readonly TrialSummary[], given: Partial<SweepSummary> = {}): unknown {
  const { shares, rest } = importanceOf(sweepOf(trials, given))!
  if (shares === undefined) return 'none'
  const round = (value: number) => Number(value.toFixed(4))
  return [...shares.map(({ paths, share }) => [paths.join('+'), round(share)]), ['rest', round(rest!)]]
}

describe('importance of parameters', () => {
  it('is the main effect of an analysis of variance, for a full grid', () => {
    // Sums of squares by hand: width 0.0016667, rate 0.0025333, all 0.0043333 for one copy of the grid.
    expect(sharesOf(twice)).toEqual([
      ['rate', 0.5846],
      ['width', 0.3846],
      ['rest', 0.0308],
    ])
    expect(importanceOf(sweepOf(twice))).toMatchObject({
      trials: 12,
      neededTrials: 8,
      isLogarithmic: false,
      shares: [{ byChance: 2 / 11 }, { byChance: 1 / 11 }],
    })
  })

  const noted = (index: number, given: Partial<TrialSummary>) => twice.with(index, { ...twice[index]!, ...given })
  it.each<[string, readonly TrialSummary[], unknown]>([
    ['a grid that ran once', twice.slice(0, 6), 'none'],
    ['equal scores', twice.map((trial) => ({ ...trial, score: 0.1 })), 'none'],
    ['one trial', twice.slice(0, 1), 'none'],
    [
      'a parameter without effect',
      [0, 1, 0, 1, 0, 1, 0, 1].map((a, index) => trialOf(index + 1, { values: { a, b: index >> 2 }, score: a })),
      [
        ['a', 1],
        ['b', 0],
        ['rest', 0],
      ],
    ],
    [
      'an interaction alone',
      [0, 1, 1, 0, 0, 1, 1, 0].map((score, index) =>
        trialOf(index + 1, { values: { a: index % 2, b: (index >> 1) % 2 }, score }),
      ),
      [
        ['a', 0],
        ['b', 0],
        ['rest', 1],
      ],
    ],
    [
      'parameters that change together',
      [1, 2, 3, 1, 2, 3].map((batch, index) =>
        trialOf(index + 1, { values: { batch, epochs: 10 * batch }, score: batch / 10 }),
      ),
      [
        ['batch+epochs', 1],
        ['rest', 0],
      ],
    ],
    [
      'a drawn parameter, as a parabola over its axis',
      Array.from({ length: 20 }, (_, index) =>
        trialOf(index + 1, { values: { momentum: index }, score: (index / 19 - 0.4) ** 2 }),
      ),
      [
        ['momentum', 1],
        ['rest', 0],
      ],
    ],
    [
      'two drawn parameters',
      Array.from({ length: 21 }, (_, index) =>
        trialOf(index + 1, { values: { a: index, b: (index * 8) % 21 }, score: index / 21 }),
      ),
      [
        ['a', 0.9467],
        ['b', 0],
        ['rest', 0],
      ],
    ],
    [
      'drawn parameters that change in opposite directions',
      Array.from({ length: 21 }, (_, index) =>
        trialOf(index + 1, { values: { a: index, b: 40 - index }, score: index }),
      ),
      [
        ['a+b', 1],
        ['rest', 0],
      ],
    ],
    [
      'values that are not numbers',
      ['sgd', 'adam', 'sgd', 'adam'].map((optimizer, index) =>
        trialOf(index + 1, { values: { optimizer }, score: index % 2 }),
      ),
      [
        ['optimizer', 1],
        ['rest', 0],
      ],
    ],
  ])('of %s', (_name, trials, want) => {
    expect(sharesOf(trials)).toEqual(want)
  })

  it.each([
    ['failed', noted(3, { state: 'failed', score: 0.1 }), 11],
    ['without a score', noted(3, { score: undefined } as object), 11],
  ])('leaves out a trial that is %s', (_name, trials, count) => {
    expect(importanceOf(sweepOf(trials))!.trials).toBe(count)
  })

  it('compares trials of halving after the first rung, which all of them reached', () => {
    const trials = twice.map((trial, index) => ({
      ...trial,
      state: index % 2 === 0 ? ('stopped' as const) : ('done' as const),
      score: 1,
      curve: [
        { epoch: 1, value: trial.score! - 0.1 },
        { epoch: 2, value: trial.score! },
        { epoch: 3, value: 1 },
      ],
    }))
    const stopping = { kind: 'successiveHalving', minEpochs: 2, reduction: 3 } as const
    expect(sharesOf(trials, { stopping })).toEqual(sharesOf(twice))
    const short = trials.with(0, { ...trials[0]!, curve: [{ epoch: 1, value: 0.5 }] })
    expect(importanceOf(sweepOf(short, { stopping }))).toMatchObject({ trials: 11, epochs: 2 })
  })

  it('compares logarithms of scores that differ by factors', () => {
    const trials = [0, 1, 2, 0, 1, 2].map((power, index) =>
      trialOf(index + 1, { values: { power }, score: 10 ** -power }),
    )
    expect(importanceOf(sweepOf(trials))).toMatchObject({ isLogarithmic: true, shares: [{ share: 1 }] })
  })

  it('is undefined for a sweep without parameters', () => {
    expect(importanceOf(sweepOf([trialOf(1, { score: 1 })]))).toBeUndefined()
  })
})

it.each<[string, number[][], number[], number]>([
  ['no column', [], [3, 4], 25],
  ['the mean', [[1, 1, 1]], [1, 2, 3], 2],
  [
    'a line',
    [
      [1, 1, 1],
      [0, 1, 2],
    ],
    [1, 2, 3],
    0,
  ],
  [
    'a column that depends on another',
    [
      [1, 1, 1],
      [2, 2, 2],
    ],
    [1, 2, 3],
    2,
  ],
  ['a column of zeros', [[0, 0, 0]], [1, 2, 2], 9],
])('leaves residuals after %s', (_name, columns, values, want) => {
  expect(residualSquares(columns, values)).toBeCloseTo(want, 10)
})
