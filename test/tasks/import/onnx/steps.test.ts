/** Layers that ONNX files have as operators of each step or number come back as what they were, however a file is written. */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  buildImported,
  buildSpec,
  compareOutputs,
  drawInputs,
  drawWeights,
  type Built,
} from '../../../../scripts/interop/importedNetworks.ts'
import { encodeNetwork } from '../../../../src/backends/onnx/encodeNetwork.ts'
import { encodeOnnx } from '../../../../src/backends/onnx/encodeModel.ts'
import { layerDef } from '../../../../src/parts/layers/table.ts'
import { startEngine } from '../../../../src/runtime/engines/startEngine.ts'
import { decodeModel, type Attribute } from '../../../../src/tasks/import/onnx/decodeModel.ts'
import { readOnnx, type OnnxImport } from '../../../../src/tasks/import/onnx/readOnnx.ts'
import { ofMasks } from '../../../backends/export/rowNetworks.ts'
import type { Network } from '../../../backends/export/pythonHarness.ts'

const sequence = (layers: string) => `input: { shape: [4, 3] }\nlayers: ${layers}`
const images = (layers: string) => `input: { shape: [3, 5, 4, 2] }\nlayers: ${layers}`

const networks: readonly Network[] = [
  ...ofMasks,
  ...Object.entries({
    'gates of other functions': sequence('[lstm: { units: 2, activation: swish, recurrentActivation: relu6 }]'),
    'the same function for gates and states': sequence(
      '[lstm: { units: 2, activation: linear, recurrentActivation: linear }]',
    ),
    'a softmax of the state': sequence('[gru: { units: 3, activation: softmax, useBias: false }]'),
    'a reset after the product': sequence('[gru: { units: 2, activation: gelu, resetAfter: true, goBackwards: true }]'),
    'a state without a function': sequence('[simpleRNN: { units: 2, activation: linear, returnSequences: true }]'),
    'one step': `input: { shape: [1, 3] }\nlayers: [lstm: { units: 2, activation: mish }]`,
    'cells of other functions': sequence(
      '[rnn: { cell: [{ lstmCell: { units: 3, activation: selu } }, { gruCell: { units: 2, activation: gelu_new } }], returnSequences: true, goBackwards: true }]',
    ),
    'two layers in turn': sequence(
      '[lstm: { units: 3, activation: mish, returnSequences: true }, simpleRNN: { units: 2, activation: selu }]',
    ),
    'both directions': sequence(
      '[bidirectional: { layer: { simpleRNN: { units: 2, activation: swish, returnSequences: true } }, mergeMode: mul }]',
    ),
    'convolutions without functions': images(
      '[convLstm2d: { filters: 2, kernelSize: 3, activation: linear, recurrentActivation: sigmoid, padding: same, returnSequences: true, useBias: false }]',
    ),
    'convolutions in turn': images(
      '[convLstm2d: { filters: 2, kernelSize: [1, 2], returnSequences: true, goBackwards: true }, convLstm2d: { filters: 3, kernelSize: 2, strides: 2 }]',
    ),
    'a convolution of one step': `input: { shape: [1, 5, 4, 2] }\nlayers: [convLstm2d: { filters: 2, kernelSize: 2 }]`,
    'an activation of masked steps': sequence('[masking, activation: { activation: softmax }]'),
    'a layer for each step of each sequence': images(
      '[timeDistributed: { layer: { timeDistributed: { layer: { dense: { units: 3, activation: gelu } } } } }]',
    ),
    'a recurrent layer for each step': `input: { shape: [3, 4, 2] }\nlayers: [timeDistributed: { layer: { gru: { units: 2 } } }, activation: { activation: tanh }]`,
    'layers for each step in turn': images(
      '[timeDistributed: { layer: { conv2d: { filters: 2, kernelSize: 2 } } }, timeDistributed: { layer: flatten }]',
    ),
    'a normalization of several axes': `input: { shape: [5, 4, 2] }
layers: [layerNormalization: { axis: [1, 2] }, layerNormalization: { axis: [1, -1], scale: false }]`,
    cosines: `layers:
  - input: { name: left, shape: [3, 4] }
  - input: { name: right, shape: [3, 4] }
  - dot: { inputs: [left, right], axes: [2, 2], normalize: true }`,
  }).map(([name, text]) => ({ name, text })),
  {
    name: 'a number as a vector',
    text: 'input: { shape: [1] }\nlayers: [categoryEncoding: { numTokens: 4, outputMode: oneHot }]',
    below: 4,
  },
  {
    name: 'counts of numbers',
    text: 'input: { shape: [3] }\nlayers: [categoryEncoding: { numTokens: 4, outputMode: count }]',
    below: 4,
  },
]

