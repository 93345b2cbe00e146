/** What is said of masks, beside what TensorFlow.js does with them in the run. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText, type Analysis } from '../../src/analyze.ts'
import { applyFixes } from '../../src/fixes.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'

const words = '  - input: { shape: [6] }\n  - embedding: { inputDim: 9, outputDim: 4, maskZero: true, name: e }\n'
const steps = '  - input: { shape: [6, 3] }\n  - masking: { name: m }\n'
const images = '  - input: { shape: [6, 5, 5, 1] }\n  - masking\n'

function check(layers: string): { analysis: Analysis; codes: string[] } {
  const analysis = checkText(`name: t\nlayers:\n${layers}`, 't.yaml')
  return { analysis, codes: analysis.diagnostics.map(({ code }) => code) }
}

/** Batches of three and of five, since a size that happens to equal the batch hides a mask of the wrong shape. */
function runs({ spec, shaped }: Analysis): void {
  const model = buildModel(lowerGraph(spec, shaped), 1)
  for (const batch of [3, 5]) {
    const inputs = shaped.nodes
      .filter(({ layer }) => layer.type === 'input')
      .map(({ shape }) => tf.randomUniform([batch, ...(shape as number[])], 0, 9, 'int32', 1).toFloat())
    model.predict(inputs.length === 1 ? inputs[0]! : inputs)
  }
}

describe('runs, and is clean', () => {
  it.each([
    ['a recurrent layer', `${words}  - lstm: { units: 3 }\n`],
    [
      'several',
      `${words}  - gru: { units: 3, returnSequences: true }\n  - dropout: { rate: 0.5 }\n  - lstm: { units: 3 }\n`,
    ],
    [
      'both directions',
      `${words}  - bidirectional: { layer: { lstm: { units: 3 } } }\n  - dense: { units: 2, activation: softmax }\n`,
    ],
    ['layers that pass it on', `${steps}  - dense: { units: 4, activation: relu }\n  - simpleRNN: { units: 3 }\n`],
    [
      'each step on its own',
      `${steps}  - lstm: { units: 3, returnSequences: true }\n  - timeDistributed: { layer: { dense: { units: 2 } } }\n`,
    ],
    ['images of a sequence', `${images}  - convLstm2d: { filters: 2, kernelSize: 3, padding: same }\n`],
    [
      'joined with a sequence without one',
      `${words}  - dense: { units: 2, name: d }\n  - concatenate: { inputs: [d, e] }\n  - lstm: { units: 3 }\n`,
    ],
  ])('%s', (_title, layers) => {
    const { analysis, codes } = check(layers)
    expect(codes).toEqual([])
    runs(analysis)
  })
})

describe('throws in the run, and is an error', () => {
  it.each([
    ['softmax as a layer', `${words}  - lstm: { units: 3 }\n  - dense: { units: 4 }\n  - softmax\n`],
    ['softmax of the masked sequence', `${words}  - lstm: { units: 3 }\n  - softmax\n`],
    [
      'a decoder of another length',
      `${words}  - lstm: { units: 3 }\n  - repeatVector: { n: 8 }\n  - lstm: { units: 3 }\n`,
    ],
    [
      'vectors of a convolution',
      `${words}  - conv1d: { filters: 2, kernelSize: 3 }\n  - flatten\n  - repeatVector: { n: 9 }\n  - gru: { units: 2 }\n`,
    ],
    ['a sum', `${words}  - dense: { units: 4, name: d }\n  - add: { inputs: [d, e] }\n  - lstm: { units: 3 }\n`],
    [
      'a sum of three, one without a mask',
      `${words}  - conv1d: { filters: 4, kernelSize: 1, name: c }\n  - add: { inputs: [c, e, e] }\n  - flatten\n`,
    ],
    [
      'a product of three, whose masks have other sizes',
      `  - input: { shape: [4, 7, 2] }
  - masking: { name: m }
  - timeDistributed: { name: narrow, layer: { conv1d: { filters: 2, kernelSize: 3 } } }
  - masking: { name: n }
  - multiply: { inputs: [narrow, n, narrow] }
`,
    ],
    [
      'a sum of three, the masks of a sequence and of vectors',
      `${steps}  - globalMaxPooling1d\n  - masking: { name: v }\n  - add: { inputs: [m, v, v] }\n  - flatten\n`,
    ],
    [
      'sequences one after the other',
      `${words}  - conv1d: { filters: 4, kernelSize: 1, name: c }\n  - concatenate: { inputs: [c, e], axis: 1 }\n  - lstm: { units: 3 }\n`,
    ],
    ['softmax in each step', `${steps}  - timeDistributed: { layer: { softmax: {} } }\n`],
    ['images that shrink', `${images}  - convLstm2d: { filters: 2, kernelSize: 3 }\n`],
    ['vectors of images', `${images}  - timeDistributed: { layer: { flatten: {} } }\n  - lstm: { units: 2 }\n`],
  ])('%s', (_title, layers) => {
    const { analysis, codes } = check(layers)
    expect(new Set(codes)).toEqual(new Set(['engine/mask-misread']))
    expect(() => runs(analysis)).toThrow()
  })
})

