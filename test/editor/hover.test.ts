import { expect, it } from 'vitest'
import { hoverAt } from '../../src/editor/hover.ts'
import { inlayHints } from '../../src/editor/inlayHints.ts'
import { atCursor, mnist } from './cursor.ts'

const block =
  'name: a\ndataset: mnist\nvars: { width: 4 }\nblocks:\n  unit: { params: { filters: , size: 3 }, layers: [{ conv2d: { filters: $filters, kernelSize: $size } }, reLU] }\n'
const composed = `${block}layers:\n  - unit: { filters: $width }\n  - unit: { filters: $(2 * width) }\n  - flatten\n`

const tuned = (text: string) => `extends: ./configs/mnist-cnn.yaml\nname: a\n${text}\n`

/** Parts of the text that hovering over the cursor shows. */
const table: readonly [what: string, given: string, shown: readonly string[]][] = [
  [
    'the shapes of a layer',
    mnist('con|v2d: { filters: 8, kernelSize: 3 }'),
    ['28x28x1 → **26x26x8**', '⌊(28 - 3) / 1⌋ + 1 = 26', '80 parameters (kernel 3x3x1x8, bias 8)', '2-d convolution'],
  ],
  [
    'the formula of same padding',
    mnist('con|v2d: { filters: 8, kernelSize: 3, strides: 2, padding: same }'),
    ['⌈28 / 2⌉ = 14'],
  ],
  ['a bare layer', mnist('flat|ten'), ['28x28x1 → **784**', 'All values of a sample as one vector']],
  [
    'frozen parameters',
    mnist('flatten', 'den|se: { units: 2, trainable: false }'),
    ['1,570 parameters (kernel 784x2, bias 2), 0 trainable'],
  ],
  ['the help of an option', mnist('conv2d: { filt|ers: 8, kernelSize: 3 }'), ['The number of filters']],
  ['the help of a word', mnist('flatten').replace('mnist', 'mn|ist'), ['Handwritten digits']],
  ['the value of a variable', composed.replace('$width }', '$wid|th }'), ['`$width` is `4`']],
  ['the value of an expression', composed.replace('2 * width', '2 * wid|th'), ['`$(2 * width)` is `8`']],
  ['a parameter in a call', composed.replace('- unit: { fil', '- unit: { fi|l'), ['A parameter of `unit`.']],
  [
    'an option that every call has',
    composed.replace('{ filters: $w', '{ na|me: u, filters: $w'),
    ['The name of the layer'],
  ],
  [
    'a code',
    mnist('flatten').replace('layers', 'ignore: [meaning/redun|dant-bias]\nlayers'),
    ['A bias directly before'],
  ],
  [
    'the layer of an input',
    mnist('flatten', 'reLU', 'add: { inputs: [flat|ten, reLU] }'),
    ['`flatten`: 28x28x1 → **784**'],
  ],
  [
    'the named layer of an input',
    mnist('flatten: { name: f }', 'add: { inputs: [|f, f] }'),
    ['`f`: 28x28x1 → **784**'],
  ],
  [
    'an overridden layer of another file',
    'extends: ./configs/mnist-cnn.yaml\nname: a\noverride: { den|se: { useBias: false } }\n',
    ['`dense`: 3136 → **10**', '31,360 parameters'],
  ],
  [
    'the layers that a pattern matches',
    tuned("trainable: { 'conv|*': false, dense: true }"),
    ['`conv*` matches 2 layers: `conv2d`, `conv2d_1`'],
  ],
  [
    'the layers for which a pattern decides',
    tuned("trainable: { '*': fal|se, dense: true }"),
    ['`*` matches 3 layers', 'It decides for `conv2d`, `conv2d_1`; a later pattern'],
  ],
  ['a pattern without a match', tuned("trainable: { 'norm|*': false }"), ['`norm*` matches no layer that has weights']],
  [
    'the learning rate of layers',
    tuned(
      "optimizer: { sgd: { learningRate: 0.03 } }\nlearningRates: { 'conv*': 0|.1 }\ntraining: { schedule: cosine }",
    ),
    ['`conv*` matches 2 layers', 'learning rate 0.1 × 0.03 = **0.003**, before the schedule `cosine`'],
  ],
  [
    'that a layer with a learning rate is frozen',
    tuned('trainable: { dense: false }\nlearningRates: { den|se: 2 }'),
    ['31,370 parameters (kernel 3136x10, bias 10), 0 trainable', 'frozen, so without a rate: `dense`'],
  ],
  [
    'the layers that a pattern of weights matches',
    tuned("weights: { from: runs/a, except: [dense, 'conv|*'] }"),
    ['`conv*` matches 2 layers: `conv2d`, `conv2d_1`'],
  ],
  [
    'what starts from a file of weights',
    tuned('weights: { from: test/runtime/formats/sma|ll.keras, layers: dense }'),
    ['in the format keras', 'weights from it: `dense`', 'initial weights: `conv2d`, `conv2d_1`', 'The run folder'],
  ],
  ['a layer with a quoted name', tuned("weights: { from: runs/a, layers: ['den|se'] }"), ['`dense`: 3136 → **10**']],
  [
    'the layer of one call',
    `${composed}trainable: { unit/conv|2d: false }\n`,
    ['`unit/conv2d`: 28x28x1 → **26x26x4**'],
  ],
  ['the uses of a variable', composed.replace('{ width', '{ wid|th'), ['variable `width`, 2 uses']],
  ['the uses of a block', composed.replace('  unit', '  un|it'), ['block `unit`, 2 uses']],
  [
    'what a call became',
    composed.replace('- unit: { filters: $w', '- un|it: { filters: $w'),
    ['`unit`: 2 layers → **26x26x4**', 'the parameters `{ filters: null, size: 3 }`'],
  ],
  ['all uses of a layer in a block', composed.replace('conv2d', 'con|v2d'), ['**26x26x4**', '**24x24x8**']],
]

