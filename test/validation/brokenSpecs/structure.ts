/** Missing keys, and layers that are not written as `type: options`. */
import { classify, type BrokenSpec } from './brokenSpec.ts'

const item = (title: string, lines: string, fixed?: string): BrokenSpec => ({
  title,
  layers: `${lines}${classify}`,
  ...(fixed !== undefined && { fixed }),
})

export const structureRows: readonly BrokenSpec[] = [
  // missing
  {
    title: 'no name',
    spec: `
      dataset: mnist # ✗ schema/missing-key
      layers: [flatten, { dense: { units: 10 } }]
      `,
  },
  {
    title: 'no layers',
    spec: `
      name: example # ✗ schema/missing-key
      dataset: mnist
      `,
  },
  { title: 'layers without any', layers: '[] # ✗ schema/wrong-length' },
  { title: 'layers of nothing', spec: 'name: example\ndataset: mnist\nlayers: # ✗ schema/wrong-type\n' },
  { title: 'layers is a word', layers: 'flatten # ✗ schema/wrong-type', loss: '', fixed: 'layers: [flatten]' },
  { title: 'layers is a map', layers: '{ flatten: {} } # ✗ schema/wrong-type', loss: '', fixed: '[{ flatten: {} }]' },
  item(
    'no kernelSize',
    `
    - conv2d: { filters: 8 } # ✗ schema/missing-key`,
  ),
  item(
    'no filters, block style',
    `
    - conv2d: # ✗ schema/missing-key
        kernelSize: 3`,
  ),
  item(
    'an empty map of options',
    `
    - dropout: {} # ✗ schema/missing-key`,
  ),
  item(
    'no options at all',
    `
    - dropout: # ✗ schema/wrong-type`,
  ),
  item(
    'a bare type that needs options',
    `
    - dropout # ✗ schema/options-required`,
  ),
  item(
    'no value of a constant',
    `
    - conv2d: { filters: 8, kernelSize: 3, kernelInitializer: constant } # ✗ schema/options-required`,
  ),
  item(
    'a constant without its value',
    `
    - conv2d: { filters: 8, kernelSize: 3, biasInitializer: { constant: {} } } # ✗ schema/missing-key`,
  ),
  {
    title: 'an input without a shape',
    dataset: '',
    layers: `
      - input: { name: picture } # ✗ schema/missing-key
      - flatten
      - dense: { units: 10, activation: softmax }`,
  },
  { title: 'an input map without a shape', input: '{} # ✗ schema/missing-key' },
  {
    title: 'callbacks as a map',
    training: '{ callbacks: { csvLog: { separator: ";" }, terminateOnNaN } } # ✗ schema/wrong-type',
    fixed: 'callbacks: [{ csvLog: { separator: ";" } }, terminateOnNaN] }',
  },
  {
    title: 'layers as a map, with comments',
    spec: `
      name: example
      dataset: mnist
      layers:
        flatten: # ✗ schema/wrong-type
        # the last layer
        dense:
          units: 10 # ten
          activation: softmax
      `,
    fixed: '  - flatten:\n  # the last layer\n  - dense:\n      units: 10 # ten\n      activation',
  },
  {
    title: 'a step without its length',
    training: '{ epochs: 9, schedule: step } # ✗ schema/options-required',
  },
  item(
    'a condition next to its layer',
    `
    - if: true # ✗ schema/one-type
      dropout: { rate: 0.5 }`,
  ),
  {
    title: 'sections in a group',
    spec: 'name: example\ndataset: mnist\nmodel: # ✗ schema/unknown-key\n  layers: [flatten]\n',
  },
  { title: 'a path as a key', also: 'optimizer.sgd.learningRate: 0.1 # ✗ schema/unknown-key' },
  // one type an item
  item(
    'options beside the type',
    `
    - conv2d: # ✗ schema/one-type
      filters: 8
      kernelSize: 3`,
    '- conv2d:\n      filters: 8\n      kernelSize: 3\n',
  ),
  item(
    'an option beside the type that is also a layer',
    `
    - conv2d: # ✗ schema/one-type
      filters: 8
      kernelSize: 3
      activation: relu`,
    '- conv2d:\n      filters: 8\n      kernelSize: 3\n      activation: relu\n',
  ),
  item(
    'one option beside the type',
    `
    - dropout: # ✗ schema/one-type
      rate: 0.5`,
    '- dropout:\n      rate: 0.5\n',
  ),
  item(
    'a common option beside the type',
    `
    - maxPooling2d: { poolSize: 2 }
      name: pool # ✗ schema/one-type`,
    'maxPooling2d: { poolSize: 2, name: pool }',
  ),
  item(
    'two types in an item',
    `
    - maxPooling2d: { poolSize: 2 }
      averagePooling2d: { poolSize: 2 } # ✗ schema/one-type`,
  ),
  item(
    'the type as a key of its own',
    `
    - type: conv2d # ✗ schema/one-type
      filters: 8
      kernelSize: 3`,
    '- conv2d:\n      filters: 8\n',
  ),
  item(
    'a note as layer',
    `
    - x-note: later # ✗ schema/unknown-layer`,
  ),
  item(
    'an empty map',
    `
    - {} # ✗ schema/one-type`,
  ),
  item(
    'an empty item',
    `
    - # ✗ schema/wrong-type`,
  ),
  item(
    'a number as layer',
    `
    - 128 # ✗ schema/wrong-type`,
  ),
  item(
    'true as layer',
    `
    - true # ✗ schema/wrong-type`,
  ),
  item(
    'a list as layer',
    `
    - [maxPooling2d] # ✗ schema/wrong-type`,
    '- maxPooling2d\n',
  ),
  item(
    'two dashes',
    `
    - - maxPooling2d # ✗ schema/wrong-type`,
    '- maxPooling2d\n',
  ),
  item(
    'options as a list',
    `
    - conv2d: [8, 3] # ✗ schema/wrong-type`,
  ),
  item(
    'options as a number',
    `
    - dropout: 0.5 # ✗ schema/wrong-type`,
    'dropout: { rate: 0.5 }',
  ),
  item(
    'options as a list of maps',
    `
    - conv2d:
        - filters: 8 # ✗ schema/wrong-type
        - kernelSize: 3`,
  ),
  { title: 'two optimizers', optimizer: '{ sgd: {}, adam: {} } # ✗ schema/one-type' },
  { title: 'an empty optimizer', optimizer: '{} # ✗ schema/one-type' },
  { title: 'optimizer of nothing', optimizer: '# ✗ schema/wrong-type', fixed: 'softmax }\nloss' },
  {
    title: 'options beside the optimizer',
    optimizer: `
      sgd: # ✗ schema/one-type
      learningRate: 0.1`,
    fixed: 'sgd:\n    learningRate: 0.1\n',
  },
]
