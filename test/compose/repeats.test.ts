/** What repeats expand to. */
import { expect, it } from 'vitest'
import { layersOf } from './layersOf.ts'

const cases: readonly (readonly [title: string, spec: string, layers: string])[] = [
  [
    'a repeat with a counter',
    `
    layers:
      - repeat: { times: 3, as: i, layers: [{ dense: { units: $(2 ** i) } }, reLU] }
      - leakyReLU`,
    `
  - dense: { name: repeat/0/dense, units: 1 }
  - reLU: { name: repeat/0/reLU }
  - dense: { name: repeat/1/dense, units: 2 }
  - reLU: { name: repeat/1/reLU }
  - dense: { name: repeat/2/dense, units: 4 }
  - reLU: { name: repeat }
  - leakyReLU`,
  ],
  [
    'a repeat over values',
    `
    vars: { widths: [4, 6] }
    layers:
      - repeat: { over: $widths, as: width, name: stage, layers: [{ dense: { units: $width } }] }
      - repeat: { over: [{ n: 1 }, 2], layers: [leakyReLU] }`,
    `
  - dense: { name: stage/0/dense, units: 4 }
  - dense: { name: stage, units: 6 }
  - leakyReLU: { name: repeat/0/leakyReLU }
  - leakyReLU: { name: repeat }`,
  ],
  [
    'the input of an iteration, and layers around the repeat',
    `
    layers:
      - dense: { name: stem, units: 8 }
      - repeat:
          times: 2
          expect: [24]
          layers:
            - dense: { units: 8 }
            - concatenate: { inputs: [input, dense] }
      - add: { inputs: [stem, stem] }
      - repeat: { times: 1, inputs: repeat, layers: [{ concatenate: { inputs: [input, stem] } }] }`,
    `
  - dense: { name: stem, units: 8 }
  - dense: { name: repeat/0/dense, units: 8 }
  - concatenate: { name: repeat/0/concatenate, inputs: [stem, repeat/0/dense] }
  - dense: { name: repeat/1/dense, units: 8 }
  - concatenate: { name: repeat, inputs: [repeat/0/concatenate, repeat/1/dense], expect: [24] }
  - add: { inputs: [stem, stem] }
  - concatenate: { name: repeat_1, inputs: [repeat, stem] }`,
  ],
  [
    'no iterations pass the input through',
    `
    vars: { depth: 0 }
    blocks: { body: { layers: [leakyReLU, { repeat: { times: $depth, layers: [reLU] } }] } }
    layers:
      - dense: { name: a, units: 4 }
      - dense: { name: b, units: 4 }
      - repeat: { times: $depth, name: none, inputs: a, layers: [reLU] }
      - leakyReLU
      - body
      - add: { inputs: [none, body] }`,
    `
  - dense: { name: a, units: 4 }
  - dense: { name: b, units: 4 }
  - leakyReLU: { inputs: a }
  - leakyReLU: { name: body }
  - add: { inputs: [a, body] }`,
  ],
  [
    'repeats of repeats of calls',
    `
    blocks: { unit: { params: { n: }, layers: [{ dense: { units: $n } }, reLU] } }
    layers:
      - repeat:
          over: [2, 3]
          as: n
          layers:
            - repeat: { times: 2, as: j, layers: [{ unit: { n: $(n + j) } }] }`,
    `
  - dense: { name: repeat/0/repeat/0/unit/dense, units: 2 }
  - reLU: { name: repeat/0/repeat/0/unit }
  - dense: { name: repeat/0/repeat/1/unit/dense, units: 3 }
  - reLU: { name: repeat/0/repeat }
  - dense: { name: repeat/1/repeat/0/unit/dense, units: 3 }
  - reLU: { name: repeat/1/repeat/0/unit }
  - dense: { name: repeat/1/repeat/1/unit/dense, units: 4 }
  - reLU: { name: repeat }`,
  ],
  [
    'a repeat without iterations that is applied again',
    `
    layers:
      - repeat: { times: 1, layers: [{ dense: { units: 8 } }] }
      - repeat: { name: none, over: [], layers: [leakyReLU] }
      - apply: { layer: none }
      - reLU`,
    `
  - dense: { name: repeat, units: 8 }
  - reLU`,
  ],
  [
    'the name and the shape of a call whose last repeat has no iterations',
    `
    blocks: { body: { params: { sizes: [] }, layers: [{ dense: { units: 4 } }, { repeat: { over: $sizes, layers: [reLU] } }] } }
    layers: [{ body: { expect: [4] } }]`,
    `
  - dense: { name: body, units: 4, expect: [4] }`,
  ],
]

it.each(cases)('%s', (_title, spec, layers) => {
  expect(layersOf(spec).trimEnd()).toBe(layers.slice(1).trimEnd())
})
