/** A saturated layer of softmax or sigmoid: its weights, samples, and what Keras 3.15 on TensorFlow 2.21 computes of them. */
import { weighClasses } from '../../src/runtime/training/classWeights.ts'
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from '../../src/backends/generated/losses.ts'
import { type Loss } from '../../src/runtime/training/loss.ts'

export const inputs = [
  [1, 2, -1],
  [-2, 1, 3],
  [3, -1, 2],
  [-1, -3, 1],
]
export const kernel = [
  [9, -7, 3],
  [-8, 6, -2],
  [5, -4, -9],
]
export const bias = [1, -2, 0.5]
export const classes = Uint8Array.of(1, 0, 2, 2)
export const answers = Uint8Array.of(1, 0, 0, 1)

export interface SaturatedCase {
  readonly loss: Loss
  readonly units: number
  readonly labels: Uint8Array
  /** The loss without class weights, and the loss and the weights of a step by sgd(0.01). */
  readonly evaluated: number
  readonly trained: number
  readonly kernel: number[][]
  readonly bias: number[]
}

const afterClasses = {
  kernel: [
    [8.99, -6.992956, 3.002956],
    [-7.9875, 6.001588, -2.014088],
    [5, -4.009544, -8.990456],
  ],
  bias: [0.9975, -2.000456, 0.502956],
}

export const cases: Readonly<Record<string, SaturatedCase>> = {
  categoricalCrossentropy: {
    loss: categoricalCrossentropy(),
    units: 3,
    labels: classes,
    evaluated: 24.17535,
    trained: 24.17535,
    ...afterClasses,
  },
  sparseCategoricalCrossentropy: {
    loss: sparseCategoricalCrossentropy(),
    units: 3,
    labels: classes,
    evaluated: 24.17535,
    trained: 24.17535,
    ...afterClasses,
  },
  'categoricalCrossentropy, smoothed': {
    loss: categoricalCrossentropy({ labelSmoothing: 0.1 }),
    units: 3,
    labels: classes,
    evaluated: 24.07535,
    trained: 24.07535,
    kernel: [
      [8.990583, -6.993123, 3.002539],
      [-7.987833, 6.001005, -2.013171],
      [4.999667, -4.008877, -8.990789],
    ],
    bias: [0.997583, -2.000373, 0.502789],
  },
  'categoricalCrossentropy, weighted': {
    loss: weighClasses(categoricalCrossentropy(), { 0: 1, 1: 2, 2: 0.5 }),
    units: 3,
    labels: classes,
    evaluated: 24.17535,
    trained: 14.72571,
    kernel: [
      [8.9925, -6.990911, 2.998412],
      [-7.9925, 6.005676, -2.013176],
      [5.00375, -4.011588, -8.992162],
    ],
    bias: [1, -1.998412, 0.498412],
  },
  binaryCrossentropy: {
    loss: binaryCrossentropy(),
    units: 1,
    labels: answers,
    evaluated: 14.25002,
    trained: 14.25002,
    kernel: [[8.995], [-7.9925], [4.9925]],
    bias: [1],
  },
  'binaryCrossentropy of several units': {
    loss: binaryCrossentropy(),
    units: 3,
    labels: classes,
    evaluated: 8.62577,
    trained: 8.62577,
    kernel: [
      [8.996667, -6.998337, 3.000833],
      [-7.995833, 5.99917, -2.004988],
      [5, -4.002495, -8.996673],
    ],
    bias: [0.999167, -2.00083, 0.500829],
  },
  'binaryCrossentropy of several units, smoothed': {
    loss: binaryCrossentropy({ labelSmoothing: 0.2 }),
    units: 3,
    labels: classes,
    evaluated: 8.65077,
    trained: 8.65077,
    kernel: [
      [8.997084, -6.99842, 3.000583],
      [-7.996083, 5.998754, -2.004405],
      [4.999917, -4.001911, -8.996756],
    ],
    bias: [0.999333, -2.000664, 0.500829],
  },
}