it.each(table)('shows %s', (_what, given, shown) => {
  const { document, offset } = atCursor(given)
  const markdown = hoverAt(document, offset)?.markdown ?? ''
  for (const part of shown) expect(markdown).toContain(part)
})

it.each(['name: a |\nlayers: [flatten]\n', '|\nname: a\n', 'layers: ['])('shows nothing in %j', (given) => {
  const { document, offset } = atCursor(given)
  expect(hoverAt(document, Math.max(0, offset))?.markdown ?? '').not.toContain('undefined')
})

/** The hints of a spec, each at its place in brackets. */
function withHints(marked: string): string {
  const { document } = atCursor(`${marked}|`)
  const hints = inlayHints(document, { start: 0, end: document.text.length })
  return hints.reduceRight(
    (text, { offset, label }) => `${text.slice(0, offset)}⟦${label}⟧${text.slice(offset)}`,
    document.text,
  )
}

const hints: readonly [what: string, given: string, lines: readonly string[]][] = [
  [
    'the shape and parameters after each layer',
    mnist('conv2d: { filters: 8, kernelSize: 3 } # first', 'flatten'),
    ['  - conv2d: { filters: 8, kernelSize: 3 } # first⟦→ 26x26x8 · 80⟧', '  - flatten⟦→ 5408⟧'],
  ],
  [
    'the values of references',
    composed,
    ['  - unit: { filters: $width⟦= 4⟧ }⟦→ 26x26x4 · 40⟧', '  - unit: { filters: $(2 * width)⟦= 8⟧ }⟦→ 24x24x8 · 296⟧'],
  ],
  ['the range over all uses', composed, ['filters: $filters⟦= 4, 8⟧', '⟦→ 26x26x4 … 24x24x8 · 40 to 296 · 2 uses⟧']],
  [
    'each iteration of a repeat as a use',
    `${block}layers:\n  - repeat:\n      times: 3\n      layers:\n        - unit: { filters: 8, size: 1 }\n  - flatten\n`,
    ['  - repeat:⟦→ 28x28x8 · 160⟧', 'size: 1 }⟦→ 28x28x8 · 16 to 72 · 3 uses⟧'],
  ],
  [
    'the layers of a spec with overrides',
    `${composed}override: { conv2d: { filters: 2 } }\n`.replace(
      '- unit: { filters: $w',
      '- conv2d: { kernelSize: 1, filters: $w',
    ),
    ['filters: $width }⟦→ 28x28x2 · 4⟧', 'filters: $(2 * width)⟦= 8⟧ }⟦→ 26x26x8 · 152⟧'],
  ],
  [
    'the iterations of a repeat',
    `${block}layers:\n  - repeat: { times: $(width - 1), layers: [{ dropout: { rate: 0.5 } }] }\n`,
    ['times: $(width - 1)⟦= 3⟧'],
  ],
  [
    'nothing after a repeat without iterations',
    mnist('repeat: { times: 0, layers: [{ dropout: { rate: 0.5 } }] }', 'flatten'),
    ['rate: 0.5 } }] }\n', '  - flatten⟦→ 784⟧'],
  ],
  [
    'one shape for a line',
    mnist('repeat: { times: 2, layers: [{ dropout: { rate: 0.5 } }] }'),
    ['layers: [{ dropout: { rate: 0.5 } }] }⟦→ 28x28x1⟧\n'],
  ],
]

it.each(hints)('hints at %s', (_what, given, lines) => {
  const shown = withHints(given)
  for (const line of lines) expect(shown).toContain(line)
})
