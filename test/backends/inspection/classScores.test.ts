import { expect, it } from 'vitest'
import { confusionOf, macroAverage, scoreClasses } from '../../../src/tasks/inspect/classScores.ts'

/** Of scikit-learn 1.5: confusion_matrix and precision_recall_fscore_support of these. */
const truths = [2, 0, 2, 2, 0, 1, 1, 2, 0]
const named = [0, 0, 2, 2, 0, 2, 1, 2, 1]

it('counts true classes in rows and predicted classes in columns', () => {
  expect(confusionOf(truths, named, 3)).toEqual([
    [2, 1, 0],
    [0, 1, 1],
    [1, 0, 3],
  ])
})

it('gives precision, recall and F1 of each class, and their means', () => {
  const scores = scoreClasses(confusionOf(truths, named, 3))
  const close = (value: number) => expect.closeTo(value, 10)
  expect(scores).toEqual([
    { precision: close(2 / 3), recall: close(2 / 3), f1: close(2 / 3), support: 3 },
    { precision: close(1 / 2), recall: close(1 / 2), f1: close(1 / 2), support: 2 },
    { precision: close(3 / 4), recall: close(3 / 4), f1: close(3 / 4), support: 4 },
  ])
  const mean = close((2 / 3 + 1 / 2 + 3 / 4) / 3)
  expect(macroAverage(scores)).toEqual({ precision: mean, recall: mean, f1: mean, support: 9 })
})

it('has no score where it would divide by zero', () => {
  const scores = scoreClasses(confusionOf([0, 0, 1], [0, 0, 0], 3))
  expect(scores).toEqual([
    { precision: expect.closeTo(2 / 3, 10), recall: 1, f1: expect.closeTo(0.8, 10), support: 2 },
    { precision: null, recall: 0, f1: null, support: 1 },
    { precision: null, recall: null, f1: null, support: 0 },
  ])
  expect(macroAverage(scores)).toMatchObject({
    precision: expect.closeTo(1 / 3, 10),
    recall: 0.5,
    f1: expect.closeTo(0.4, 10),
  })
})
