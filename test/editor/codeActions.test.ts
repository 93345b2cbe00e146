import { expect, it } from 'vitest'
import { applyEdits } from '../../src/diagnostics/diagnostic.ts'
import { codeActionsAt } from '../../src/editor/codeActions.ts'
import { mnist, withSelection } from './cursor.ts'

const head = 'name: a\ndataset: mnist\n'
const unit =
  'blocks:\n  unit:\n    params: { filters: , rate: 0.5 }\n    layers:\n      - conv2d: { filters: $filters, kernelSize: 3 } # kept\n      - dropout: { rate: $(rate / 2) }\n'

/** The text after the action with this title, or undefined if there is none. */
const table: readonly [title: string, given: string, want: string | undefined][] = [
  ['replace `Flatten` with `flatten`', mnist('«»Flatten'), mnist('flatten')],
  [
    'set `useBias: false`',
    mnist('flatten', '«»dense: { units: 3, useBias: true }', 'batchNormalization'),
    mnist('flatten', 'dense: { units: 3, useBias: false }', 'batchNormalization'),
  ],
  [
    'ignore `meaning/redundant-bias` in this spec',
    mnist('flatten', '«»dense: { units: 3, useBias: true }', 'batchNormalization'),
    `${mnist('flatten', 'dense: { units: 3, useBias: true }', 'batchNormalization').trimEnd()}\nignore: [meaning/redundant-bias]\n`,
  ],
  [
    'fix all mistakes that have one meaning',
    mnist('«»Flatten', 'Dense: { units: 3 }'),
    mnist('flatten', 'dense: { units: 3 }'),
  ],
  ['expect 784 here', mnist('«»flatten'), mnist('flatten: { expect: [784] }')],
  [
    'expect 26x26x8 here',
    mnist('«»conv2d: { filters: 8, kernelSize: 3 }'),
    mnist('conv2d: { filters: 8, kernelSize: 3, expect: [26, 26, 8] }'),
  ],
  ['expect 784 here', mnist('«»flatten: { expect: [784] }'), undefined],
  [
    'extract to the block `block`',
    mnist('«flatten', 're»LU', 'dense: { units: 12, activation: softmax }'),
    `${head}blocks:\n  block:\n    layers:\n      - flatten\n      - reLU\nlayers:\n  - block\n  - dense: { units: 12, activation: softmax }\n`,
  ],
  [
    'extract to the block `block`',
    mnist('«conv2d: { filters: 8, kernelSize: 3 } # first', 're»LU', 'flatten'),
    `${head}blocks:\n  block:\n    layers:\n      - conv2d: { filters: 8, kernelSize: 3 } # first\n      - reLU\nlayers:\n  - block\n  - flatten\n`,
  ],
  // Whole lines are selected, which end between values.
  [
    'extract to the block `block`',
    mnist('reLU', '«flatten', 'dense: { units: 12 }»', 'softmax'),
    `${head}blocks:\n  block:\n    layers:\n      - flatten\n      - dense: { units: 12 }\nlayers:\n  - reLU\n  - block\n  - softmax\n`,
  ],
  [
    'extract to the block `block2`',
    `${head}blocks:\n  block:\n    layers: [reLU]\nlayers:\n  - «flatten\n  - reLU»\n  - block\n`,
    `${head}blocks:\n  block2:\n    layers:\n      - flatten\n      - reLU\n  block:\n    layers: [reLU]\nlayers:\n  - block2\n  - block\n`,
  ],
  // The last layer refers to a name that would be inside the block.
  [
    'extract to the block `block`',
    mnist('«dense: { units: 3, name: a }', 're»LU', 'add: { inputs: [a, reLU] }'),
    undefined,
  ],
  [
    'inline this call of `unit`',
    `${head}${unit}layers:\n  - «»unit: { filters: $(2 + 2) }\n  - flatten\n`,
    `${head}${unit}layers:\n  - conv2d: { filters: $(2 + 2), kernelSize: 3 } # kept\n  - dropout: { rate: $(0.5 / 2) }\n  - flatten\n`,
  ],
  [
    'expand this repeat to 2 iterations',
    `${head}layers:\n  - «»repeat:\n      times: 2\n      as: i\n      layers:\n        - dense: { units: $(i + 3) }\n        - reLU\n`,
    `${head}layers:\n  - dense: { units: $(0 + 3) }\n  - reLU\n  - dense: { units: $(1 + 3) }\n  - reLU\n`,
  ],
  [
    'expand this repeat to 2 iterations',
    `${head}layers:\n  - «»repeat: { over: [4, 8], as: units, layers: [{ dense: { units: $units } }, reLU] }\n`,
    `${head}layers:\n  - dense: { units: 4 }\n  - reLU\n  - dense: { units: 8 }\n  - reLU\n`,
  ],
]

it.each(table)('%s', (title, given, want) => {
  const { document, text, selection } = withSelection(given)
  const action = codeActionsAt(document, selection).find((one) => one.title === title)
  expect(action && applyEdits(text, action.edits)).toBe(want)
})
