/** Mistakes of the text itself, and mistakes inside anchors and merged maps, blamed where they were written. */
import type { BrokenSpec } from './brokenSpec.ts'

export const yamlRows: readonly BrokenSpec[] = [
  {
    title: 'a tab as indentation',
    spec: 'name: example\ndataset: mnist\nlayers:\n\t- flatten # ✗ source/syntax\n',
  },
  {
    title: 'options after the type on one line, without braces',
    spec: `
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: units: 10 # ✗ source/syntax
      `,
  },
  {
    title: 'a reference in braces',
    spec: `
      name: example
      dataset: mnist
      vars: { width: 10 }
      layers: [flatten, { dense: { units: \${width}, activation: softmax } }] # ✗ source/syntax
      `,
  },
  {
    title: 'a loss twice, of which the first is right',
    spec: `
      name: example
      dataset: mnist
      layers: [flatten, { dense: { units: 10, activation: softmax } }]
      optimizer: sgd
      loss: categoricalCrossentropy
      loss: meanSquaredError # ✗ source/duplicate-key
      `,
  },
  {
    title: 'a bracket that is not closed',
    spec: `
      name: example
      dataset: mnist
      layers: [flatten, { dense: { units: 10 } } # ✗ source/syntax
      `,
  },
  {
    title: 'a brace that is not closed',
    spec: `
      name: example
      dataset: mnist
      layers:
        - conv2d: { filters: 8, kernelSize: 3 # ✗ source/syntax
        - flatten
      `,
  },
  {
    title: 'a quote that is not closed',
    spec: `
      name: "example # ✗ source/syntax
      dataset: mnist
      layers: [flatten]
      `,
  },
  {
    title: 'an item that is indented less than the others',
    spec: `
      name: example
      dataset: mnist
      layers:
          - conv2d: { filters: 8, kernelSize: 3 }
        - flatten # ✗ source/syntax
      `,
  },
  {
    title: 'a key that is indented more than the others',
    spec: `
      name: example
        dataset: mnist # ✗ source/syntax
      layers: [flatten]
      `,
  },
  {
    title: 'two values on a line',
    spec: `
      name: example
      dataset: mnist: yes # ✗ source/syntax
      layers: [flatten]
      `,
  },
  {
    title: 'no space behind a colon',
    spec: 'name: example\ndataset: mnist\nlayers:\n  - dense: {units:10} # ✗ schema/unknown-key\n',
    fixed: 'units: 10',
  },
  {
    title: 'no colon',
    spec: 'name: example\ndataset mnist # ✗ source/syntax\nlayers: [flatten]\n',
    fixed: 'dataset: mnist\n',
  },
  { title: 'a list', spec: '- flatten # ✗ source/not-a-map\n' },
  { title: 'a word', spec: 'mnist # ✗ source/not-a-map\n' },
  { title: 'an empty text', spec: '# ✗ source/not-a-map' },
  { title: 'only a comment', spec: '# a note # ✗ source/not-a-map\n' },
  {
    title: 'two documents',
    spec: `
      name: one
      dataset: mnist
      layers: [flatten]
      --- # ✗ source/syntax
      name: two
      layers: [flatten]
      `,
  },
  {
    title: 'a key that stands twice',
    spec: `
      name: example
      dataset: mnist
      layers: [flatten]
      name: another # ✗ source/duplicate-key
      `,
  },
  {
    title: 'an option that stands twice',
    spec: `
      name: example
      dataset: mnist
      layers:
        - conv2d: { filters: 8, kernelSize: 3, filters: 16 } # ✗ source/duplicate-key
      `,
  },
  {
    title: 'an alias without an anchor',
    spec: `
      name: example
      dataset: mnist
      layers:
        - conv2d: *conv # ✗ source/unknown-alias
        - flatten
      `,
  },
  {
    title: 'an anchor below its alias',
    spec: `
      name: example
      dataset: mnist
      layers:
        - conv2d: *conv # ✗ source/unknown-alias
        - conv2d: &conv { filters: 8, kernelSize: 3 }
      `,
  },
  {
    title: 'an alias of what holds it',
    spec: `
      name: example
      dataset: mnist
      layers: &all
        - flatten
        - *all # ✗ source/recursive-alias
      `,
  },
  {
    title: 'a merge of an anchor that is not there',
    spec: `
      name: example
      dataset: mnist
      layers:
        - conv2d: { <<: *conv, filters: 8, kernelSize: 3 } # ✗ source/unknown-alias
      `,
  },
  {
    title: 'a merge of what is no map',
    spec: `
      name: example
      dataset: mnist
      x-size: &size 3
      layers:
        - conv2d: { <<: *size, filters: 8, kernelSize: 3 } # ✗ source/syntax
      `,
  },
  {
    title: 'a list as key',
    spec: `
      name: example
      dataset: mnist
      ? [a, b] # ✗ source/syntax
      : 3
      layers: [flatten]
      `,
  },
  {
    title: 'a foreign word in an anchored map',
    spec: `
      name: example
      dataset: mnist
      x-conv: &conv { filters: 8, kernel_size: 3 } # ✗ schema/unknown-key
      layers:
        - conv2d: *conv
        - conv2d: *conv
      `,
    fixed: 'kernelSize: 3',
  },
  {
    title: 'a value out of range in a merged map',
    spec: `
      name: example
      dataset: mnist
      x-conv: &conv
        filters: 8
        kernelSize: 0 # ✗ schema/out-of-range
      layers:
        - conv2d: { <<: *conv, padding: same }
        - conv2d: { <<: *conv, padding: same, filters: 16 }
      `,
  },
  {
    title: 'a foreign word in a map merged twice',
    spec: `
      name: example
      dataset: mnist
      x-base: &base
        act: relu # ✗ schema/unknown-key
      x-conv: &conv
        <<: *base
        kernelSize: 3
      layers:
        - conv2d: { <<: *conv, filters: 8 }
        - conv2d: { <<: *conv, filters: 16 }
      `,
    fixed: 'activation: relu',
  },
  {
    title: 'a wrong type in an anchored value',
    spec: `
      name: example
      dataset: mnist
      x-filters: &filters "8" # ✗ schema/wrong-type
      layers:
        - conv2d: { filters: *filters, kernelSize: 3 }
        - conv2d: { filters: *filters, kernelSize: 3 }
      `,
    fixed: '&filters 8',
  },
  {
    title: 'tuples in a tuple',
    spec: `
      name: example
      input: { shape: [8, 8, 3] }
      layers:
        - cropping2D: { cropping: ((1, 1), (2, 2)) } # ✗ source/tuple
      `,
    fixed: 'cropping: [[1, 1], [2, 2]] }',
  },
  {
    title: "a size of Python's None in a tuple",
    spec: `
      name: example
      input: { shape: (None, 4) } # ✗ source/tuple
      layers: [{ lstm: { units: 8 } }]
      `,
    fixed: 'shape: [null, 4] }',
  },
  {
    title: 'a tuple in an anchored map',
    spec: `
      name: example
      dataset: mnist
      x-conv: &conv { kernelSize: (3, 3), padding: same } # ✗ source/tuple
      layers:
        - conv2d: { <<: *conv, filters: 8 }
        - conv2d: { <<: *conv, filters: 16 }
      `,
    fixed: '&conv { kernelSize: [3, 3], padding',
  },
  {
    title: 'names in a tuple',
    spec: `
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - add: { inputs: (left, right) } # ✗ source/tuple
      `,
    fixed: 'inputs: [left, right] }',
  },
  {
    title: 'a whole layer as alias',
    spec: `
      name: example
      dataset: mnist
      layers:
        - &pool MaxPooling2d # ✗ schema/unknown-layer
        - conv2d: { filters: 8, kernelSize: 3 }
        - *pool
      `,
    fixed: '&pool maxPooling2d',
  },
]
