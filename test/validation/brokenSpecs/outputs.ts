/** Mistakes in what several outputs are trained and measured by. */
import type { BrokenSpec } from './brokenSpec.ts'

/** Two heads of MNIST, with what a row gives in place of their losses. */
const heads = (title: string, rest: string, fixed?: string): BrokenSpec => ({
  title,
  spec: `
    name: example
    dataset: mnist
    layers:
      - flatten
      - dense: { name: digit, units: 10, activation: softmax }
      - dense: { name: auxiliary, units: 10, activation: softmax, inputs: flatten }
      - dense: { name: hidden, units: 10, activation: relu, inputs: flatten }
      - dense: { name: last, units: 10, activation: softmax, inputs: hidden }
    optimizer: sgd
${rest.replace(/^\n/, '')}`,
  ...(fixed !== undefined && { fixed }),
})

export const outputRows: readonly BrokenSpec[] = [
  heads(
    'a loss for an output that is misspelt',
    `
    outputs: [digit, auxiliary, last]
    loss:
      digit: categoricalCrossentropy
      auxilliary: categoricalCrossentropy # ✗ graph/not-an-output
      last: categoricalCrossentropy`,
    '  auxiliary: categoricalCrossentropy',
  ),
  heads(
    'a loss for the only output under another name',
    `
    outputs: [digit, auxiliary, last]
    loss:
      digit: categoricalCrossentropy
      aux: categoricalCrossentropy # ✗ graph/not-an-output
      last: categoricalCrossentropy`,
    '  auxiliary: categoricalCrossentropy',
  ),
  {
    title: 'a loss for a layer that is no output',
    spec: `
    name: example
    input: { shape: [4] }
    layers:
      - dense: { name: hidden, units: 10, activation: tanh }
      - dense: { name: last, units: 1 }
    outputs: [last]
    optimizer: sgd
    loss:
      last: meanSquaredError
      hidden: meanSquaredError # ✗ graph/not-an-output`,
    fixed: 'outputs: [last, hidden]',
  },
  heads(
    'a loss for what is nothing',
    `
    outputs: [digit, auxiliary, last]
    loss:
      digit: categoricalCrossentropy
      auxiliary: categoricalCrossentropy
      xyzzy: categoricalCrossentropy # ✗ graph/not-an-output
      last: categoricalCrossentropy`,
  ),
  heads(
    'a loss that is taken for an output',
    `
    outputs: [digit, auxiliary, last]
    loss: { categoricalCrossentropy: meanSquaredError } # ✗ graph/not-an-output`,
  ),
  heads(
    'an output without a loss',
    `
    outputs: [digit, auxiliary, last]
    loss: { digit: categoricalCrossentropy, last: categoricalCrossentropy } # ✗ graph/output-without-loss`,
    'auxiliary: categoricalCrossentropy }',
  ),
  {
    title: 'an output without a loss, where another has one with options',
    spec: `
    name: example
    input: { shape: [4] }
    layers:
      - dense: { name: left, units: 1 }
      - dense: { name: right, units: 1, inputs: input }
    outputs: [left, right]
    optimizer: sgd
    loss: # ✗ graph/output-without-loss
      left: { huberLoss: { delta: 2 } }`,
    fixed: 'right: { huberLoss: { delta: 2 } }',
  },
  {
    title: 'a metric twice for an output',
    spec: `
    name: example
    input: { shape: [4] }
    layers:
      - dense: { name: left, units: 1 }
      - dense: { name: right, units: 1, inputs: input }
    outputs: [left, right]
    optimizer: sgd
    loss: meanSquaredError
    metrics:
      left: [meanSquaredError]
      right:
        - meanSquaredError
        - meanSquaredError # ✗ meaning/duplicate-metric`,
  },
  heads(
    'a weight for what is no output',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    lossWeights: { auxilary: 0.3 } # ✗ graph/not-an-output`,
    'lossWeights: { auxiliary: 0.3 }',
  ),
  heads(
    'a weight below zero',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    lossWeights: { auxiliary: -0.3 } # ✗ schema/out-of-range`,
  ),
  heads(
    'a weight that is a word',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    lossWeights: { auxiliary: "0.3" } # ✗ schema/wrong-type`,
    'lossWeights: { auxiliary: 0.3 }',
  ),
  heads(
    'weights as a list, as Keras takes them too',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    lossWeights: [1, 0.3, 1] # ✗ schema/wrong-type`,
    'lossWeights: { digit: 1, auxiliary: 0.3, last: 1 }',
  ),
  heads(
    'losses as a list',
    `
    outputs: [digit, auxiliary, last]
    loss: [categoricalCrossentropy, sparseCategoricalCrossentropy, kullbackLeiblerDivergence] # ✗ schema/wrong-type`,
    '{ digit: categoricalCrossentropy,',
  ),
  heads(
    'weights under the name that Keras has for them',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    loss_weights: { auxiliary: 0.3 } # ✗ schema/unknown-key`,
    'lossWeights: { auxiliary: 0.3 }',
  ),
  heads(
    'metrics for what is no output',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    metrics: { auxilary: [accuracy] } # ✗ graph/not-an-output`,
    'metrics: { auxiliary: [accuracy] }',
  ),
  heads(
    'a metric of an output that is no list',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    metrics: { auxiliary: accuracy } # ✗ schema/wrong-type`,
    'metrics: { auxiliary: [accuracy] }',
  ),
  heads(
    'a misspelt metric of an output',
    `
    outputs: [digit, auxiliary, last]
    loss: categoricalCrossentropy
    metrics: { auxiliary: [acuracy] } # ✗ schema/unknown-value`,
    'metrics: { auxiliary: [accuracy] }',
  ),
  heads(
    'a misspelt loss of an output',
    `
    outputs: [digit, auxiliary, last]
    loss: { digit: categoricalCrossentropy, last: categoricalCrossentropy, auxiliary: xyzzy } # ✗ schema/unknown-value`,
  ),
  heads(
    'a misspelt loss with options, of an output',
    `
    outputs: [digit, auxiliary, last]
    loss:
      digit: categoricalCrossentropy
      auxiliary: { categoricalCrossentrpy: {} } # ✗ schema/unknown-value
      last: categoricalCrossentropy`,
    'auxiliary: { categoricalCrossentropy: {} }',
  ),
  heads(
    'a misspelt loss with options, of all outputs',
    `
    outputs: [digit, auxiliary, last]
    loss: { categoricalCrossentrpy: {} } # ✗ schema/unknown-value`,
    'loss: { categoricalCrossentropy: {} }',
  ),
  heads(
    'a loss with an option that it does not have',
    `
    outputs: [digit, auxiliary, last]
    loss: { categoricalCrossentropy: { xyzzy: 1 } } # ✗ schema/unknown-key`,
  ),
  heads(
    'a map of losses that is empty',
    `
    outputs: [digit, auxiliary, last]
    loss: {} # ✗ schema/one-type`,
  ),
  heads(
    'the same output twice',
    `
    outputs: [digit, auxiliary, last, digit] # ✗ graph/duplicate-output
    loss: categoricalCrossentropy`,
    'outputs: [digit, auxiliary, last]',
  ),
  heads(
    'a misspelt output, with its loss',
    `
    outputs: [digit, auxilary, last] # ✗ graph/unknown-output
    loss: { digit: categoricalCrossentropy, auxiliary: categoricalCrossentropy, last: categoricalCrossentropy }`,
    'outputs: [digit, auxiliary, last]',
  ),
  heads(
    'one loss that is unusual for the labels of every output',
    `
    outputs: [digit, auxiliary, last]
    loss: meanSquaredError # ✗ meaning/unusual-loss`,
    'loss: categoricalCrossentropy',
  ),
  heads(
    'the loss of one output that is unusual for its labels',
    `
    outputs: [digit, auxiliary, last]
    loss:
      digit: categoricalCrossentropy
      auxiliary: meanSquaredError # ✗ meaning/unusual-loss
      last: categoricalCrossentropy`,
    'auxiliary: categoricalCrossentropy',
  ),
  {
    title: 'an auxiliary head with too few units',
    layers: `
    - flatten
    - dense: { name: digit, units: 10, activation: softmax }
    - dense: { name: auxiliary, units: 5, activation: softmax, inputs: flatten } # ✗ meaning/class-count`,
    outputs: '[digit, auxiliary]',
    fixed: 'auxiliary, units: 10',
  },
  {
    title: 'an auxiliary head without an activation',
    layers: `
    - flatten
    - dense: { name: digit, units: 10, activation: softmax }
    - dense: { name: auxiliary, units: 10, inputs: flatten } # ✗ meaning/loss-activation`,
    outputs: '[digit, auxiliary]',
    fixed: 'activation: softmax',
  },
  {
    title: 'an auxiliary head that is an image',
    layers: `
    - conv2d: { name: features, filters: 10, kernelSize: 3, activation: softmax } # ✗ meaning/output-rank
    - flatten
    - dense: { name: digit, units: 10, activation: softmax }`,
    outputs: '[digit, features]',
  },
  {
    title: 'an input of several that is no sample of the data',
    layers: `
    - input: { name: left, shape: [28, 28, 1] }
    - input: { name: right, shape: [28, 28, 3] } # ✗ meaning/input-shape
    - concatenate: { inputs: [left, right] }
    - flatten
    - dense: { units: 10, activation: softmax }`,
    fixed: 'name: right, shape: [28, 28, 1]',
  },
  {
    title: 'outputs whose losses all count nothing',
    layers: `
    - flatten
    - dense: { name: digit, units: 10, activation: softmax }
    - dense: { name: again, units: 10, activation: softmax, inputs: flatten }`,
    outputs: '[digit, again]',
    also: 'lossWeights: { digit: 0, again: 0 } # ✗ meaning/nothing-to-train',
  },
  {
    title: 'a loss for an output where only one is',
    loss: '{ digit: categoricalCrossentropy } # ✗ graph/not-an-output',
    fixed: 'loss: { dense: categoricalCrossentropy }',
  },
]
