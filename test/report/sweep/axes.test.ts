import { expect, it } from 'vitest'
import { axisOf, isLogarithmic } from '../../../src/report/sweep/axes.ts'
import { formatMetric } from '../../../src/report/run/numbers.ts'
import { printRounded, printValue, shorten, shortNames } from '../../../src/report/sweep/values.ts'

it.each<[string, number[], boolean]>([
  ['one value', [1], false],
  ['two values', [0.01, 0.1], false],
  ['powers of ten', [0.001, 0.01, 0.1], true],
  ['powers of two', [16, 32, 64], true],
  ['1, 2, 5, 10', [1, 2, 5, 10], true],
  ['1, 2, 3', [1, 2, 3], false],
  ['even steps', [8, 16, 24, 32], false],
  ['zero', [0, 1, 10, 100], false],
  ['negative values', [-100, -10, -1], false],
  ['a narrow range', [0.9, 0.91, 0.95], false],
  ['accuracies', [0.1, 0.93, 0.95, 0.97, 0.98], false],
  ['losses', [0.05, 0.06, 0.09, 0.3, 2.3], true],
])('draws %s on a logarithmic scale: %s', (_name, sorted, want) => {
  expect(isLogarithmic(sorted)).toBe(want)
})

const accuracy = (value: number) => formatMetric('accuracy', value)
it.each<[string, unknown[], string, (readonly [number, string])[], (number | null)[], ((value: number) => string)?]>([
  [
    'even numbers',
    [2, 4, 3],
    'linear',
    [
      [0, '2'],
      [0.5, '3'],
      [1, '4'],
    ],
    [0, 1, 0.5],
  ],
  [
    'powers',
    [0.1, 0.001, 0.01],
    'logarithmic',
    [
      [0, '0.001'],
      [0.5, '0.01'],
      [1, '0.1'],
    ],
    [1, 0, 0.5],
  ],
  ['one number', [3, 3], 'linear', [[0.5, '3']], [0.5, 0.5]],
  [
    'a missing number',
    [1, undefined, 2],
    'linear',
    [
      [0, '1'],
      [1, '2'],
    ],
    [0, null, 1],
  ],
  ['no value', [undefined], 'categories', [], [null]],
  [
    'words',
    ['sgd', 'adam', 'sgd'],
    'categories',
    [
      [0, 'sgd'],
      [1, 'adam'],
    ],
    [0, 1, 0],
  ],
  [
    'words and numbers',
    [1, 'same', true],
    'categories',
    [
      [0, '1'],
      [0.5, 'same'],
      [1, 'true'],
    ],
    [0, 0.5, 1],
  ],
  [
    'maps',
    [{ sgd: {} }, { adam: {} }],
    'categories',
    [
      [0, '{"sgd":{}}'],
      [1, '{"adam":{}}'],
    ],
    [0, 1],
  ],
  ['null', [null, null], 'categories', [[0.5, 'null']], [0.5, 0.5]],
  [
    'a range that overflows',
    [-1e308, 1e308],
    'categories',
    [
      [0, '-1e+308'],
      [1, '1e+308'],
    ],
    [0, 1],
  ],
  [
    'shares',
    [0.5, 1],
    'linear',
    [
      [0, '50.00%'],
      [1, '100.00%'],
    ],
    [0, 1],
    accuracy,
  ],
])('makes an axis of %s', (_name, values, scale, ticks, positions, format) => {
  const axis = axisOf('x', 'x', values, format)
  expect([axis.scale, axis.ticks.map(({ position, label }) => [Number(position.toFixed(6)), label])]).toEqual([
    scale,
    ticks,
  ])
  expect(axis.positions.map((position) => position && Number(position.toFixed(6)))).toEqual(positions)
})

it.each<[string, number[], string[]]>([
  ['many numbers', Array.from({ length: 50 }, (_, index) => index), ['0', '10', '20', '30', '40', '49']],
  [
    'many powers',
    Array.from({ length: 9 }, (_, index) => 10 ** -index),
    ['1e-8', '1e-7', '1e-6', '1e-5', '0.0001', '0.001', '0.01', '0.1', '1'],
  ],
  ['large numbers', [1000, 2.5e6, 1e9], ['1,000', '2.5e6', '1e9']],
  ['many draws of a decade', Array.from({ length: 30 }, (_, index) => 1.08 ** index), ['1', '2', '4', '9.32']],
])('marks round values of %s', (_name, values, labels) => {
  expect(axisOf('x', 'x', values).ticks.map(({ label }) => label)).toEqual(labels)
})

it('marks some of many categories', () => {
  const axis = axisOf(
    'x',
    'x',
    Array.from({ length: 100 }, (_, index) => `case ${index}`),
  )
  expect([axis.ticks.length, axis.ticks[1]]).toEqual([15, { position: 7 / 99, label: 'case 7' }])
})

it.each<[string[], string[]]>([
  [
    ['vars.width', 'optimizer.sgd.learningRate'],
    ['width', 'learningRate'],
  ],
  [
    ['layers.a.units', 'layers.b.units'],
    ['a.units', 'b.units'],
  ],
  [
    ['vars.a', 'training.vars.a'],
    ['vars.a', 'training.vars.a'],
  ],
  [['optimizer'], ['optimizer']],
])('names %j shortly', (paths, want) => {
  expect(shortNames(paths)).toEqual(want)
})

it.each<[unknown, number, string]>([
  ['same', 40, 'same'],
  [0.1, 40, '0.1'],
  [[28, 28], 40, '[28,28]'],
  ['a\nb\u202ec', 40, String.raw`a\nb\u202ec`],
  ['x'.repeat(10_000), 10, 'xxxxxxxxx…'],
  ['😀'.repeat(12), 10, '😀😀😀😀😀😀😀😀😀…'],
])('prints value %#', (value, limit, want) => {
  expect(printValue(value, limit)).toBe(want)
})

it.each<[unknown, string]>([
  [0.1, '0.1'],
  [0.000139958732257, '0.000139959'],
  [0.0000116, '1.16e-5'],
  [1e-5, '1e-5'],
  [123456789, '123456789'],
  [0, '0'],
  ['same', 'same'],
])('prints %j rounded as %s', (value, want) => {
  expect(printRounded(value)).toBe(want)
})

it('leaves a short text as it is', () => {
  expect(shorten('😀😀😀', 4)).toBe('😀😀😀')
})
