import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyEdits } from '../../src/diagnostics/diagnostic.ts'
import { codeActionsAt } from '../../src/editor/codeActions.ts'
import { mnist, withSelection } from './cursor.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

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
  [
    'expect 28x28x1 here',
    `${head}layers: [«»reLU, flatten]\n`,
    `${head}layers: [{ reLU: { expect: [28, 28, 1] } }, flatten]\n`,
  ],
  [
    'extract to the block `block`',
    mnist('flatten', '«repeat: { times: 2, layers: [reLU, softmax] }»', 'reLU'),
    `${head}blocks:\n  block:\n    layers:\n      - repeat: { times: 2, layers: [reLU, softmax] }\nlayers:\n  - flatten\n  - block\n  - reLU\n`,
  ],
  // In a block, the layer would have another name, and so another learning rate or other weights.
  ...["learningRates: { 'f*': 0.1 }", 'weights: { from: missing }'].map((section): [string, string, undefined] => [
    'extract to the block `block`',
    `${mnist('flatten', '«dense: { units: 3, name: fa }', 'reLU»', 'dense: { units: 3, name: fb }')}${section}\n`,
    undefined,
  ]),
]

it.each(table)('%s', (title, given, want) => {
  const { document, text, selection } = withSelection(given)
  const action = codeActionsAt(document, selection).find((one) => one.title === title)
  expect(action && applyEdits(text, action.edits)).toBe(want)
})

describe('in a spec that extends another', () => {
  const folder = temporaryFolder()
  const file = join(folder, 'base.yaml')
  writeFileSync(
    file,
    `name: base
dataset: mnist
vars: { width: 8 }
blocks:
  block: { params: { filters: 4 }, layers: [{ conv2d: { name: inner, filters: $filters, kernelSize: 3 } }, reLU] }
layers:
  - block: { name: first, filters: $width }
  - flatten
  - dense: { name: head, units: 10 }
loss: categoricalCrossentropy
ignore: [meaning/redundant-bias]
`,
  )
  const child = (text: string) => `extends: ${file}\nname: a\n${text}`
  const softmax = 'dense: { name: head, units: 10, activation: softmax }'

  const ofChild: readonly [what: string, title: string, given: string, want: string | undefined][] = [
    [
      'a fix of the spec',
      'set `activation: softmax`',
      'layers:\n  - flatten\n  - «»dense: { units: 10 }\n',
      'layers:\n  - flatten\n  - dense: { units: 10, activation: softmax }\n',
    ],
    [
      'no fix of the other file',
      'set `fromLogits: true` on the loss',
      'layers:\n  - flatten\n  - «»dense: { units: 10 }\n',
      undefined,
    ],
    [
      'a fix in `override`',
      'replace `Units` with `units`',
      'override:\n  head: { «»Units: 10 }\n',
      'override:\n  head: { units: 10 }\n',
    ],
    [
      'a code, besides those that the other file ignores',
      'ignore `meaning/hidden-softmax` in this spec',
      `layers:\n  - flatten\n  - dense: { units: 12, activation: «»softmax }\n  - ${softmax}\n`,
      `layers:\n  - flatten\n  - dense: { units: 12, activation: softmax }\n  - ${softmax}\nignore: [meaning/redundant-bias, meaning/hidden-softmax]\n`,
    ],
    [
      'the shape after `override`',
      'expect 26x26x6 here',
      `layers:\n  - «»conv2d: { name: c, filters: 4, kernelSize: 3 }\n  - flatten\n  - ${softmax}\noverride: { c: { filters: 6 } }\n`,
      `layers:\n  - conv2d: { name: c, filters: 4, kernelSize: 3, expect: [26, 26, 6] }\n  - flatten\n  - ${softmax}\noverride: { c: { filters: 6 } }\n`,
    ],
    [
      'a block whose name no inherited one has',
      'extract to the block `block2`',
      `layers:\n  - «block\n  - reLU»\n  - flatten\n  - ${softmax}\n`,
      `blocks:\n  block2:\n    layers:\n      - block\n      - reLU\nlayers:\n  - block2\n  - flatten\n  - ${softmax}\n`,
    ],
    [
      'no block with a layer that `override` changes',
      'extract to the block `block2`',
      `layers:\n  - «flatten\n  - dense: { name: c, units: 12 }»\n  - ${softmax}\noverride: { c: { units: 6 } }\n`,
      undefined,
    ],
    [
      'a call of a block of its own',
      'inline this call of `own`',
      `blocks:\n  own:\n    params: { n: 3 }\n    layers:\n      - block: { filters: $n }\n      - flatten\nlayers:\n  - «»own: { n: $width }\n  - ${softmax}\n`,
      `blocks:\n  own:\n    params: { n: 3 }\n    layers:\n      - block: { filters: $n }\n      - flatten\nlayers:\n  - block: { filters: $width }\n  - flatten\n  - ${softmax}\n`,
    ],
    [
      'no call with a layer that `override` changes',
      'inline this call of `own`',
      `blocks:\n  own:\n    layers:\n      - flatten\n      - dense: { name: c, units: 12 }\n      - reLU\nlayers:\n  - «»own\n  - ${softmax}\noverride: { own/c: { units: 6 } }\n`,
      undefined,
    ],
    [
      'a repeat',
      'expand this repeat to 2 iterations',
      `layers:\n  - «»repeat: { times: 2, layers: [{ dropout: { rate: 0.5 } }] }\n  - flatten\n  - ${softmax}\n`,
      `layers:\n  - dropout: { rate: 0.5 }\n  - dropout: { rate: 0.5 }\n  - flatten\n  - ${softmax}\n`,
    ],
    [
      'no repeat with a layer that `override` changes',
      'expand this repeat to 2 iterations',
      `layers:\n  - flatten\n  - «»repeat: { times: 2, layers: [{ dense: { name: c, units: 4 } }, reLU] }\n  - ${softmax}\noverride: { repeat/0/c: { units: 6 } }\n`,
      undefined,
    ],
  ]

  it.each(ofChild)('offers %s', (_what, title, given, want) => {
    const { document, text, selection } = withSelection(child(given))
    const action = codeActionsAt(document, selection).find((one) => one.title === title)
    expect(action && applyEdits(text, action.edits)).toBe(want && child(want))
    expect((action?.edits ?? []).filter(({ span }) => span.file !== undefined)).toEqual([])
  })
})
