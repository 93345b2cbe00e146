import { expect, it } from 'vitest'
import { pageDataOf } from '../../../src/report/sweep/pageData.ts'
import { bestTrial, countStates, type TrialSummary } from '../../../src/report/sweep/sweepSummary.ts'
import { ranksOf, trialColumns, type SortKey } from '../../../src/report/sweep/trialColumns.ts'
import { gridSweep, sweepOf, trialOf } from './sweepFixture.ts'

it.each<[string, SortKey[], (number | null)[]]>([
  ['numbers', [0.3, -1, 10], [1, 0, 2]],
  ['equal numbers', [2, 1, 2], [1, 0, 1]],
  ['missing ones', [undefined, 1, Number.NaN], [null, 0, null]],
  ['infinite ones', [Infinity, 1, -Infinity], [2, 1, 0]],
  ['texts with digits', ['conv10', 'conv9', 'add'], [2, 1, 0]],
  ['texts and numbers', ['same', 3], [1, 0]],
])('ranks %s', (_name, keys, want) => {
  expect(ranksOf(keys)).toEqual(want)
})

it('has a column for each parameter, and leaves out facts that no trial has', () => {
  const headings = (trials: TrialSummary[]) => trialColumns(sweepOf(trials)).map(({ heading }) => heading)
  expect(headings([trialOf(1, { values: { 'vars.width': 1 } })])).toEqual([
    'trial',
    'state',
    'val_accuracy',
    'width',
    'epochs',
  ])
  expect(headings([trialOf(1, { facts: { params: 1, flops: 2, memory: 3 }, seconds: 1, bestEpoch: 1 })])).toEqual([
    'trial',
    'state',
    'val_accuracy',
    'best epoch',
    'epochs',
    'parameters',
    'operations',
    'memory',
    'time',
  ])
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`vars.v${index}`, index]))
  expect(headings([trialOf(1, { values: many })])).toEqual(['trial', 'state', 'val_accuracy', 'values', 'epochs'])
})

it('prints the cells of a trial', () => {
  const sweep = gridSweep()
  const cells = (number: number) => trialColumns(sweep).map(({ print }) => print(sweep.trials[number - 1]!))
  expect(cells(12)).toEqual([
    '12',
    'done',
    '97.93%',
    '32',
    '0.1',
    '2',
    '10',
    '10',
    '68,210',
    '6.1 M',
    '73.2 MiB',
    '30 s',
  ])
  expect(cells(18)).toEqual([
    '18',
    'infeasible',
    '',
    '64',
    '0.3',
    '2',
    '',
    '0/10',
    '132,210',
    '12.3 M',
    '146.5 MiB',
    '',
  ])
})

it.each<[string, Partial<TrialSummary>[], 'maximize' | 'minimize', number | undefined]>([
  ['the highest', [{ score: 1 }, { score: 3 }, { score: 2 }], 'maximize', 2],
  ['the lowest', [{ score: 1 }, { score: 3 }, { score: 2 }], 'minimize', 1],
  ['the first of equal ones', [{ score: 1 }, { score: 1 }], 'maximize', 1],
  ['one that is done before a better one that is not', [{ score: 9, state: 'running' }, { score: 1 }], 'maximize', 2],
  ['one that is not done if no other has a score', [{}, { score: 1, state: 'running' }], 'maximize', 2],
  ['none', [{}, { state: 'failed' }], 'maximize', undefined],
])('takes %s as the best trial', (_name, trials, direction, want) => {
  const summary = sweepOf(
    trials.map((trial, index) => trialOf(index + 1, trial)),
    { objective: { metric: 'x', direction } },
  )
  expect(bestTrial(summary)?.number).toBe(want)
})

it('counts states in a fixed order', () => {
  expect(countStates(gridSweep().trials)).toEqual([
    ['done', 18],
    ['failed', 1],
    ['infeasible', 4],
    ['excluded', 1],
  ])
})

it('rates trials by the rank of their scores, and puts curves on common epochs', () => {
  const trials = [
    trialOf(1, {
      score: 0.2,
      curve: [
        { epoch: 1, value: 0.3 },
        { epoch: 3, value: 0.2 },
      ],
    }),
    trialOf(2, { score: 0.1, curve: [{ epoch: 1, value: 0.1 }] }),
    trialOf(3, { state: 'failed', curve: [{ epoch: 2, value: null }] }),
    trialOf(4),
  ]
  const sweep = sweepOf(trials, { objective: { metric: 'val_loss', direction: 'minimize' } })
  const data = pageDataOf(sweep, trialColumns(sweep), 2)
  expect(data.trials.map(({ quality }) => quality)).toEqual([0, 1, null, null])
  expect(data.trials.map(({ curve }) => curve)).toEqual([[0.3, null, 0.2], [0.1, null, null], [null, null, null], []])
  expect([data.epochs, data.best, data.isShare]).toEqual([[1, 2, 3], 1, false])
})
