/** `check --fix`: what a text becomes. Comments, order and layout stay. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { applyFixes } from '../../src/fixes.ts'
import { trimBlock } from '../validation/brokenSpecs/brokenSpec.ts'

interface FixedSpec {
  readonly title: string
  readonly before: string
  /** What rewrites make of it, if suggestions change more. */
  readonly rewritten?: string
  /** What all fixes make of it. */
  readonly after: string
  readonly applied: number
  /** Codes of what only a person can fix. */
  readonly left?: readonly string[]
}

const rows: readonly FixedSpec[] = [
  {
    title: 'a spec written by a Keras user',
    before: `
      # my first net
      name: my net   # a name
      dataset: MNIST
      layers:
        # features
        - Conv2D: { filters: 32, kernel_size: 3x3, padding: SAME, activation: ReLU } # 28x28
        - MaxPooling2D: { pool_size: "2" }

        - Flatten
        - Dropout: { rate: 0.5 }
        - Dense: { units: 10, activation: Softmax }   # ten digits
      optimizer: { Adam: { lr: 0.001 } }
      loss: categorical_crossentropy
      metrics: accuracy
      training: { epochs: 5, batch_size: 32 }
      `,
    after: `
      # my first net
      name: my-net   # a name
      dataset: mnist
      layers:
        # features
        - conv2d: { filters: 32, kernelSize: [3, 3], padding: same, activation: relu } # 28x28
        - maxPooling2d: { poolSize: 2 }

        - flatten
        - dropout: { rate: 0.5 }
        - dense: { units: 10, activation: softmax }   # ten digits
      optimizer: { adam: { learningRate: 0.001 } }
      loss: categoricalCrossentropy
      metrics: [accuracy]
      training: { epochs: 5, batchSize: 32 }
      `,
    applied: 19,
  },
  {
    title: 'a spec written by a PyTorch user, in block style',
    before: `
      name: net
      dataset: mnist
      layers:
        - nn.Conv2d:
            out_channels: 8 # few
            # small
            kernel_size: 3
            bias: no
        - nn.MaxPool2d
        - nn.Flatten
        - nn.Linear:
            out_features: 10
        # no softmax in PyTorch
      loss: CrossEntropyLoss
      optimizer:
        SGD:
          lr: 0.01
      `,
    after: `
      name: net
      dataset: mnist
      layers:
        - conv2d:
            filters: 8 # few
            # small
            kernelSize: 3
            useBias: false
        - maxPooling2d
        - flatten
        - dense:
            units: 10
        # no softmax in PyTorch
      loss: { sparseCategoricalCrossentropy: { fromLogits: true } }
      optimizer:
        sgd:
          learningRate: 0.01
      `,
    applied: 12,
  },
  {
    title: 'options beside their type, and a network that ends wrong',
    before: `
      name: net
      dataset: mnist
      layers:
        - conv2d: # first
          filters: 8
          kernelSize: 3 # small
        - dense: { units: 5 } # the end
      loss: categoricalCrossentropy
      `,
    rewritten: `
      name: net
      dataset: mnist
      layers:
        - conv2d: # first
            filters: 8
            kernelSize: 3 # small
        - dense: { units: 5 } # the end
      loss: categoricalCrossentropy
      `,
    after: `
      name: net
      dataset: mnist
      layers:
        - conv2d: # first
            filters: 8
            kernelSize: 3 # small
        - flatten
        - dense: { units: 10, activation: softmax } # the end
      loss: categoricalCrossentropy
      `,
    applied: 4,
  },
  {
    title: 'shapes',
    before: `
      name: net
      dataset: mnist
      layers:
        - maxPooling2d: # halve
            poolSize: 2 # by two
            expect: [28, 28, 1] # hope
        - conv2d: { filters: 8, kernelSize: 3, strides: 2, dilationRate: 2 }
        - batchNormalization: { axis: 4, momentum: 0.9 }
        - conv2d: { filters: 8, kernelSize: 9 }
      `,
    rewritten: `
      name: net
      dataset: mnist
      layers:
        - maxPooling2d: # halve
            poolSize: 2 # by two
            expect: [28, 28, 1] # hope
        - conv2d: { filters: 8, kernelSize: 3, strides: 2, dilationRate: 2 }
        - batchNormalization: { axis: 4, momentum: 0.9 }
        - conv2d: { filters: 8, kernelSize: 9 }
      `,
    after: `
      name: net
      dataset: mnist
      layers:
        - maxPooling2d: # halve
            poolSize: 2 # by two
            expect: [14, 14, 1] # hope
        - conv2d: { filters: 8, kernelSize: 3, strides: 2 }
        - batchNormalization: { axis: -1, momentum: 0.9 }
        - conv2d: { filters: 8, kernelSize: 9, padding: same }
      `,
    applied: 4,
    left: ['meaning/redundant-bias'],
  },
  {
    title: 'a mistake in an anchored map is mended once, there',
    before: `
      name: net
      dataset: mnist
      x-conv: &conv { kernel_size: 3, act: relu } # both
      layers:
        - conv2d: { <<: *conv, filters: 8 }
        - conv2d: { <<: *conv, filters: 16 }
      `,
    after: `
      name: net
      dataset: mnist
      x-conv: &conv { kernelSize: 3, activation: relu } # both
      layers:
        - conv2d: { <<: *conv, filters: 8 }
        - conv2d: { <<: *conv, filters: 16 }
      `,
    applied: 2,
  },
  {
    title: 'what nobody but the author can know is left',
    before: `
      name: net
      dataset: mnist
      layers:
        - conv2d: { filters: 0, kernel_size: 3 }
        - frobnicate
        - flatten
      `,
    after: `
      name: net
      dataset: mnist
      layers:
        - conv2d: { filters: 0, kernelSize: 3 }
        - frobnicate
        - flatten
      `,
    applied: 1,
    left: ['schema/out-of-range', 'schema/unknown-layer'],
  },
  {
    title: 'hints are left to the author',
    before: `
      name: net
      dataset: mnist
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
        - batchNormalization
      `,
    after: `
      name: net
      dataset: mnist
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
        - batchNormalization
      `,
    applied: 0,
    left: ['meaning/redundant-bias'],
  },
  {
    title: 'keys at the wrong level are moved',
    before: `
      name: net
      dataset: mnist
      epochs: 3
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { batchSize: 32, metrics: [accuracy] }
      `,
    after: `
      name: net
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      training: { batchSize: 32, epochs: 3 }
      metrics: [accuracy]
      `,
    applied: 2,
  },
  {
    title: 'options beside the type of a layer belong to it',
    before: `
      name: net
      dataset: mnist
      layers:
        - type: Flatten
        - class_name: Dense
          config: { units: 10, activation: softmax }
      `,
    after: `
      name: net
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      `,
    applied: 4,
  },
]

const check = (text: string) => checkText(text, 'spec.yaml')

describe('applyFixes', () => {
  it.each(rows)('$title', (row) => {
    const fixed = applyFixes(trimBlock(row.before), check, 'all')
    expect(fixed.text).toBe(trimBlock(row.after))
    expect(fixed.applied).toHaveLength(row.applied)
    const { text } = applyFixes(trimBlock(row.before), check, 'rewrites')
    expect(text).toBe(trimBlock(row.rewritten ?? row.after))
    expect(check(fixed.text).diagnostics.map(({ code }) => code)).toEqual(row.left ?? [])
  })

  it.each(rows)('keeps CRLF line ends: $title', (row) => {
    const [before, after] = [row.before, row.after].map((text) => trimBlock(text).replaceAll('\n', '\r\n'))
    expect(applyFixes(before!, check, 'all').text).toBe(after)
  })

  it('changes nothing in a spec without mistakes', () => {
    expect(applyFixes(rows[0]!.after, check, 'all')).toEqual({ text: rows[0]!.after, applied: [] })
  })
})
