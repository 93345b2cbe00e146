/** What blocks and repeats expand to. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { printExpanded } from '../../src/compose/expandedSpec.ts'
import { trimBlock } from '../validation/brokenSpecs/brokenSpec.ts'

/** The layers that a spec expands to, one a line. It must have no mistake. */
function layersOf(text: string): string {
  const analysis = checkText(`name: net\ninput: { shape: [8] }\n${trimBlock(text)}`, 'net.yaml')
  expect(analysis.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
  const plain = printExpanded(analysis.source, false)
  const again = checkText(plain, 'plain.yaml')
  expect(again.shaped.nodes.map(({ name, shape }) => [name, shape])).toEqual(
    analysis.shaped.nodes.map(({ name, shape }) => [name, shape]),
  )
  return plain.slice(plain.indexOf('layers:\n') + 'layers:\n'.length)
}

const cases: readonly (readonly [title: string, spec: string, layers: string])[] = [
  [
    'a call takes the name of its block',
    `
    blocks: { pair: { layers: [{ dense: { units: 4 } }, reLU] } }
    layers: [pair, pair, leakyReLU]`,
    `
  - dense: { name: pair/dense, units: 4 }
  - reLU: { name: pair }
  - dense: { name: pair_1/dense, units: 4 }
  - reLU: { name: pair_1 }
  - leakyReLU`,
  ],
  [
    'a call with a name, and references to layers inside it',
    `
    blocks: { pair: { layers: [{ dense: { units: 4 } }, reLU] } }
    layers:
      - pair: { name: head }
      - add: { inputs: [head, head/dense] }`,
    `
  - dense: { name: head/dense, units: 4 }
  - reLU: { name: head }
  - add: { inputs: [head, head/dense] }`,
  ],
  [
    'parameters with and without defaults',
    `
    vars: { width: 4 }
    blocks:
      pair:
        params: { units:, bias: true, more: $(units * 2), base: $width }
        layers:
          - dense: { units: $units, useBias: $bias }
          - dense: { units: $more }
          - dense: { units: $base }
    layers:
      - pair: { units: 3 }
      - pair: { units: $(width + 1), bias: false, more: 2 }`,
    `
  - dense: { name: pair/dense, units: 3, useBias: true }
  - dense: { name: pair/dense_1, units: 6 }
  - dense: { name: pair, units: 4 }
  - dense: { name: pair_1/dense, units: 5, useBias: false }
  - dense: { name: pair_1/dense_1, units: 2 }
  - dense: { name: pair_1, units: 4 }`,
  ],
  [
    'the input of a call, stated or the layer above',
    `
    blocks: { skip: { layers: [{ dense: { units: 8 } }, { add: { inputs: [input, dense] } }] } }
    layers:
      - skip
      - dense: { name: other, units: 8 }
      - skip: { inputs: skip }`,
    `
  - dense: { name: skip/dense, units: 8 }
  - add: { name: skip, inputs: [input, skip/dense] }
  - dense: { name: other, units: 8 }
  - dense: { name: skip_1/dense, units: 8, inputs: skip }
  - add: { name: skip_1, inputs: [skip, skip_1/dense] }`,
  ],
  [
    'several inputs',
    `
    blocks:
      join:
        inputs: [left, right]
        layers:
          - dense: { units: 4, inputs: right }
          - add: { inputs: [dense, left] }
    layers:
      - dense: { name: a, units: 4 }
      - dense: { name: b, units: 4 }
      - join: { inputs: [a, b] }`,
    `
  - dense: { name: a, units: 4 }
  - dense: { name: b, units: 4 }
  - dense: { name: join/dense, units: 4, inputs: b }
  - add: { name: join, inputs: [join/dense, a] }`,
  ],
  [
    'nested blocks',
    `
    blocks:
      inner: { params: { n: 2 }, layers: [{ dense: { units: $n } }] }
      outer: { params: { n: 3 }, layers: [inner, { inner: { n: $(n + 1) } }, reLU] }
    layers: [outer, { outer: { n: 5 } }]`,
    `
  - dense: { name: outer/inner, units: 2 }
  - dense: { name: outer/inner_1, units: 4 }
  - reLU: { name: outer }
  - dense: { name: outer_1/inner, units: 2 }
  - dense: { name: outer_1/inner_1, units: 6 }
  - reLU: { name: outer_1 }`,
  ],
  [
    'a block that ends with a call',
    `
    blocks:
      inner: { layers: [leakyReLU, reLU] }
      outer: { layers: [leakyReLU, inner] }
    layers: [outer]`,
    `
  - leakyReLU: { name: outer/leakyReLU }
  - leakyReLU: { name: outer/inner/leakyReLU }
  - reLU: { name: outer }`,
  ],
  [
    'expect and trainable of a call',
    `
    blocks: { pair: { layers: [{ dense: { units: 4 } }, reLU] } }
    layers:
      - pair: { trainable: false, expect: [4] }
      - dense: { units: 2 }`,
    `
  - dense: { name: pair/dense, units: 4, trainable: false }
  - reLU: { name: pair, trainable: false, expect: [4] }
  - dense: { units: 2 }`,
  ],
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
    'conditions',
    `
    vars: { deep: true, rate: 0 }
    layers:
      - dense: { units: 4, if: $deep }
      - dropout: { rate: 0.5, if: $(rate > 0) }
      - reLU: { if: false }
      - leakyReLU: { if: true }`,
    `
  - dense: { units: 4 }
  - leakyReLU: {}`,
  ],
  [
    'a layer as a parameter',
    `
    blocks: { unit: { params: { norm: batchNormalization }, layers: [{ dense: { units: 4 } }, $norm] } }
    layers: [unit, { unit: { norm: { layerNormalization: { center: false } } } }]`,
    `
  - dense: { name: unit/dense, units: 4 }
  - batchNormalization: { name: unit }
  - dense: { name: unit_1/dense, units: 4 }
  - layerNormalization: { name: unit_1, center: false }`,
  ],
  [
    'a call that is applied again',
    `
    blocks: { tower: { params: { n: 4 }, layers: [{ dense: { units: $n } }, { dense: { units: 8 } }, { add: { inputs: [input, dense_1] } }] } }
    layers:
      - dense: { name: other, units: 8 }
      - tower: { inputs: input }
      - apply: { layer: tower, inputs: other }
      - add: { inputs: [tower, apply] }`,
    `
  - dense: { name: other, units: 8 }
  - dense: { name: tower/dense, units: 4, inputs: input }
  - dense: { name: tower/dense_1, units: 8 }
  - add: { name: tower, inputs: [input, tower/dense_1] }
  - apply: { name: apply/dense, layer: tower/dense, inputs: other }
  - apply: { name: apply/dense_1, layer: tower/dense_1 }
  - apply: { name: apply, layer: tower, inputs: [other, apply/dense_1] }
  - add: { inputs: [tower, apply] }`,
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
  [
    'names avoid those of calls',
    `
    blocks: { dense_1: { layers: [leakyReLU] } }
    layers: [dense_1, { dense: { units: 2 } }, { dense: { units: 2 } }, { reLU: { name: dense_2 } }, { dense: { units: 2 } }]`,
    `
  - leakyReLU: { name: dense_1 }
  - dense: { units: 2 }
  - dense: { units: 2 }
  - reLU: { name: dense_2 }
  - dense: { units: 2 }`,
  ],
]

describe('layers', () => {
  it.each(cases)('%s', (_title, spec, layers) => {
    expect(layersOf(spec).trimEnd()).toBe(layers.slice(1).trimEnd())
  })
})