describe('runs with the mask of another sequence, and is an error', () => {
  it.each([
    [
      'a decoder of the same length',
      `${words}  - lstm: { units: 3 }\n  - repeatVector: { n: 6 }\n  - lstm: { units: 3 }\n`,
    ],
    [
      'another branch, which runs later',
      '  - input: { name: a, shape: [6] }\n  - input: { name: b, shape: [6, 2] }\n' +
        '  - gru: { inputs: b, units: 3, name: y }\n' +
        '  - embedding: { inputs: a, inputDim: 9, outputDim: 4, maskZero: true }\n  - gru: { units: 3, name: x }\n' +
        '  - concatenate: { inputs: [y, x] }\n',
    ],
  ])('%s', (_title, layers) => {
    const { analysis, codes } = check(layers)
    expect(codes).toEqual(['engine/mask-misread'])
    runs(analysis)
  })

  it('unless the branch runs before the mask is made', () => {
    const layers =
      '  - input: { name: a, shape: [6] }\n  - input: { name: b, shape: [6, 2] }\n' +
      '  - gru: { inputs: b, units: 3, name: y }\n' +
      '  - embedding: { inputs: a, inputDim: 9, outputDim: 4, maskZero: true }\n  - gru: { units: 3, name: x }\n' +
      '  - concatenate: { inputs: [x, y] }\n'
    expect(check(layers).codes).toEqual([])
  })
})

it('is an error where a mask is joined with learned values without one, and that is trained', () => {
  const layers = `${words}  - conv1d: { filters: 2, kernelSize: 1, name: c }\n  - concatenate: { inputs: [c, e] }\n  - lstm: { units: 3 }\n`
  expect(check(layers).codes).toEqual([])
  expect(check(`${layers}loss: meanSquaredError\n`).codes).toEqual(['engine/mask-misread'])
})

it.each([
  ['flatten', `${words}  - flatten\n`],
  ['a mean', `${words}  - globalAveragePooling1d\n`],
  ['a product', `${words}  - dot: { inputs: [e, e], axes: 2 }\n`],
])('warns about a mask that no layer reads: %s', (_title, layers) => {
  const { analysis, codes } = check(layers)
  expect(codes).toEqual(['meaning/unread-mask'])
  expect(analysis.diagnostics[0]!.severity).toBe('warning')
  expect(applyFixes(analysis.source.text, (changed) => checkText(changed, 't.yaml')).text).not.toContain('maskZero')
})

it('fixes softmax with an activation layer, which reads no mask', () => {
  const { analysis } = check(
    `${words}  - lstm: { units: 3 }\n  - dense: { units: 4 }\n  - softmax: { axis: -1 } # probabilities\n`,
  )
  expect(applyFixes(analysis.source.text, (changed) => checkText(changed, 't.yaml')).text).toContain(
    '  - activation: { activation: softmax } # probabilities\n',
  )
})
