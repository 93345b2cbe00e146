/** The names of layers in Keras: unique, and without a `/`. */
import { expect, it } from 'vitest'
import { kerasNames } from '../../../src/backends/keras/kerasNames.ts'

it.each([
  [
    ['a', 'b-c'],
    ['a', 'b-c'],
  ],
  [
    ['unit/conv2d', 'unit'],
    ['unit_conv2d', 'unit'],
  ],
  [
    ['unit/conv2d', 'unit_conv2d'],
    ['unit_conv2d_1', 'unit_conv2d'],
  ],
  [
    ['a/b_c', 'a_b/c', 'a_b_c_1'],
    ['a_b_c', 'a_b_c_2', 'a_b_c_1'],
  ],
])('%j become %j', (names, expected) => {
  expect([...kerasNames(names).values()]).toEqual(expected)
})
