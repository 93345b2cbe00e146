/** What blocks and conditions expand to. */
import { expect, it } from 'vitest'
import { layersOf } from './layersOf.ts'

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

it.each(cases)('%s', (_title, spec, layers) => {
  expect(layersOf(spec).trimEnd()).toBe(layers.slice(1).trimEnd())
})
