/** A layer that is applied more than once: what is inferred, and that tf.layers takes and refuses the same. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText, type Analysis } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { trimBlock } from '../validation/brokenSpecs/brokenSpec.ts'

beforeAll(() => tf.setBackend('cpu'))

const spec = (layers: string) => `name: example\nlayers:\n${trimBlock(layers).replaceAll(/^/gm, '  ')}`

function accepted(text: string, remarks: readonly string[] = []): Analysis {
  const analysis = checkText(text, 'spec.yaml')
  const others = analysis.diagnostics.filter(({ code }) => !remarks.includes(code))
  expect(others.map(({ message }) => message)).toEqual([])
  return analysis
}

const towers = spec(`
  - input: { name: left, shape: [4] }
  - input: { name: right, shape: [4] }
  - dense: { name: tower, units: 3, inputs: left }
  - apply: { layer: tower, inputs: right }
  - concatenate: { inputs: [tower, apply] }
  `)

describe('a layer that is applied again', () => {
  it('has its weights once', () => {
    const { nodes } = accepted(towers).shaped
    expect(nodes.map(({ name, params }) => [name, params])).toEqual([
      ['left', 0],
      ['right', 0],
      ['tower', 15],
      ['apply', 0],
      ['concatenate', 0],
    ])
  })

  it('gives equal inputs equal outputs, in the engine', () => {
    const { spec: read, shaped } = accepted(towers)
    const model = buildModel(lowerGraph(read, shaped), 3)
    expect(model.countParams()).toBe(15)
    const values = tf.ones([1, 4])
    const [left, right] = tf.split(model.predict([values, values]) as tf.Tensor, 2, 1)
    expect([...left!.dataSync()]).toEqual([...right!.dataSync()])
    expect(left!.dataSync().some((value) => value !== 0)).toBe(true)
  })

  it('may be unused at its own place, and layers that lead only there are left out', () => {
    const { spec: read, shaped } = accepted(
      `${spec(`
        - input: { shape: [4] }
        - dense: { name: before, units: 4 }
        - dense: { name: hidden, units: 4 }
        - apply: { name: again, layer: hidden, inputs: input }
        - dense: { name: other, units: 3, inputs: before }
        `)}\noutputs: [again]\nignore: [graph/unused-layer]\n`,
      ['meaning/linear-stack'],
    )
    const program = lowerGraph(read, shaped)
    expect(program.layers.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['input', []],
      ['hidden', []],
      ['again', ['input']],
    ])
    expect(buildModel(program, 1).countParams()).toBe(20)
  })

  it('may follow its other uses', () => {
    const { nodes } = accepted(
      spec(`
        - input: { shape: [4] }
        - apply: { name: second, layer: hidden, inputs: input_below }
        - dense: { name: hidden, units: 4, inputs: input }
        - reLU: { name: input_below, inputs: hidden }
        - add: { inputs: [second, hidden] }
        `),
    ).shaped
    expect(nodes.map(({ name }) => name)).toEqual(['input', 'hidden', 'input_below', 'second', 'add'])
  })

  it('counts as used if only its other uses are', () => {
    accepted(
      spec(`
        - input: { name: left, shape: [4] }
        - dense: { name: tower, units: 3 }
        - apply: { layer: tower, inputs: left }
        `),
    )
  })

  it('is trained through each of its uses', () => {
    const text = `${spec(`
      - input: { shape: [4, 3] }
      - dense: { name: a, units: 3 }
      - dense: { name: b, units: 3, trainable: false, inputs: input }
      - apply: { layer: a, inputs: b }
      - embedding: { inputDim: 5, outputDim: 2 }
      `)}\nloss: meanSquaredError\n`
    const errors = checkText(text, 'spec.yaml').diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code, path }) => [code, path])).toEqual([['engine/not-trainable', ['layers', 4, 'embedding']]])
  })

  it('keeps its bias where not all of its uses are normalized', () => {
    accepted(
      spec(`
        - input: { shape: [4] }
        - dense: { name: a, units: 4 }
        - batchNormalization
        - apply: { layer: a }
        `),
    )
  })
})

/** Each layer, its first input, and inputs for one more use. */
const uses: readonly [layer: string, first: string, further: readonly string[]][] = [
  ['dense: { units: 3, name: a }', '[4]', ['[4]', '[5]', '[2, 4]', '[2, 5]']],
  ['flatten: { name: a }', '[2, 3]', ['[4, 5]', '[2, 3, 4]']],
  ['conv1d: { filters: 2, kernelSize: 2, name: a }', '[5, 3]', ['[9, 3]', '[5, 2]', '[null, 3]']],
  ['conv2d: { filters: 2, kernelSize: 2, name: a }', '[5, 5, 3]', ['[9, 7, 3]', '[5, 5, 2]', '[1, 5, 3]', '[5, 3]']],
  ['separableConv2d: { filters: 2, kernelSize: 2, name: a }', '[5, 5, 3]', ['[9, 7, 3]', '[5, 5, 2]']],
  ['depthwiseConv2d: { kernelSize: 2, name: a }', '[5, 5, 3]', ['[9, 7, 3]', '[5, 5, 2]']],
  ['conv2dTranspose: { filters: 2, kernelSize: 2, name: a }', '[5, 5, 3]', ['[9, 7, 3]', '[5, 5, 2]']],
  ['conv3d: { filters: 2, kernelSize: 2, name: a }', '[5, 5, 5, 1]', ['[9, 7, 3, 1]', '[5, 5, 5, 2]']],
  ['batchNormalization: { name: a }', '[5, 3]', ['[7, 3]', '[5, 2]', '[3]', '[2, 5, 3]']],
  ['layerNormalization: { name: a }', '[5, 3]', ['[7, 3]', '[5, 2]', '[4, 2, 5]']],
  ['prelu: { name: a }', '[5, 3]', ['[5, 3]', '[7, 3]', '[15]']],
  ['prelu: { sharedAxes: [1], name: a }', '[5, 3]', ['[5, 3]', '[7, 3]', '[5, 2]']],
  ['lstm: { units: 2, name: a }', '[5, 3]', ['[7, 3]', '[5, 2]', '[null, 3]']],
  ['gru: { units: 2, returnSequences: true, name: a }', '[5, 3]', ['[7, 3]', '[5, 2]']],
  ['convLstm2d: { filters: 2, kernelSize: 2, name: a }', '[3, 5, 5, 1]', ['[2, 5, 5, 1]', '[3, 6, 5, 1]']],
  ['bidirectional: { layer: { lstm: { units: 2 } }, name: a }', '[5, 3]', ['[7, 3]', '[5, 2]']],
  ['timeDistributed: { layer: { dense: { units: 2 } }, name: a }', '[5, 3]', ['[5, 3]', '[7, 3]', '[5, 2]']],
  ['embedding: { inputDim: 9, outputDim: 2, name: a }', '[5]', ['[7]', '[2, 3]']],
  ['embedding: { inputDim: 9, outputDim: 2, inputLength: [null], name: a }', '[5]', ['[7]']],
  ['embedding: { inputDim: 9, outputDim: 2, inputLength: 7, name: a }', '[null]', ['[7]']],
  ['spatialDropout1d: { rate: 0.5, name: a }', '[5, 3]', ['[7, 4]', '[5]']],
  ['maxPooling2d: { name: a }', '[4, 4, 1]', ['[8, 6, 3]', '[4, 4]', '[1, 1, 1]']],
  ['reshape: { targetShape: [2, -1], name: a }', '[8]', ['[4]', '[2, 6]', '[4, 2]', '[1, 8, 1]']],
  ['reshape: { targetShape: [-1], name: a }', '[4, 2]', ['[null, 2]', '[2, 4]']],
  ['reshape: { targetShape: [-1], name: a }', '[null, 2]', ['[null, 3]']],
  ['softmax: { axis: [-1, -2], name: a }', '[8, 2]', ['[4, 3]']],
  ['softmax: { axis: -1, name: a }', '[8, 2]', ['[4, 3]', '[5]', '[2, 4, 3]']],
  ['softmax: { name: a }', '[8]', ['[5]', '[4, 3]']],
  ['softmax: { axis: 1, name: a }', '[8]', ['[5]', '[4, 3]']],
  ['softmax: { axis: 1, name: a }', '[8, 2]', ['[4, 3]', '[2, 4, 3]']],
  ['softmax: { axis: -2, name: a }', '[8, 2]', ['[4, 3]', '[2, 4, 3]']],
  ['layerNormalization: { center: false, scale: false, name: a }', '[5, 3]', ['[7, 3]', '[5, 2]', '[4, 2, 5]']],
  ['centerCrop: { height: 2, width: 2, name: a }', '[8, 6, 1]', ['[8, 6, 1]']],
  ['alphaDropout: { rate: 0.5, name: a }', '[8]', ['[8]']],
  ['randomWidth: { factor: 0.1, name: a }', '[8, 8, 1]', ['[4, 4, 1]']],
  ['repeatVector: { n: 2, name: a }', '[8]', ['[4]', '[4, 2]']],
]

