/** The pages on what is not in the language. */
import { spec, type PagesOf } from './page.ts'

const dense = spec`
  name: example
  input: { shape: [4] }
  layers:
    - dense: { units: 2 }
`

const dropout = spec`
  name: example
  input: { shape: [4] }
  layers:
    - dropout: { rate: 0.5 }
    - dense: { units: 2 }
`

export const schemaPages: PagesOf<'schema'> = {
  'schema/unknown-key': {
    why: 'A key that nothing reads would be left out without a word, and the network would not be the one that you meant. TensorFlow.js does just that with a misspelt option.',
    wrong: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8, kernel_size: 3 }
    `,
    right: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
    `,
    help: 'Names are those of the tf.layers API. Keys that begin with `x-` are free for notes and anchors.',
  },
  'schema/missing-key': {
    why: 'The key has no default: no value of it would be right more often than wrong.',
    wrong: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8 }
    `,
    right: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
    `,
  },
  'schema/wrong-type': {
    why: 'Nothing is converted silently: a number in quotes is a word, and `yes` is one, too.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: "2" }
    `,
    right: dense,
  },
  'schema/out-of-range': {
    why: 'With such a number the layer, or the training, would compute nothing that makes sense.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dropout: { rate: 1 }
        - dense: { units: 2 }
    `,
    right: dropout,
  },
  'schema/unknown-value': {
    why: 'The key takes one of a list of words, and this is none of them.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 2, activation: rleu }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 2, activation: relu }
    `,
    help: 'Words are written as in the tf.layers API: `hardSigmoid`, `channelsLast`, `categoricalCrossentropy`.',
  },
  'schema/bad-name': {
    why: 'Runs, scripts, files and variables are called by the name, so it is a letter, then letters, digits, `_` and `-`.',
    wrong: spec`
      name: my first net
      input: { shape: [4] }
      layers:
        - dense: { units: 2 }
    `,
    right: spec`
      name: my-first-net
      input: { shape: [4] }
      layers:
        - dense: { units: 2 }
    `,
  },
  'schema/wrong-length': {
    why: 'A list with one value for each axis must have as many as there are axes.',
    wrong: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: [3] }
    `,
    right: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: [3, 3] }
    `,
  },
  'schema/unknown-layer': {
    why: 'Layers are called as the factories of tf.layers are.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - nn.Linear: { units: 2 }
    `,
    right: dense,
  },
  'schema/options-required': {
    why: 'The type has an option without a default, so it cannot stand alone.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dropout
        - dense: { units: 2 }
    `,
    right: dropout,
  },
  'schema/one-type': {
    why: 'An item is one type with its options under it. Options that are indented as far as the type stand beside it, as further types.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense:
          units: 2
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense:
            units: 2
    `,
  },
}
