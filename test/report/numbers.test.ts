import { expect, it } from 'vitest'
import { formatDate, formatMetric, formatSeconds, formatValue, metricLabel } from '../../src/report/run/numbers.ts'

it.each([
  [0, '0'],
  [0.00001234, '1.23e-5'],
  [0.07123, '0.0712'],
  [1.23456, '1.235'],
  [12.3456, '12.35'],
  [123.456, '123.5'],
  [12345.6, '12346'],
  [1234567, '1.23e+6'],
  [-0.5, '-0.5000'],
  [Number.NaN, 'NaN'],
])('the value %s is %s', (value, text) => expect(formatValue(value)).toBe(text))

it.each([
  [3.21, '3.2 s'],
  [45.6, '46 s'],
  [192, '3 min 12 s'],
  [7505, '2 h 05 min'],
])('%s seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))

it.each([
  ['val_accuracy', 0.97912, '97.91%'],
  ['digit_topKCategoricalAccuracy', 1, '100.00%'],
  ['loss', 0.2, '0.2000'],
  ['recall', 0.5, '50.00%'],
])('%s %s is %s', (name, value, text) => expect(formatMetric(name, value)).toBe(text))

it.each([
  ['digit_topKCategoricalAccuracy', 'digit top k categorical accuracy'],
  ['r2Score', 'r2 score'],
  ['loss', 'loss'],
  ['learningRate', 'learning rate'],
])('labels %s as %s', (name, text) => expect(metricLabel(name)).toBe(text))

it('prints dates in UTC, and other texts unchanged', () => {
  expect(formatDate('2026-11-25T00:05:00.000Z')).toBe('25 Nov 2026, 00:05 UTC')
  expect(formatDate('yesterday')).toBe('yesterday')
})