describe.each(uses)('%s, first applied to %s', (layer, first, further) => {
  it.each(further)('and then to %s, as tf.layers', (shape) => {
    const text = spec(`
      - input: { name: first, shape: ${first} }
      - input: { name: other, shape: ${shape} }
      - ${layer.replace('name: a', 'name: a, inputs: first')}
      - apply: { name: b, layer: a, inputs: other }
      `)
    const { spec: read, shaped, diagnostics } = checkText(`${text}\noutputs: [a, b]\n`, 'spec.yaml')
    const [, made, again] = ['other', 'a', 'b'].map((name) => shaped.nodes.find((node) => node.name === name))
    expect(made).toBeDefined()
    const nodes = shaped.nodes.filter(({ name }) => name !== 'b')
    const use = again ?? { ...made!, name: 'b', applies: 'a', inputs: ['other'] }
    const build = () => buildModel(lowerGraph(read, { nodes: [...nodes, use], outputs: ['a', 'b'], complete: true }), 1)
    if (again === undefined) {
      expect(diagnostics).toHaveLength(1)
      expect(() => run(build())).toThrow()
    } else {
      expect(diagnostics).toEqual([])
      const stated = again.shape.map((size) => (typeof size === 'number' ? size : null))
      expect(build().outputs[1]!.shape.slice(1)).toEqual(stated)
      if (!stated.includes(null)) expect(run(build())[1]!.shape.slice(1)).toEqual(stated)
    }
  })
})

