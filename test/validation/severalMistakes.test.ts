/** Independent mistakes of one spec are all told in one run, and what merely follows from them is not. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { LineIndex } from '../../src/diagnostics/positions.ts'
import { readBrokenSpec, trimBlock, type BrokenSpec } from './brokenSpecs/brokenSpec.ts'

/** Each marked line holds one mistake, and no other line holds any. */
const rows: readonly BrokenSpec[] = [
  {
    title: 'a mistake in each section',
    name: 'my net # ✗ schema/bad-name',
    layers: `
      - conv2d: { filters: 8, kernel_size: 3 } # ✗ schema/unknown-key
      - flatten
      - dense: { units: 5, activation: softmax } # ✗ meaning/class-count`,
    optimizer: '{ sgd: { lr: 0.1 } } # ✗ schema/unknown-key',
    metrics: '[acc] # ✗ schema/unknown-value',
    training: '{ batch_size: 32 } # ✗ schema/unknown-key',
  },
  {
    title: 'keys that are none hide no mistake of the section that holds them',
    optimizer: `
      sgd:
        learningRate: 200 # ✗ meaning/learning-rate
        nu: 3 # ✗ schema/unknown-key`,
    training: `
      epochs: 5
      patience: 3 # ✗ schema/unknown-key
      verbose: 1 # ✗ schema/unknown-key
      callbacks:
        - earlyStopping: { monitor: val_loss } # ✗ meaning/unknown-monitor
        - earlyStopping: { monitor: loss, patience: 10 } # ✗ meaning/idle-callback`,
  },
  {
    title: 'a key misspelt where a mistake of the text keeps the rest from being read as mended',
    layers: `
      - flatten
      - dense: { units: 10, units: 10, activation: softmax } # ✗ source/duplicate-key`,
    training: '{ epochs: 10, schedule: { step: { Every: 30 } } } # ✗ schema/unknown-key',
  },
  {
    title: 'a mistake in each option',
    layers: `
      - conv2d:
          filters: 0 # ✗ schema/out-of-range
          kernel_size: 3 # ✗ schema/unknown-key
          padding: SAME # ✗ schema/unknown-value
          useBias: yes # ✗ schema/wrong-type
      - flatten
      - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'equal tuples, and a foreign layer behind them',
    layers: `
      - conv2d: { filters: 8, kernelSize: 3, strides: (2, 2) } # ✗ source/tuple
      - Conv2D: # ✗ schema/unknown-layer
          filters: 8
          kernel_size: 3 # ✗ schema/unknown-key
      - maxPooling2d: { poolSize: 2, strides: (2, 2) } # ✗ source/tuple
      - flatten
      - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'a mistake in a foreign layer',
    layers: `
      - Conv2D: # ✗ schema/unknown-layer
          filters: 8
          kernel_size: 3 # ✗ schema/unknown-key
      - flatten
      - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'a broken layer hides no mistake of the layers before it',
    layers: `
      - conv2d: { filters: 8, kernelSize: 30 } # ✗ shape/kernel-exceeds-input
      - maxPooling2d: { poolSize: 0 } # ✗ schema/out-of-range
      - flatten
      - dense: { units: 5, activation: softmax }`,
  },
  {
    title: 'nothing follows from a layer without a shape',
    layers: `
      - flatten
      - conv2d: { filters: 8, kernelSize: 3 } # ✗ shape/wrong-rank
      - maxPooling2d: { poolSize: 40 }
      - conv2d: { filters: 8, kernelSize: 3, strides: 2, dilationRate: 2 }
      - dense: { units: 5 }`,
  },
  {
    title: 'two branches, a mistake in each',
    layers: `
      - input: { name: image, shape: [28, 28, 1] }
      - conv2d: { name: left, inputs: image, filters: 8, kernelSize: 30 } # ✗ shape/kernel-exceeds-input
      - conv2d: { name: right, inputs: image, filters: 8, kernelSize: [3, 29] } # ✗ shape/kernel-exceeds-input
      - flatten
      - dense: { units: 10, activation: softmax }`,
    outputs: '[dense, left]',
  },
  {
    title: 'expect is wrong and the layers behind it are judged by the proven shape',
    layers: `
      - conv2d: { filters: 8, kernelSize: 3, expect: [28, 28, 8] } # ✗ shape/expect-not-met
      - maxPooling2d: { poolSize: 27 } # ✗ shape/kernel-exceeds-input
      - flatten
      - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'an unknown input, and a mistake elsewhere',
    layers: `
      - conv2d: { name: a, filters: 8, kernelSize: 30 } # ✗ shape/kernel-exceeds-input
      - flatten: { inputs: xyzzy } # ✗ graph/unknown-input
      - dense: { units: 5 }`,
  },
  {
    title: 'activation and classes',
    layers: `
      - flatten
      - dense:
          units: 5 # ✗ meaning/class-count
          activation: sigmoid # ✗ meaning/loss-activation`,
  },
  {
    title: 'two keys are missing, which is told once',
    layers: `
      - conv2d: {} # ✗ schema/missing-key
      - flatten
      - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'a key stands twice, and another is foreign',
    layers: `
      - flatten
      - dense: { units: 10, activation: softmax }`,
    training: `
      epochs: 1
      epochs: 2 # ✗ source/duplicate-key
      batch_size: 3 # ✗ schema/unknown-key`,
  },
  {
    title: 'an alias of nothing, and a mistake elsewhere',
    layers: `
      - conv2d: *conv # ✗ source/unknown-alias
      - flatten
      - dense: { units: 10, activation: softmax }`,
    optimizer: '{ sgd: { lr: 0.1 } } # ✗ schema/unknown-key',
  },
  {
    title: 'the dataset is unknown, and a layer is broken',
    dataset: 'minst # ✗ schema/unknown-value',
    layers: `
      - flatten
      - dense: { unit: 10, activation: softmax } # ✗ schema/unknown-key`,
  },
  {
    title: 'an unknown dataset leaves no shapes, and nothing follows',
    dataset: 'imagenet # ✗ schema/unknown-value',
    layers: `
      - conv2d: { filters: 8, kernelSize: 30 }
      - flatten
      - dense: { units: 5 }`,
  },
]

