/** What docs/language.md says is refused is refused, and nothing else is by those codes in the tests of layers. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'

const page = readFileSync(fileURLToPath(new URL('../../../docs/language.md', import.meta.url)), 'utf8')
const section = page.slice(page.indexOf('### What is refused'), page.indexOf('## Shapes'))
const rows = section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (what|---)/.test(line))

const limit = 'engine/not-implemented'
/** The words that a row begins with, a spec's input and layers, and the code. */
const cases: readonly (readonly [string, string, readonly string[], string])[] = [
  ['`stateful`', '[4, 2]', ['lstm: { units: 2, stateful: true }'], limit],
  ['`unroll`', '[4, 2]', ['gru: { units: 2, unroll: true }'], limit],
  ['`dropout` and `recurrentDropout`', '[4, 2]', ['rnn: { cell: { gruCell: { units: 2, dropout: 0.5 } } }'], limit],
  ['`bidirectional`', '[4, 2]', ['bidirectional: { layer: { dense: { units: 2 } } }'], limit],
  ['`convLstm2d`', '[3, 1, 5, 5]', ['convLstm2d: { filters: 2, kernelSize: 2, dataFormat: channelsFirst }'], limit],
  [
    'strides',
    '[9, 9, 1]',
    ['conv2d: { filters: 2, kernelSize: 2, strides: 2, dilationRate: 2 }'],
    'shape/strides-with-dilation',
  ],
  [
    '`activityRegularizer`',
    '[4, 2]',
    ['timeDistributed: { layer: { dense: { units: 2, activityRegularizer: l2 } } }'],
    limit,
  ],
  ['`embedding`', '[4]', ['dense: { units: 2 }', 'embedding: { inputDim: 3, outputDim: 2 }'], 'engine/not-trainable'],
  ['`categoryEncoding`', '[4]', ['categoryEncoding: { numTokens: 3, outputMode: tfIdf }'], limit],
  ['`resizing`', '[4, 4, 1]', ['resizing: { height: 2, width: 3, cropToAspectRatio: true }'], limit],
  ['`alphaDropout`', '[4]', ['alphaDropout: { rate: 0.5, noiseShape: [null, 1] }'], limit],
  ['`randomWidth`', '[3, 4, 4, 1]', ['timeDistributed: { layer: { randomWidth: { factor: 0.5 } } }'], limit],
  ['`centerCrop`', '[4, 4, 1]', ['centerCrop: { height: 5, width: 2 }'], 'shape/size-mismatch'],
  [
    'a mask',
    '[4]',
    ['embedding: { inputDim: 5, outputDim: 2, maskZero: true }', 'softmax', 'lstm: { units: 2 }'],
    'engine/mask-misread',
  ],
]

describe('options that the manual says are refused', () => {
  it('are those of these rows', () => {
    expect(rows).toHaveLength(cases.length)
  })

  it.each(cases)('%s', (words, shape, layers, code) => {
    expect(rows.filter((row) => row.startsWith(`| ${words}`))).toHaveLength(1)
    const items = layers.map((layer) => `  - ${layer}\n`).join('')
    const text = `name: net\nloss: meanSquaredError\ninput: { shape: ${shape} }\nlayers:\n${items}`
    const { diagnostics } = checkText(text, 'net.yaml')
    expect(diagnostics.filter(({ severity }) => severity === 'error').map((one) => one.code)).toContain(code)
  })
})
