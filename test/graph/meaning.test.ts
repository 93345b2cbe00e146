/** Hints on what is there for nothing, and good networks, on which there is nothing to say. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

const told = (input: string, layers: string, rest = '') =>
  checkText(`name: t\ninput: { shape: ${input} }\nlayers:\n${layers}${rest}`, 't.yaml').diagnostics.map(
    ({ code, severity }) => `${severity} ${code}`,
  )

describe('a layer without effect is a hint', () => {
  it.each([
    ['[4, 4, 1]', 'maxPooling2d: { poolSize: 1 }'],
    ['[4, 4, 1]', 'averagePooling2d: { poolSize: 1, strides: [1, 1] }'],
    ['[4, 4]', 'maxPooling1d: { poolSize: 1 }'],
    ['[4, 4, 1]', 'upSampling2d: { size: 1 }'],
    ['[4, 4, 1]', 'zeroPadding2d: { padding: 0 }'],
    ['[4, 4, 1]', 'cropping2D: { cropping: [[0, 0], [0, 0]] }'],
    ['[4, 4, 1]', 'resizing: { height: 4, width: 4 }'],
    ['[4, 3]', 'reshape: { targetShape: [4, 3] }'],
    ['[4, 3]', 'permute: { dims: [1, 2] }'],
    ['[4, 3]', 'dropout: { rate: 0 }'],
    ['[4, 3]', 'spatialDropout1d: { rate: 0 }'],
    ['[4, 3]', 'alphaDropout: { rate: 0 }'],
    ['[4, 3]', 'gaussianDropout: { rate: 0 }'],
    ['[4, 3]', 'gaussianNoise: { stddev: 0 }'],
    ['[4, 3]', 'activation: { activation: linear }'],
    ['[4, 3]', 'leakyReLU: { alpha: 1 }'],
    ['[4, 3]', 'rescaling: { scale: 1 }'],
  ])('%s %s', (input, layer) => expect(told(input, `  - ${layer}\n`)).toEqual(['hint meaning/no-effect']))

  it.each([
    ['[4, 4, 1]', 'maxPooling2d: { poolSize: 1, strides: 2 }'],
    ['[4, 4, 1]', 'upSampling2d: { size: [1, 2] }'],
    ['[4, 4, 1]', 'zeroPadding2d: { padding: [[0, 1], [0, 0]] }'],
    ['[4, 3]', 'reshape: { targetShape: [3, 4] }'],
    ['[4, 3]', 'permute: { dims: [2, 1] }'],
    ['[4, 3]', 'rescaling: { scale: 1, offset: -1 }'],
    ['[4, 3]', 'leakyReLU'],
  ])('unless it has one: %s %s', (input, layer) => expect(told(input, `  - ${layer}\n`)).toEqual([]))
})

it.each(['relu', 'tanh'])('a rectifier after %s is a hint', (activation) => {
  expect(told('[4]', `  - dense: { units: 4, activation: ${activation} }\n  - reLU\n`)).toEqual([
    'hint meaning/repeated-activation',
  ])
})

describe('no diagnostic for', () => {
  it.each([
    [
      'a global mean in a gate, which sees little',
      '[64, 64, 4]',
      '  - conv2d: { filters: 4, kernelSize: 3, padding: same, name: x }\n  - globalAveragePooling2d\n' +
        '  - reshape: { targetShape: [1, 1, 4], name: s }\n  - multiply: { inputs: [x, s] }\n' +
        '  - flatten\n  - dense: { units: 2 }\n',
    ],
    [
      'the all-convolutional net: 27 of 32',
      '[32, 32, 3]',
      [1, 1, 2, 1, 1, 2, 1]
        .map(
          (stride) =>
            `  - conv2d: { filters: 4, kernelSize: 3, strides: ${stride}, padding: same, activation: relu }\n`,
        )
        .join('') + '  - globalAveragePooling2d\n',
    ],
    [
      'an image of any size',
      '[null, null, 3]',
      '  - conv2d: { filters: 4, kernelSize: 3 }\n  - globalAveragePooling2d\n',
    ],
    [
      'a residual branch that begins at zero',
      '[8, 8, 4]',
      '  - conv2d: { filters: 4, kernelSize: 3, padding: same, kernelInitializer: zeros, name: b }\n  - add: { inputs: [input, b] }\n' +
        '  - reLU\n  - flatten\n  - dense: { units: 1 }\n',
    ],
    ['a last layer of constants', '[4]', '  - dense: { units: 3, kernelInitializer: ones }\n  - softmax\n'],
    [
      'a bottleneck between linear layers',
      '[16]',
      '  - dense: { units: 2 }\n  - dense: { units: 16 }\n',
      'loss: meanSquaredError\n',
    ],
    [
      'an activation behind a recurrent layer',
      '[6, 4]',
      '  - lstm: { units: 4 }\n  - activation: { activation: relu }\n',
    ],
    [
      'squeeze and excitation',
      '[8, 8, 4]',
      '  - conv2d: { filters: 4, kernelSize: 3, activation: relu, name: x }\n  - globalAveragePooling2d\n' +
        '  - dense: { units: 2, activation: relu }\n  - dense: { units: 4, activation: sigmoid }\n' +
        '  - reshape: { targetShape: [1, 1, 4], name: s }\n  - multiply: { inputs: [x, s] }\n',
    ],
    [
      'attention by softmax',
      '[6, 4]',
      '  - dense: { units: 1, name: scores }\n  - flatten\n  - softmax\n  - repeatVector: { n: 4 }\n  - permute: { dims: [2, 1], name: w }\n' +
        '  - multiply: { inputs: [input, w] }\n  - globalAveragePooling1d\n  - dense: { units: 1 }\n',
    ],
    [
      'softmax behind a global mean, as in SqueezeNet',
      '[8, 8, 4]',
      '  - conv2d: { filters: 10, kernelSize: 5, activation: relu }\n  - globalAveragePooling2d\n  - softmax\n',
    ],
    [
      'a positive prediction by softplus',
      '[4]',
      '  - dense: { units: 1, activation: softplus }\n',
      'loss: meanSquaredError\n',
    ],
  ])('%s', (_title, input, layers, rest = '') => expect(told(input, layers, rest)).toEqual([]))
})

it('reports the receptive field of each position', () => {
  const text =
    'name: t\ninput: { shape: [224, 224, 3] }\nlayers:\n' +
    '  - conv2d: { filters: 4, kernelSize: 3, strides: 2, padding: same }\n'.repeat(3) +
    '  - globalAveragePooling2d\n'
  const found = checkText(text, 't.yaml').diagnostics.find(({ code }) => code === 'meaning/receptive-field')
  // 1 + 2·1 + 2·2 + 2·4 = 15
  expect(found?.message).toContain(
    'each of the 28x28 positions that `globalAveragePooling2d` pools covers only 15x15 of the 224x224 image',
  )
})

it('two dense layers without an activation between them are a hint', () => {
  expect(told('[4]', '  - dense: { units: 8 }\n  - dense: { units: 2 }\n', 'loss: meanSquaredError\n')).toEqual([
    'hint meaning/linear-stack',
  ])
})