describe('several mistakes', () => {
  it.each(rows.map((row) => [row.title, row] as const))('%s', (_title, row) => {
    const { text, mistakes } = readBrokenSpec(row)
    const problems = checkText(text, 'spec.yaml').diagnostics.filter(({ severity }) => severity !== 'hint')
    const lines = new LineIndex(text)
    const found = problems.map(({ code, span }) => ({ code, line: lines.position(span.start).line }))
    expect(found, problems.map(({ message }) => message).join('\n')).toEqual(mistakes)
  })

  it('names every missing key in one message', () => {
    const { text } = readBrokenSpec(rows.find(({ title }) => title.startsWith('two keys are missing'))!)
    expect(checkText(text, 'spec.yaml').diagnostics[0]?.message).toBe('`conv2d` requires `filters` and `kernelSize`')
  })
})

describe('keys that begin with x-', () => {
  it('are free for notes and anchors, everywhere', () => {
    const text = trimBlock(`
      name: example
      x-note: anything { at all }
      x-conv: &conv { kernelSize: 3, padding: same, x-why: edges matter }
      dataset: mnist
      layers:
        - conv2d: { <<: *conv, filters: 8 }
        - conv2d:
            <<: *conv
            filters: 16
            padding: valid
            x-tried: [8, 16]
        - flatten
        - dense: { units: 10, activation: softmax, x-a: {} }
      optimizer: { sgd: { learningRate: 0.01, x-was: 0.1 } }
      loss: categoricalCrossentropy
      training: { epochs: 1, x-machine: laptop }
      `)
    const { diagnostics, shaped } = checkText(text, 'spec.yaml')
    expect(diagnostics).toEqual([])
    expect(shaped.nodes.map(({ name, shape }) => [name, shape])).toEqual([
      ['input', [28, 28, 1]],
      ['conv2d', [28, 28, 8]],
      ['conv2d_1', [26, 26, 16]],
      ['flatten', [10816]],
      ['dense', [10]],
    ])
  })
})

describe('a shape that falls to zero', () => {
  it('is reported with the chain of shapes that led there', () => {
    const text = trimBlock(`
      name: example
      dataset: mnist
      layers:
        - maxPooling2d
        - maxPooling2d
        - maxPooling2d
        - maxPooling2d
        - maxPooling2d
        - flatten
      `)
    const [problem, ...others] = checkText(text, 'spec.yaml').diagnostics
    expect(others).toEqual([])
    expect(problem?.message).toContain('⌊(1 - 2) / 2⌋ + 1 = 0')
    expect(problem?.related.map(({ message }) => message)).toEqual([
      'its input comes from `maxPooling2d_3`: 28x28x1 → 14x14x1 → 7x7x1 → 3x3x1 → 1x1x1',
    ])
  })
})
