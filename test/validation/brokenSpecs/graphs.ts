/** Mistakes of the graph: names, circles, and layers that are applied more than once. */
import type { BrokenSpec } from './brokenSpec.ts'

const layers = (title: string, text: string, fixed?: string): BrokenSpec => ({
  title,
  layers: text,
  ...(fixed !== undefined && { fixed }),
})

export const graphRows: readonly BrokenSpec[] = [
  layers(
    'a branch of two layers that leads nowhere',
    `
    - flatten
    - dense: { name: a, units: 10 }
    - reLU # ✗ graph/unused-layer
    - dense: { units: 10, activation: softmax, inputs: flatten }`,
  ),
  {
    title: 'an input that no layer takes',
    spec: `
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] } # ✗ graph/unused-input
        - dense: { units: 2, inputs: left }
    `,
  },
  {
    title: 'an input whose branch reaches no output',
    spec: `
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - dense: { units: 2, inputs: right }
        - reLU # ✗ graph/unused-layer
        - dense: { units: 2, inputs: left }
    `,
  },
  layers(
    'an input that is misspelt',
    `
    - conv2d: { name: features, filters: 8, kernelSize: 3 }
    - flatten
    - dense: { units: 10, activation: softmax, inputs: flaten } # ✗ graph/unknown-input`,
    'inputs: flatten',
  ),
  layers(
    'an input that is not there',
    `
    - flatten
    - dense: { units: 10, activation: softmax, inputs: xyzzy } # ✗ graph/unknown-input`,
  ),
  layers(
    'one of several inputs is not there',
    `
    - flatten
    - dense: { units: 10, activation: softmax, inputs: [Flatten] } # ✗ graph/unknown-input`,
    'inputs: [flatten]',
  ),
  layers(
    'a name that stands twice',
    `
    - conv2d: { name: a, filters: 8, kernelSize: 3 }
    - flatten: { name: a } # ✗ graph/duplicate-name
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a name that stands twice, of a layer that names it as its input',
    `
    - flatten: { name: a }
    - reLU: { name: a, inputs: a } # ✗ graph/duplicate-name
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a layer with the name of the input that the dataset gives',
    `
    - flatten: { name: input } # ✗ graph/duplicate-name
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a circle of two',
    `
    - flatten
    - dense: { name: a, units: 10, inputs: b }
    - dense: { name: b, units: 10, activation: softmax, inputs: a } # ✗ graph/cycle`,
  ),
  layers(
    'a layer that feeds itself',
    `
    - flatten
    - dense: { name: a, units: 10, activation: softmax, inputs: a } # ✗ graph/cycle`,
  ),
  layers(
    'a circle through a shared layer',
    `
    - flatten
    - dense: { name: a, units: 10, inputs: b }
    - apply: { name: b, layer: a, inputs: flatten } # ✗ graph/cycle
    - activation: { inputs: a, activation: softmax }`,
  ),
  layers(
    'a shared layer that is misspelt',
    `
    - flatten
    - dense: { name: inner, units: 784 }
    - apply: { layer: iner } # ✗ graph/unknown-shared-layer
    - dense: { units: 10, activation: softmax }`,
    'apply: { layer: inner }',
  ),
  layers(
    'a shared layer that is not there',
    `
    - flatten
    - apply: { layer: xyzzy } # ✗ graph/unknown-shared-layer
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'an input that is applied',
    `
    - flatten
    - apply: { layer: input } # ✗ graph/not-shareable
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a use of a layer that is applied in its place',
    `
    - flatten
    - dense: { name: inner, units: 784 }
    - apply: { name: twice, layer: inner }
    - apply: { layer: twice } # ✗ graph/not-shareable
    - dense: { units: 10, activation: softmax }`,
    'apply: { layer: inner }',
  ),
  layers(
    'a use of a layer that applies itself',
    `
    - flatten
    - apply: { name: a, layer: a } # ✗ graph/not-shareable
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a shared layer whose weights are made for another size',
    `
    - flatten
    - dense: { name: inner, units: 32 }
    - apply: { layer: inner } # ✗ shape/shared-weights
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a shared normalization that is held to other axes',
    `
    - batchNormalization: { name: normalize }
    - reshape: { targetShape: [784, 1] }
    - apply: { layer: normalize } # ✗ shape/shared-weights
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a shared layer that is larger than what one use gives it',
    `
    - conv2d: { name: slide, filters: 1, kernelSize: 15 }
    - apply: { layer: slide } # ✗ shape/kernel-exceeds-input
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'padding: same',
  ),
  layers(
    'what a use of a layer gives is not what was expected',
    `
    - flatten
    - dense: { name: inner, units: 784 }
    - apply: { layer: inner, expect: [10] } # ✗ shape/expect-not-met
    - dense: { units: 10, activation: softmax }`,
    'expect: [784]',
  ),
  layers(
    'a shared layer that is held by another',
    `
    - reshape: { targetShape: [28, 28] }
    - dense: { name: inner, units: 28 }
    - timeDistributed: { layer: { apply: { layer: inner } } } # ✗ graph/wrong-arity
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a shared reshape of half as many values',
    `
    - reshape: { name: rows, targetShape: [-1, 28] }
    - maxPooling1d: { poolSize: 2 }
    - apply: { layer: rows } # ✗ shape/shared-weights
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a use of a layer with an option of that layer',
    `
    - flatten
    - dense: { name: inner, units: 784 }
    - apply: { layer: inner, units: 784 } # ✗ schema/unknown-key
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a merge that says nothing of its inputs, where one layer is named and never used',
    `
    - flatten
    - dense: { name: skip, units: 64, activation: relu }
    - dense: { units: 64, activation: relu }
    - add # ✗ graph/wrong-arity
    - dense: { units: 10, activation: softmax }`,
    'add: { inputs: [skip, dense] }',
  ),
  layers(
    'a merge that says nothing of its inputs, behind two branches',
    `
    - flatten
    - dense: { units: 64, activation: relu, inputs: flatten }
    - dense: { units: 32, activation: relu, inputs: flatten }
    - concatenate # ✗ graph/wrong-arity
    - dense: { units: 10, activation: softmax }`,
    'concatenate: { inputs: [dense, dense_1] }',
  ),
  layers(
    'a merge that says nothing of its inputs, where any could be meant',
    `
    - flatten
    - dense: { units: 64, activation: relu }
    - dense: { units: 64, activation: relu }
    - add # ✗ graph/wrong-arity
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'two inputs for a layer of one',
    `
    - flatten: { name: a }
    - dense: { name: b, units: 10 }
    - dense: { units: 10, activation: softmax, inputs: [a, b] } # ✗ graph/wrong-arity`,
  ),
  layers(
    'an input layer below others',
    `
    - flatten
    - input: { shape: [28, 28, 1] } # ✗ graph/input-not-first
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'an input layer with inputs',
    `
    - input: { shape: [28, 28, 1], inputs: flatten } # ✗ graph/input-not-first
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'input: { shape: [28, 28, 1] }',
  ),
  { title: 'an output that is not there', outputs: '[xyzzy] # ✗ graph/unknown-output' },
  { title: 'an output that is misspelt', outputs: '[Dense] # ✗ graph/unknown-output', fixed: '[dense]' },
  { title: 'no input', spec: 'name: example\nlayers: [flatten] # ✗ graph/no-input\n' },
  { title: 'only an input', spec: 'name: example\nlayers: # ✗ graph/no-layers\n  - input: { shape: [3] }\n' },
]
