import { describe, expect, it } from 'vitest'
import { inspectClasses, type ClassPredictions } from '../../../src/tasks/inspect/inspectClasses.ts'
import { inspectValues } from '../../../src/tasks/inspect/inspectValues.ts'

const answers = (rows: readonly number[], changes: Partial<ClassPredictions>): ClassPredictions => ({
  output: 'dense',
  units: 2,
  rows: Float32Array.from(rows),
  labels: Float32Array.of(0, 1),
  classNames: ['no', 'yes'],
  fromLogits: false,
  ...changes,
})

describe('an output of classes', () => {
  it('orders mistakes by the confidence in the wrong class, then by the lowest in the true class', () => {
    const rows = [0.99, 0.01, 0, 0.987, 0.001, 0.012, 0.987, 0, 0.013]
    const labels = Float32Array.of(1, 1, 1)
    const { mistakes } = inspectClasses(answers(rows, { units: 3, labels, classNames: ['a', 'b', 'c'] }))
    expect(mistakes.map(({ index }) => index)).toEqual([0, 2, 1])
  })

  it('lists mistakes with true and predicted classes', () => {
    const rows = [0.4, 0.6, 0.9, 0.1, 0.2, 0.8, 0.05, 0.95]
    const { mistakes, accuracy, isProbability } = inspectClasses(answers(rows, { labels: Float32Array.of(0, 1, 1, 0) }))
    expect(mistakes.map(({ index, truth, named }) => [index, truth, named])).toEqual([
      [3, 0, 1],
      [1, 1, 0],
      [0, 0, 1],
    ])
    expect(mistakes[0]).toMatchObject({ confidence: expect.closeTo(0.95, 5), truthConfidence: expect.closeTo(0.05, 5) })
    expect({ accuracy, isProbability }).toEqual({ accuracy: 0.25, isProbability: true })
  })

  it('keeps the two dozen surest of them', () => {
    const count = 60
    const rows = Array.from({ length: count }, (_, index) => [0.4 - index / 200, 0.6 + index / 200]).flat()
    const { mistakes } = inspectClasses(answers(rows, { labels: new Float32Array(count) }))
    expect(mistakes.map(({ index }) => index)).toEqual(Array.from({ length: 24 }, (_, place) => count - 1 - place))
  })

  it('makes probabilities of logits', () => {
    const { mistakes, isProbability } = inspectClasses(answers([1000, 998, 1000, 998], { fromLogits: true }))
    expect(mistakes).toMatchObject([{ index: 1, confidence: expect.closeTo(1 / (1 + Math.exp(-2)), 5) }])
    expect(isProbability).toBe(true)
  })

  it('takes one unit for the second of two classes', () => {
    const { confusion, mistakes } = inspectClasses(answers([0.2, 0.3], { units: 1 }))
    expect(confusion).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(mistakes).toMatchObject([{ index: 1, truth: 1, named: 0, confidence: expect.closeTo(0.7, 5) }])
    expect(inspectClasses(answers([-3, 3], { units: 1, fromLogits: true })).accuracy).toBe(1)
  })

  it('does not take scores for probabilities', () => {
    expect(inspectClasses(answers([3, -1, -2, 5], {}))).toMatchObject({ isProbability: false, accuracy: 1 })
  })
})

describe('an output of values', () => {
  it('is judged by its misses', () => {
    const inspected = inspectValues(
      'dense',
      { units: 1, rows: Float32Array.of(1, 2, 4, 5) },
      Float32Array.of(1, 2, 3, 6),
    )
    expect(inspected).toMatchObject({ meanAbsoluteError: 0.5, rootMeanSquaredError: Math.SQRT1_2, r2: 1 - 2 / 14 })
    expect(inspected.points).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
      [6, 5],
    ])
  })

  it('has no R² where all targets are the same, and few points of many samples', () => {
    const many = new Float32Array(2001).fill(3)
    const { r2, points } = inspectValues('dense', { units: 1, rows: many }, many)
    expect(r2).toBeNull()
    expect(points.length).toBeLessThanOrEqual(500)
  })
})
