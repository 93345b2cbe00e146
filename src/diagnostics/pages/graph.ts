/** The pages on how layers feed each other. */
import { spec, type PagesOf } from './page.ts'

const dense = spec`
  name: example
  input: { shape: [4] }
  layers:
    - dense: { units: 2 }
`

const twoBranches = spec`
  name: example
  input: { shape: [4] }
  layers:
    - dense: { name: left, units: 2, inputs: input }
    - dense: { name: right, units: 2, inputs: input }
    - add: { inputs: [left, right] }
`

const twoTowers = spec`
  name: example
  layers:
    - input: { name: left, shape: [4] }
    - input: { name: right, shape: [4] }
    - dense: { name: tower, units: 2, inputs: left }
    - apply: { name: other, layer: tower, inputs: right }
    - add: { inputs: [tower, other] }
`

export const graphPages: PagesOf<'graph'> = {
  'graph/no-input': {
    why: 'The shape of every layer follows from that of the input, and neither a dataset nor the spec gives it.',
    wrong: spec`
      name: example
      layers:
        - dense: { units: 2 }
    `,
    right: dense,
    help: 'A `dataset` gives the shape, or `input: { shape: … }` states it. Several inputs are `- input: { name: …, shape: … }` at the top of `layers`.',
  },
  'graph/no-layers': {
    why: 'There is nothing between the input and the output.',
    wrong: spec`
      name: example
      layers:
        - input: { shape: [4] }
    `,
    right: spec`
      name: example
      layers:
        - input: { shape: [4] }
        - dense: { units: 2 }
    `,
  },
  'graph/unknown-input': {
    why: '`inputs` takes the names of layers. A layer without a name is called by its type, numbered from the second on: `dense`, `dense_1`.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: left, units: 2, inputs: input }
        - dense: { name: right, units: 2, inputs: input }
        - add: { inputs: [left, rigth] }
    `,
    right: twoBranches,
  },
  'graph/duplicate-name': {
    why: '`inputs`, `outputs` and saved weights tell layers apart by their names.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: hidden, units: 8 }
        - dense: { name: hidden, units: 2 }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: hidden, units: 8 }
        - dense: { name: scores, units: 2 }
    `,
  },
  'graph/cycle': {
    why: 'Each of the layers would have to be computed before the other. Repetition over time is what recurrent layers do.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: first, units: 4, inputs: second }
        - dense: { name: second, units: 4, inputs: first }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: first, units: 4, inputs: input }
        - dense: { name: second, units: 4, inputs: first }
    `,
  },
  'graph/wrong-arity': {
    why: 'Most layers take one input; layers that merge take two or more.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: left, units: 2, inputs: input }
        - dense: { name: right, units: 2, inputs: input }
        - dense: { units: 2, inputs: [left, right] }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: left, units: 2, inputs: input }
        - dense: { name: right, units: 2, inputs: input }
        - concatenate: { inputs: [left, right] }
        - dense: { units: 2 }
    `,
  },
  'graph/unused-layer': {
    why: 'What the layer computes reaches no output, so it is not trained: most often an `inputs` was forgotten.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: left, units: 2, inputs: input }
        - dense: { name: right, units: 2, inputs: input }
        - activation: { activation: relu }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: left, units: 2, inputs: input }
        - dense: { name: right, units: 2, inputs: input }
        - add: { inputs: [left, right] }
        - activation: { activation: relu }
    `,
  },
  'graph/unused-input': {
    why: 'Whoever trains or uses the network must give data for each of its inputs; this one changes nothing. Most often a merge was given the other input alone.',
    wrong: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - dense: { units: 2, inputs: left }
    `,
    right: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - concatenate: { inputs: [left, right] }
        - dense: { units: 2 }
    `,
  },
  'graph/unknown-output': {
    why: '`outputs` takes the names of layers.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: scores, units: 2 }
      outputs: [score]
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: scores, units: 2 }
      outputs: [scores]
    `,
  },
  'graph/unknown-shared-layer': {
    why: '`apply` uses a layer of this spec once more, weights and all, and finds it by its name.',
    wrong: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - dense: { name: tower, units: 2, inputs: left }
        - apply: { name: other, layer: towre, inputs: right }
        - add: { inputs: [tower, other] }
    `,
    right: twoTowers,
  },
  'graph/not-shareable': {
    why: 'An input computes nothing. One more use of a layer is no layer of its own: `apply` names the layer itself, where it stands with its options.',
    wrong: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - dense: { name: tower, units: 2, inputs: left }
        - apply: { name: other, layer: right, inputs: right }
        - add: { inputs: [tower, other] }
    `,
    right: twoTowers,
  },
  'graph/duplicate-output': {
    why: 'Every output has its own loss, metrics and place among the predictions. The same one twice would count its loss twice: that is what `lossWeights` says better.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: scores, units: 2 }
      outputs: [scores, scores]
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: scores, units: 2 }
      outputs: [scores]
    `,
  },
  'graph/not-an-output': {
    why: 'Maps in `loss`, `lossWeights` and `metrics` go from the names of outputs. What stands there for another layer would never be computed.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: trunk, units: 8, activation: relu }
        - dense: { name: digit, units: 10, activation: softmax, inputs: trunk }
        - dense: { name: parity, units: 1, activation: sigmoid, inputs: trunk }
      outputs: [digit, parity]
      loss: { digit: categoricalCrossentropy, partiy: binaryCrossentropy }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: trunk, units: 8, activation: relu }
        - dense: { name: digit, units: 10, activation: softmax, inputs: trunk }
        - dense: { name: parity, units: 1, activation: sigmoid, inputs: trunk }
      outputs: [digit, parity]
      loss: { digit: categoricalCrossentropy, parity: binaryCrossentropy }
    `,
    help: 'A key is taken for an output where what stands behind it is a loss: `{ parity: huberLoss }`, but not `{ huberLoss: { delta: 2 } }`.',
  },
  'graph/output-without-loss': {
    why: 'Keras lets an output without a loss pass, and its branch stays as it was initialized. An output that is only to be looked at has a loss with the weight 0.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: trunk, units: 8, activation: relu }
        - dense: { name: main, units: 10, activation: softmax, inputs: trunk }
        - dense: { name: auxiliary, units: 10, activation: softmax, inputs: trunk }
      outputs: [main, auxiliary]
      loss: { main: categoricalCrossentropy }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: trunk, units: 8, activation: relu }
        - dense: { name: main, units: 10, activation: softmax, inputs: trunk }
        - dense: { name: auxiliary, units: 10, activation: softmax, inputs: trunk }
      outputs: [main, auxiliary]
      loss: { main: categoricalCrossentropy, auxiliary: categoricalCrossentropy }
      lossWeights: { auxiliary: 0.3 }
    `,
    help: 'One `loss` that is no map serves all outputs.',
  },
  'graph/input-not-first': {
    why: 'Nothing feeds an input. Standing at the top, all of them are seen at a glance, in the order in which data is given.',
    wrong: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - dense: { units: 4 }
        - input: { name: right, shape: [4] }
        - add: { inputs: [dense, right] }
    `,
    right: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - dense: { units: 4, inputs: left }
        - add: { inputs: [dense, right] }
    `,
  },
}
