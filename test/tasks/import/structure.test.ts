/** The blocks, repeats and names that an imported network gets, for small networks. */
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.ts'
import { yamlText } from '../../../src/source/edits.ts'
import type { ImportedLayer } from '../../../src/tasks/import/importedNetwork.ts'
import { printSpec } from '../../../src/tasks/import/printSpec.ts'
import { networkOf } from './networkOf.ts'

type Layer = readonly [type: string, options?: Record<string, unknown>]

const conv = (filters: number, more: object = {}): Layer => [
  'conv2d',
  { filters, kernelSize: 3, padding: 'same', ...more },
]
const unit = (filters: number, more?: object): Layer[] => [conv(filters, more), ['batchNormalization'], ['reLU']]
const residual = (name: string, input: string, filters: number): Layer[] => [
  conv(filters, { name: `${name}_conv`, inputs: input }),
  ['batchNormalization'],
  ['reLU'],
  conv(4 * filters),
  ['batchNormalization', { name: `${name}_bn` }],
  ['add', { name: `${name}_add`, inputs: [input, `${name}_bn`] }],
  ['reLU', { name: `${name}_out` }],
]

/** The lines after `input` of the spec that is printed for layers. */
function printed(layers: readonly Layer[], more = ''): string {
  const items = layers.map(([type, options = {}]) => `  - ${yamlText({ [type]: options }).slice(2, -2)}\n`)
  const text = `name: net\ninput: { shape: [32, 32, 16] }\nlayers:\n${items.join('')}${more}`
  return printSpec(networkOf(analyze(text, 'net.yaml')))
    .text.split('\n')
    .slice(2)
    .join('\n')
}