/** Merges, their options, the inputs of the first use, and those of one more. */
const joins: readonly [merge: string, options: string, first: readonly string[], other: readonly string[]][] = [
  ['add', '', ['[2, 4]', '[2, 4]'], ['[3, 5]', '[3, 5]']],
  ['multiply', '', ['[2]', '[1]'], ['[2]', '[2]']],
  ['average', '', ['[6, 3]', '[6, 1]'], ['[6, 1]', '[6, 3]']],
  ['add', '', ['[2, 4]', '[4]'], ['[4]', '[4]']],
  ['dot', 'axes: 1, ', ['[7, 5]', '[7, 5]'], ['[5]', '[5]']],
  ['dot', 'axes: 1, ', ['[7, 5]', '[7, 5]'], ['[3, 5, 2]', '[3, 2, 5]']],
]

describe.each(joins)('%s %sfirst of %j', (merge, options, first, other) => {
  it(`and then of ${other.join(' and ')}, as tf.layers`, () => {
    const inputs = [...first, ...other].map((shape, index) => `- input: { name: in${index}, shape: ${shape} }`)
    const text = spec(
      [
        ...inputs,
        `- ${merge}: { ${options}name: a, inputs: [in0, in1] }`,
        '- apply: { name: b, layer: a, inputs: [in2, in3] }',
      ].join('\n'),
    )
    const { spec: read, shaped, diagnostics } = checkText(`${text}\noutputs: [a, b]\n`, 'spec.yaml')
    const made = shaped.nodes.find(({ name }) => name === 'a')!
    const again = shaped.nodes.find(({ name }) => name === 'b')
    const use = again ?? { ...made, name: 'b', applies: 'a', inputs: ['in2', 'in3'] }
    const nodes = [...shaped.nodes.filter(({ name }) => name !== 'b'), use]
    const build = () => buildModel(lowerGraph(read, { nodes, outputs: ['a', 'b'], complete: true }), 1)
    expect(diagnostics).toHaveLength(again ? 0 : 1)
    if (again) expect(run(build())[1]!.shape.slice(1)).toEqual(again.shape)
    else expect(() => run(build())).toThrow()
  })
})

/** One sample through the network; sizes that no data can have are a failure, too. */
function run(model: tf.LayersModel): tf.Tensor[] {
  const sizes = model.outputs.flatMap(({ shape }) => shape)
  if (sizes.some((size) => size !== null && size <= 0)) throw new RangeError('nothing is left')
  return model.predict(
    model.inputs.map(({ shape }) => tf.ones([1, ...shape.slice(1).map((size) => size ?? 7)])),
  ) as tf.Tensor[]
}