describe('comes back', () => {
  beforeAll(() => startEngine('cpu'))

  it.each(networks)('$name', ({ text, below, maskValue }) => {
    const source = buildSpec(`name: network\n${text}`)
    drawWeights(source.model)
    const bytes = encodeNetwork(source.program, source.model, undefined, '1.0.0')
    const read = readOnnx(bytes, 'network.onnx')
    expect(read.problems, text).toEqual([])
    const imported = buildImported(read)
    expect(typesOf(imported)).toEqual(typesOf(source))
    const inputs = drawInputs(source.model, below, maskValue)
    expect(compareOutputs(source, read, imported, inputs)).toBeLessThan(1e-5)
    expect(withoutNames(readOnnx(rewritten(bytes), 'network.onnx'))).toEqual(withoutNames(read))
  })
})

/** What was read, with the places of layers for their names. */
function withoutNames({ network: { layers, weights }, problems }: OnnxImport) {
  const placeOf = (name: string) => layers.findIndex((layer) => layer.name === name)
  return {
    problems,
    layers: layers.map(({ type, options, inputs }) => ({ type, options, inputs: inputs.map(placeOf).toSorted() })),
    weights: [...weights].map(([name, arrays]) => [placeOf(name), arrays]),
  }
}

/** The layers that a network has in prediction. A stack of cells is a layer for each. */
function typesOf({ analysis }: Built): string[] {
  return analysis.shaped.nodes
    .filter(({ layer }) => layerDef(layer.type).role !== 'noise')
    .flatMap(({ layer: { type, options } }) =>
      type === 'rnn' ? (options['cell'] as object[]).map((cell) => Object.keys(cell)[0]!.replace('Cell', '')) : type,
    )
    .toSorted()
}

const commutative: ReadonlySet<string> = new Set(['Add', 'Mul', 'Min', 'Max'])

/** The same file with other names, the operands of sums and products exchanged, and its arrays in the opposite order. */
function rewritten(bytes: Uint8Array): Buffer {
  const { nodes, tensors, inputs, outputs } = decodeModel(bytes)
  const kept = new Set([...inputs, ...outputs].map(({ name }) => name))
  const names = new Map<string, string>()
  const nameOf = (name: string) => {
    if (name === '' || kept.has(name)) return name
    names.set(name, names.get(name) ?? `t${names.size}`)
    return names.get(name)!
  }
  const declared = ({ name, shape }: (typeof inputs)[number]) => ({
    name,
    shape: shape!.map((size, axis) => size ?? `${name}_${axis}`),
  })
  return encodeOnnx(
    {
      name: 'network',
      nodes: nodes.map((node) => ({
        operator: node.operator,
        inputs: (commutative.has(node.operator) ? node.inputs.toReversed() : node.inputs).map(nameOf),
        outputs: node.outputs.map(nameOf),
        attributes: Object.fromEntries([...node.attributes].map(([name, value]) => [name, stated(value)])),
      })),
      initializers: tensors
        .map(({ name, shape, type, bytes: values }) => {
          const { buffer } = Uint8Array.from(values!)
          return {
            name: nameOf(name),
            shape,
            values: type === 1 ? new Float32Array(buffer) : new BigInt64Array(buffer),
          }
        })
        .toReversed(),
      inputs: inputs.map(declared),
      outputs: outputs.map(declared),
      metadata: {},
    },
    '1.0.0',
  )
}

function stated(value: Attribute) {
  if (typeof value === 'number') return Number.isInteger(value) ? value : { float: value }
  if (typeof value === 'string' || Array.isArray(value)) return value as string | number[]
  throw new Error('an attribute of another type')
}
