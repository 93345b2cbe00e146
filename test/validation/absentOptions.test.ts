/** Options that other libraries have and a spec has not are told with the reason, and with no fix that guesses. */
import { expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { applyEdits } from '../../src/diagnostics/diagnostic.ts'
import { applyFixes } from '../../src/fixes.ts'
import { absentValues } from '../../src/validation/absentValues.ts'
import { absentOptions, absentTrainingOptions } from '../../src/diagnostics/absentOptions.ts'
import { foldSpelling } from '../../src/diagnostics/didYouMean.ts'

it.each([
  ['lstm: { units: 4, return_state: true }', 'one output'],
  ['dense: { units: 4, stateful: true }', 'keeps no state between batches'],
  ['lstm: { units: 4, dtype: float16 }', 'float32'],
  ['dense: { units: 4, input_shape: [3] }', '`input: { shape:'],
  ['dense: { units: 4, batch_input_shape: [null, 3] }', '`batchSize` in `training`'],
  ['input: { shape: [4], sparse: true }', 'every input is dense'],
  ['input: { shape: [4], batchShape: [null, 4] }', '`batchSize` in `training`'],
  ['conv1d: { filters: 4, kernelSize: 3, groups: 2 }', '`depthwiseConv2d`'],
  ['maxPooling1d: { data_format: channels_first }', 'last axis'],
  ['globalMaxPooling1d: { keepdims: true }', '`reshape`'],
  ['bidirectional: { layer: { gru: { units: 4, return_state: true } } }', 'one output'],
])('%s', (layer, reason) => {
  const items = layer.startsWith('input') ? [layer, 'reLU'] : ['input: { shape: [8, 4] }', layer]
  const text = `name: t\nlayers:\n${items.map((item) => `  - ${item}\n`).join('')}`
  const errors = checkText(text, 't.yaml').diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors.map(({ code, fixes }) => [code, fixes])).toEqual([['schema/unknown-key', []]])
  expect(errors[0]!.help).toContain(reason)
})

it('`stateful` of a recurrent layer is reported with its requirements', () => {
  const text = 'name: t\nlayers:\n  - input: { shape: [8, 4] }\n  - lstm: { units: 4, stateful: true }\n'
  const { diagnostics } = checkText(text, 't.yaml')
  expect(diagnostics.map(({ code }) => code)).toContain('engine/not-implemented')
  expect(diagnostics.find(({ code }) => code === 'engine/not-implemented')!.message).toContain('training shuffles')
})

it.each<[section: string, reason: string, moved?: string]>([
  ['optimizer: { adam: { weight_decay: 0.01 } }', '`weightDecay: 0.01`', 'training: { weightDecay: 0.01 }'],
  ['optimizer: { adam: { betas: 0.9 } }', '`beta1: 0.9, beta2: 0.999`'],
  ['optimizer: { sgd: { clipnorm: 1 } }', '`training`: `clipNorm`', 'training: { clipNorm: 1 }'],
  ['optimizer: { sgd: { global_clipnorm: 1 } }', '`training`: `clipNorm`', 'training: { clipNorm: 1 }'],
  ['optimizer: { adam: { amsgrad: true } }', 'AMSGrad'],
  [
    'optimizer: { adam: { gradient_accumulation_steps: 4 } }',
    '`gradientAccumulation`',
    'training: { gradientAccumulation: 4 }',
  ],
  ['loss: { sparseCategoricalCrossentropy: { label_smoothing: 0.1 } }', 'categoricalCrossentropy: { labelSmoothing'],
  ['training: { label_smoothing: 0.1 }', 'option of the loss'],
  ['training: { schedule: { cosine: { decay_steps: 1000 } } }', 'in epochs'],
])('%s', (section, reason, moved) => {
  const text = `name: t\ninput: { shape: [8] }\nlayers:\n  - dense: { units: 4, activation: softmax }\n${section}\n`
  const errors = checkText(text, 't.yaml').diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors.map(({ code }) => code)).toEqual(['schema/unknown-key'])
  expect(errors[0]!.help).toContain(reason)
  const fixed = errors[0]!.fixes.map(({ edits }) => applyEdits(text, edits))
  expect(fixed).toEqual(moved === undefined ? [] : [expect.stringContaining(moved)])
})

it.each([
  ['conv1d: { filters: 4, kernelSize: 3, groups: 1 }', 'conv1d: { filters: 4, kernelSize: 3 }'],
  ['conv1d: { filters: 4, kernelSize: 3, bias: false }', 'conv1d: { filters: 4, kernelSize: 3, useBias: false }'],
  ['conv1d: { groups: 1, filters: 4, padding_mode: zeros, kernelSize: 3 }', 'conv1d: { filters: 4, kernelSize: 3 }'],
  ['dropout: { rate: 0.2, inplace: true }', 'dropout: { rate: 0.2 }'],
  ['globalMaxPooling1d: { keepdims: false }', 'globalMaxPooling1d: {}'],
  ['maxPooling1d: { data_format: channels_last, ceil_mode: false }', 'maxPooling1d: {}'],
  ['lstm: { units: 4, return_state: false, unroll: true }', 'lstm: { units: 4 }'],
  ['gru: { units: 4, num_layers: 1, batch_first: true }', 'gru: { units: 4 }'],
  ['dense: { units: 4, dtype: float32, input_shape: null }', 'dense: { units: 4 }'],
  ['batchNormalization: { affine: true, track_running_stats: true }', 'batchNormalization: {}'],
  ['batchNormalization: { affine: false }', 'batchNormalization: { center: false, scale: false }'],
  [
    'layerNormalization:\n      elementwise_affine: false # as in the paper\n      epsilon: 0.01',
    'layerNormalization:\n      center: false\n      scale: false # as in the paper\n      epsilon: 0.01',
  ],
])('%s needs no more than %s', (written, meant) => {
  const text = `name: t\nlayers:\n  - input: { shape: [8, 4] }\n  - ${written}\n`
  expect(applyFixes(text, (changed) => checkText(changed, 't.yaml')).text).toContain(`  - ${meant}\n`)
})

it.each([
  ['optimizer: { adam: { amsgrad: false } }', 'optimizer: { adam: {} }'],
  ['optimizer: { adam: { betas: [0.9, 0.99], foreach: true } }', 'optimizer: { adam: { beta1: 0.9, beta2: 0.99 } }'],
  ['optimizer: { sgd: { dampening: 0, weight_decay: 0 } }', 'optimizer: { sgd: {} }'],
  ['optimizer: { sgd: { clipnorm: null, use_ema: false, ema_momentum: 0.99 } }', 'optimizer: { sgd: {} }'],
  ['loss: { meanSquaredError: { reduction: mean } }', 'loss: { meanSquaredError: {} }'],
])('%s needs no more than %s', (written, meant) => {
  const text = `name: t\ninput: { shape: [8] }\nlayers: [{ dense: { units: 4 } }]\n${written}\n`
  expect(applyFixes(text, (changed) => checkText(changed, 't.yaml')).text).toContain(`\n${meant}\n`)
})

it('has words in the form in which they are looked up', () => {
  const absent = { ...absentOptions, ...absentTrainingOptions }
  expect(Object.keys(absentValues).filter((word) => !Object.hasOwn(absent, word))).toEqual([])
  const words = Object.keys(absent)
  expect(words.filter((word) => foldSpelling(word) !== word)).toEqual([])
})