describe('the structure of an imported network', () => {
  it.each<[title: string, layers: readonly Layer[], wanted: string]>([
    [
      'is that of a list if nothing occurs often',
      [...unit(8), ['flatten'], ['dense', { units: 10 }]],
      `layers:
  - conv2d: { filters: 8, kernelSize: 3, padding: same }
  - batchNormalization
  - reLU
  - flatten
  - dense: { units: 10 }
`,
    ],
    [
      'is a repeat of equal layers, and two are written out',
      [conv(16), conv(16), conv(16), conv(8), conv(8)],
      `layers:
  - repeat: { times: 3, layers: [{ conv2d: { filters: 16, kernelSize: 3, padding: same } }] }
  - conv2d: { filters: 8, kernelSize: 3, padding: same }
  - conv2d: { filters: 8, kernelSize: 3, padding: same }
`,
    ],
    [
      'has blocks whose parameters are what differs, with the usual value as their default',
      [...unit(8), ...unit(12, { strides: 2 }), ...unit(16, { strides: 2 }), ...unit(16, { strides: 2 }), ['flatten']],
      `blocks:
  unit:
    params: { filters, strides: 2 }
    layers:
      - conv2d: { filters: $filters, kernelSize: 3, strides: $strides, padding: same }
      - batchNormalization
      - reLU
layers:
  - unit: { filters: 8, strides: 1 }
  - unit: { filters: 12 }
  - unit: { filters: 16 }
  - unit: { filters: 16 }
  - flatten
`,
    ],
    [
      'computes what is always a multiple, and begins with the layer that an activation belongs to',
      [
        conv(16, { name: 'stem_conv' }),
        ['reLU', { name: 'stem_out' }],
        ...residual('a', 'stem_out', 4),
        ...residual('b', 'a_out', 4),
        conv(32, { name: 'wide_conv' }),
        ['reLU', { name: 'wide_out' }],
        ...residual('c', 'wide_out', 8),
        ...residual('d', 'c_out', 8),
        ...residual('e', 'd_out', 8),
      ],
      `blocks:
  residual:
    params: { filters }
    layers:
      - conv2d: { filters: $filters, kernelSize: 3, padding: same }
      - batchNormalization
      - reLU
      - conv2d: { filters: $(4 * filters), kernelSize: 3, padding: same }
      - batchNormalization: { name: branch }
      - add: { inputs: [input, branch] }
      - reLU
layers:
  - conv2d: { filters: 16, kernelSize: 3, padding: same }
  - reLU
  - residual: { filters: 4 }
  - residual: { filters: 4 }
  - conv2d: { filters: 32, kernelSize: 3, padding: same }
  - reLU
  - repeat: { times: 3, layers: [{ residual: { filters: 8 } }] }
`,
    ],
    [
      'leaves a layer outside whose name is a word',
      [conv(16), conv(16), conv(16, { name: 'features' }), ['flatten'], ['dense', { name: 'fc1', units: 4 }]],
      `layers:
  - conv2d: { filters: 16, kernelSize: 3, padding: same }
  - conv2d: { filters: 16, kernelSize: 3, padding: same }
  - conv2d: { name: features, filters: 16, kernelSize: 3, padding: same }
  - flatten
  - dense: { name: fc1, units: 4 }
`,
    ],
    [
      'does not mix layers that are trained with others',
      [conv(16, { trainable: false }), conv(16, { trainable: false }), conv(16), conv(16), conv(16)],
      `layers:
  - conv2d: { filters: 16, kernelSize: 3, padding: same, trainable: false }
  - conv2d: { filters: 16, kernelSize: 3, padding: same, trainable: false }
  - repeat: { times: 3, layers: [{ conv2d: { filters: 16, kernelSize: 3, padding: same } }] }
`,
    ],
    [
      'keeps layers that others apply, or take from outside, out of repeats',
      [
        conv(16, { name: 'a1_conv' }),
        conv(16, { name: 'a2_conv' }),
        conv(16),
        ['apply', { name: 'again_1', layer: 'a1_conv' }],
        ['add', { inputs: ['a2_conv', 'again_1'] }],
      ],
      `layers:
  - conv2d: { name: a1_conv, filters: 16, kernelSize: 3, padding: same }
  - conv2d: { name: a2_conv, filters: 16, kernelSize: 3, padding: same }
  - conv2d: { filters: 16, kernelSize: 3, padding: same }
  - apply: { name: again_1, layer: a1_conv }
  - add: { inputs: [a2_conv, again_1] }
`,
    ],
  ])('%s', (_title, layers, wanted) => {
    expect(printed(layers)).toBe(wanted)
  })

  it('writes each branch from its beginning to its end', () => {
    const layer = (name: string, type: string, inputs: string[], options = {}): ImportedLayer => ({
      name,
      type,
      inputs,
      options,
    })
    const layers = [
      layer('in', 'input', [], { shape: [8] }),
      layer('a_1', 'dense', ['in'], { units: 4 }),
      layer('b_1', 'dense', ['in'], { units: 5 }),
      layer('a_2', 'dense', ['a_1'], { units: 6 }),
      layer('b_2', 'dense', ['b_1'], { units: 6 }),
      layer('sum', 'add', ['a_2', 'b_2']),
    ]
    const { text, names } = printSpec({ name: 'net', layers, outputs: ['sum'], weights: new Map() })
    expect(text).toBe(`name: net
input: { shape: [8] }
layers:
  - dense: { units: 4 }
  - dense: { name: a_2, units: 6 }
  - dense: { inputs: input, units: 5 }
  - dense: { name: b_2, units: 6 }
  - add: { inputs: [a_2, b_2] }
`)
    expect([...names]).toEqual([
      ['in', 'input'],
      ['a_1', 'dense'],
      ['a_2', 'a_2'],
      ['b_1', 'dense_1'],
      ['b_2', 'b_2'],
      ['sum', 'add'],
    ])
  })

  it('names layers inside of blocks and repeats as the spec does', () => {
    const layers = [...unit(16), ...unit(16), ...unit(16)]
    const items = layers.map(([type, options = {}]) => `  - ${yamlText({ [type]: options }).slice(2, -2)}\n`)
    const text = `name: net\ninput: { shape: [8, 8, 16] }\nlayers:\n${items.join('')}`
    const { names, withWeights } = printSpec(networkOf(analyze(text, 'net.yaml')))
    expect(withWeights('net.safetensors')).toContain('weights: { from: net.safetensors }\nlayers:')
    expect([...names.values()].slice(0, 5)).toEqual([
      'input',
      'repeat/0/conv2d',
      'repeat/0/batchNormalization',
      'repeat/0/reLU',
      'repeat/1/conv2d',
    ])
  })
})
