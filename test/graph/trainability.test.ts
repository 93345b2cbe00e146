/** Layers without a gradient are errors where the spec trains through them, and only there. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { applyFixes } from '../../src/fixes.ts'

function codesOf(layers: string, loss = 'loss: meanSquaredError'): string[] {
  const { diagnostics } = checkText(`name: t\n${loss}\nlayers:\n${layers}`, 't.yaml')
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
}

const behindWeights = (shape: string, layer: string) =>
  `  - input: { shape: ${shape} }\n  - dense: { units: 4 }\n  - ${layer}\n`
const first = (shape: string, layer: string) =>
  `  - input: { shape: ${shape} }\n  - ${layer}\n  - dense: { units: 4 }\n`

describe('a layer without a gradient', () => {
  it.each([['[4]', 'embedding: { inputDim: 5, outputDim: 2 }']])(
    '%s %s is an error after weights, but not before them',
    (shape, layer) => {
      expect(codesOf(behindWeights(shape, layer))).toEqual(['engine/not-trainable'])
      expect(codesOf(first(shape, layer))).toEqual([])
    },
  )

  it('is not an error without training', () => {
    expect(codesOf(behindWeights('[4]', 'embedding: { inputDim: 5, outputDim: 2 }'), '')).toEqual([])
  })

  it('is not minimum or maximum of different shapes', () => {
    const layers =
      '  - input: { name: a, shape: [4, 3] }\n  - dense: { units: 3, name: b }\n' +
      '  - globalMaxPooling1d: { name: c }\n  - maximum: { inputs: [b, c] }\n'
    expect(codesOf(layers)).toEqual([])
  })

  it.each([
    ['[4, 3]', 'masking'],
    ['[4, 3]', 'thresholdedReLU'],
    ['[1, 3]', 'lstm: { units: 2 }'],
    ['[4, 4, 4, 1]', 'conv3dTranspose: { filters: 2, kernelSize: 2 }'],
    ['[4, 4, 4, 1]', 'conv3d: { filters: 2, kernelSize: 2, dilationRate: 2 }'],
    ['[4, 3]', 'batchNormalization: { axis: 1 }'],
  ])('is not %s %s, whose gradient is ours', (shape, layer) => {
    expect(codesOf(behindWeights(shape, layer))).toEqual([])
    expect(codesOf(first(shape, layer))).toEqual([])
  })
})

describe('a fix', () => {
  it.each([
    ['[28, 28]', 'conv2d: { filters: 2, kernelSize: 3 }', 'reshape: { targetShape: [28, 28, 1] }'],
    ['[4, 4, 2]', 'repeatVector: { n: 2 }', 'flatten'],
    ['[784]', 'reshape: { targetShape: [28, 28, 3] }', 'reshape: { targetShape: [28, 28, 1] }'],
    [
      '[4, 4, 3]',
      'depthwiseConv2d: { kernelSize: 2, strides: 2, dilationRate: 2 }',
      'depthwiseConv2d: { kernelSize: 2, strides: 2 }',
    ],
    ['[12]', 'conv1d: { filters: 2, kernelSize: 3 }', 'reshape: { targetShape: [12, 1] }'],
  ])('fixes %s %s', (shape, layer, mended) => {
    const text = `name: t\nlayers:\n  - input: { shape: ${shape} }\n  - ${layer}\n`
    expect(applyFixes(text, (changed) => checkText(changed, 't.yaml')).text).toContain(mended)
  })
})
