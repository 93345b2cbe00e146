/** Parts written as in Keras or PyTorch: what `--fix` makes of them has the same meaning, and a guess is left to its author. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { applyFixes } from '../../src/fixes.ts'

type Section = 'image' | 'vector' | 'layers' | 'spec' | 'values'

/** A spec that holds a text in one of its sections, from `layers` to the end. */
const frames: Readonly<Record<Section, (text: string) => string>> = {
  image: (item) => `name: t\ninput: { shape: [28, 28, 3] }\nlayers:\n  - ${item}\n`,
  vector: (item) => `name: t\ninput: { shape: [784] }\nlayers:\n  - ${item}\n`,
  layers: (lines) => `name: t\ninput: { shape: [28, 28, 3] }\nlayers:\n${lines}\n`,
  spec: (lines) =>
    `name: t\ndataset: cifar10\nlayers:\n  - flatten\n  - dense: { units: 10, activation: softmax }\n${lines}\n`,
  values: (lines) => `name: t\ninput: { shape: [8] }\nlayers:\n  - dense: { units: 3 }\n${lines}\n`,
}

describe('a rewrite keeps the meaning', () => {
  it.each<[Section, written: string, meant: string]>([
    // arguments by position
    ['vector', 'Dense(10)', 'dense: { units: 10 }'],
    ['vector', "Dense(10, activation='relu')", 'dense: { units: 10, activation: relu }'],
    ['vector', 'layers.Dense(units=10, use_bias=False)', 'dense: { units: 10, useBias: false }'],
    ['vector', 'tf.keras.layers.Dense(10, "relu")', 'dense: { units: 10, activation: relu }'],
    ['vector', 'nn.Linear(784, 10)', 'dense: { units: 10 }'],
    ['vector', 'Linear: [784, 10]', 'dense: { units: 10 }'],
    [
      'vector',
      'nn.Linear: { in_features: 784, out_features: 10, bias: false }',
      'dense: { units: 10, useBias: false }',
    ],
    [
      'vector',
      'Dense(10, kernel_initializer=RandomNormal(stddev=0.01), kernel_regularizer=l2(0.01))',
      'dense: { units: 10, kernelInitializer: { randomNormal: { stddev: 0.01 } }, kernelRegularizer: { l2: { l2: 0.01 } } }',
    ],
    ['vector', 'dense: 10', 'dense: { units: 10 }'],
    ['image', 'Conv2D(32, 3)', 'conv2d: { filters: 32, kernelSize: 3 }'],
    ['image', 'Conv2D(32, (3, 3), strides=2)', 'conv2d: { filters: 32, kernelSize: [3, 3], strides: 2 }'],
    ['image', 'nn.Conv2d(3, 32, 3)', 'conv2d: { filters: 32, kernelSize: 3 }'],
    ['image', 'MaxPooling2D(2)', 'maxPooling2d: { poolSize: 2 }'],
    ['image', 'MaxPool2d: 2', 'maxPooling2d: { poolSize: 2 }'],
    ['image', 'nn.MaxPool2d(kernel_size=2, stride=2)', 'maxPooling2d: { poolSize: 2, strides: 2 }'],
    ['image', 'Dropout(0.5)', 'dropout: { rate: 0.5 }'],
    ['image', 'nn.Dropout(p=0.2)', 'dropout: { rate: 0.2 }'],
    ['image', 'Dropout: 0.25', 'dropout: { rate: 0.25 }'],
    ['image', 'ZeroPad2d: [1, 2, 3, 4]', 'zeroPadding2d: { padding: [[3, 4], [1, 2]] }'],
    // defaults that differ
    ['image', 'nn.Dropout', 'dropout: { rate: 0.5 }'],
    ['image', 'nn.LeakyReLU', 'leakyReLU: { alpha: 0.01 }'],
    ['image', 'LeakyReLU: { negative_slope: 0.2 }', 'leakyReLU: { alpha: 0.2 }'],
    ['image', 'BatchNorm2d', 'batchNormalization: { momentum: 0.9, epsilon: 0.00001 }'],
    ['image', 'nn.BatchNorm2d(3, momentum=0.01)', 'batchNormalization: { momentum: 0.99, epsilon: 0.00001 }'],
    [
      'image',
      'BatchNorm2d: { num_features: 3, momentum: 0.2, eps: 0.001 }',
      'batchNormalization: { momentum: 0.8, epsilon: 0.001 }',
    ],
    ['image', 'BatchNormalization', 'batchNormalization'],
    ['image', 'nn.GELU', 'activation: { activation: gelu }'],
    ['image', 'nn.ReLU6()', 'reLU: { maxValue: 6 }'],
    ['image', 'nn.ReLU(inplace=True)', 'reLU'],
    // paddings
    [
      'image',
      'conv2d: { filters: 8, kernelSize: 3, padding: 1 }',
      'conv2d: { filters: 8, kernelSize: 3, padding: same }',
    ],
    [
      'image',
      'conv2d: { filters: 8, kernelSize: 5, padding: 2 }',
      'conv2d: { filters: 8, kernelSize: 5, padding: same }',
    ],
    [
      'image',
      'conv2d: { filters: 8, kernelSize: 3, padding: 0 }',
      'conv2d: { filters: 8, kernelSize: 3, padding: valid }',
    ],
    ['image', 'nn.Conv2d(3, 8, 3, padding=1)', 'conv2d: { filters: 8, kernelSize: 3, padding: same }'],
    [
      'image',
      'conv2d: { filters: 8, kernelSize: 3, strides: 2, padding: 1 }',
      'zeroPadding2d: { padding: 1 }\n  - conv2d: { filters: 8, kernelSize: 3, strides: 2 }',
    ],
    [
      'image',
      'nn.Conv2d(3, 8, 5, padding=1)',
      'zeroPadding2d: { padding: 1 }\n  - conv2d: { filters: 8, kernelSize: 5 }',
    ],
    // augmentations
    ['spec', 'augment: [RandomRotation: 0.1]', 'augment: [randomRotation: { degrees: 36 }]'],
    ['spec', 'augment: [RandomRotation: { factor: 0.05 }]', 'augment: [randomRotation: { degrees: 18 }]'],
    ['spec', 'augment: [RandomRotation(0.25)]', 'augment: [randomRotation: { degrees: 90 }]'],
    ['spec', 'augment: [RandomRotation: { factor: [-0.1, 0.1] }]', 'augment: [randomRotation: { degrees: 36 }]'],
    ['spec', 'augment: [transforms.RandomRotation(15)]', 'augment: [randomRotation: { degrees: 15 }]'],
    ['spec', 'augment: [RandomContrast: 0.2]', 'augment: [randomContrast: { factor: 0.2 }]'],
    ['spec', 'augment: [RandomFlip: horizontal]', 'augment: [randomFlip: { mode: horizontal }]'],
    ['spec', 'augment: [RandomFlip]', 'augment: [randomFlip: { mode: horizontalAndVertical }]'],
    ['spec', 'augment: [RandomHorizontalFlip]', 'augment: [randomFlip]'],
    ['spec', 'augment: [RandomVerticalFlip]', 'augment: [randomFlip: { mode: vertical }]'],
    // optimizers
    ['spec', 'optimizer: { sgd: { momentum: 0.9 } }', 'optimizer: { momentum: { momentum: 0.9 } }'],
    [
      'spec',
      'optimizer: { SGD: { lr: 0.1, momentum: 0.9, nesterov: true } }',
      'optimizer: { momentum: { learningRate: 0.1, momentum: 0.9, useNesterov: true } }',
    ],
    [
      'spec',
      'optimizer: SGD(learning_rate=0.1, momentum=0.9)',
      'optimizer: { momentum: { learningRate: 0.1, momentum: 0.9 } }',
    ],
    ['spec', 'optimizer: { Adam: { lr: 1e-3 } }', 'optimizer: { adam: { learningRate: 1e-3 } }'],
    ['spec', 'optimizer: { type: adam, lr: 0.01 }', 'optimizer: { adam: { learningRate: 0.01 } }'],
    ['spec', 'optimizer:\n  name: Adam\n  lr: 0.01 # high', 'optimizer:\n  adam:\n    learningRate: 0.01 # high'],
    // losses and metrics, whatever the shapes say
    ['spec', 'loss: mse', 'loss: meanSquaredError'],
    ['values', 'loss: mae', 'loss: meanAbsoluteError'],
    ['values', 'loss: nn.CrossEntropyLoss', 'loss: { sparseCategoricalCrossentropy: { fromLogits: true } }'],
    [
      'values',
      'loss: CrossEntropyLoss(label_smoothing=0.1)',
      'loss: { categoricalCrossentropy: { fromLogits: true, labelSmoothing: 0.1 } }',
    ],
    ['values', 'loss: BCEWithLogitsLoss', 'loss: { binaryCrossentropy: { fromLogits: true } }'],
    ['values', 'loss: SmoothL1Loss', 'loss: huberLoss'],
    ['values', 'loss: nn.HuberLoss(delta=2.0)', 'loss: { huberLoss: { delta: 2 } }'],
    ['spec', 'metrics: [top5]', 'metrics: [topKCategoricalAccuracy: { k: 5 }]'],
    // callbacks and schedules
    [
      'spec',
      'training: { epochs: 9, callbacks: [EarlyStopping(patience=3)] }',
      'callbacks: [earlyStopping: { patience: 3 }]',
    ],
    [
      'spec',
      'training: { epochs: 9, callbacks: [{ type: EarlyStopping, patience: 3 }] }',
      'callbacks: [earlyStopping: { patience: 3 }]',
    ],
    [
      'spec',
      'training: { epochs: 9, schedule: { StepLR: { step_size: 3, gamma: 0.5 } } }',
      'schedule: { step: { every: 3, factor: 0.5 } }',
    ],
    // the type as a key
    [
      'layers',
      '  - type: Conv2D # first\n    filters: 8 # few\n    kernel_size: 3',
      '  - conv2d: # first\n      filters: 8 # few\n      kernelSize: 3',
    ],
    ['image', '{ type: Conv2D, filters: 8, kernel_size: 3 }', 'conv2d: { filters: 8, kernelSize: 3 }'],
    ['layers', '  - type: Flatten', '  - flatten'],
    ['layers', '  - class_name: Dropout\n    config: { rate: 0.3 }', '  - dropout: { rate: 0.3 }'],
    ['layers', '  - Conv2D:\n    filters: 8\n    kernel_size: 3', '  - conv2d:\n      filters: 8\n      kernelSize: 3'],
    [
      'layers',
      '  - nn.Conv2d:\n      in_channels: 3 # colours\n      out_channels: 8 # few\n      kernel_size: 3',
      '  - conv2d:\n      filters: 8 # few\n      kernelSize: 3',
    ],
  ])('%s: %s is %s', (section, written, meant) => {
    const text = frames[section](written)
    expect(applyFixes(text, (changed) => checkText(changed, 't.yaml'), 'rewrites').text).toContain(meant)
    const offered = checkText(text, 't.yaml').diagnostics.flatMap(({ fixes }) => fixes)
    expect(offered.map(({ kind }) => kind)).toContain('rewrite')
  })
})

describe('a guess is a suggestion, which rewriting leaves alone', () => {
  it.each<[Section, written: string, suggested: string]>([
    ['image', 'LeakyReLU', 'leakyReLU: { alpha: 0.3 }'],
    ['image', 'leaky_relu', 'leakyReLU: { alpha: 0.3 }'],
    ['image', 'convd2d: { filters: 8, kernelSize: 3 }', 'conv2d: { filters: 8, kernelSize: 3 }'],
    ['image', 'conv2d: { filters: 8, kernalSize: 3 }', 'conv2d: { filters: 8, kernelSize: 3 }'],
    ['image', 'conv2d: { filters: 8, kernelSize: 3, activation: rleu }', 'activation: relu'],
    ['image', 'nn.LogSoftmax', 'softmax'],
    ['spec', 'optimizer: nadam', 'optimizer: adam'],
    ['spec', 'optimizer: AdamW', 'optimizer: adam'],
    ['spec', 'loss: nn.CrossEntropyLoss', 'loss: categoricalCrossentropy'],
    ['spec', 'loss: NLLLoss', 'loss: sparseCategoricalCrossentropy'],
    ['spec', 'training: { epochs: 9, schedule: CosineAnnealingLR }', 'schedule: cosine'],
    ['spec', 'augment: [randomCrop: 4]', 'augment: [randomCrop: { padding: 4 }]'],
    ['image', 'conv2d: { filters: 8, kernelSize: 31 }', 'conv2d: { filters: 8, kernelSize: 31, padding: same }'],
  ])('%s: %s', (section, written, suggested) => {
    const text = frames[section](written)
    expect(applyFixes(text, (changed) => checkText(changed, 't.yaml'), 'rewrites').text).toBe(text)
    expect(applyFixes(text, (changed) => checkText(changed, 't.yaml'), 'all').text).toContain(suggested)
  })

  it('follows for what is written within a guess', () => {
    const text = frames.image('convd2d: { filters: 8, kernel_size: 3 }')
    expect(applyFixes(text, (changed) => checkText(changed, 't.yaml'), 'rewrites').text).toBe(text)
  })
})

describe('what has no counterpart is named, and nothing is made of it', () => {
  it.each<[Section, written: string, help: RegExp]>([
    ['image', 'groupNormalization', /no group normalization.*`layerNormalization`/],
    ['image', 'nn.GroupNorm: { num_groups: 2, num_channels: 4 }', /no group normalization/],
    ['spec', 'augment: [RandomZoom: 0.1]', /the closest is `randomCrop`/],
    ['spec', 'augment: [RandomTranslation: 0.1]', /`padding` is the number of pixels/],
    ['spec', 'augment: [RandomRotation: { factor: [0, 0.1] }]', /randomRotation/],
    ['values', 'loss: SmoothL1Loss(beta=0.5)', /huberLoss/],
    ['image', 'conv2d: { filters: 8, kernelSize: 3, activation: leaky_relu }', /the layer `leakyReLU/],
    ['image', 'nn.Conv2d(3, 8, 3, groups=3)', /./],
  ])('%s: %s', (section, written, help) => {
    const text = frames[section](written)
    const { diagnostics } = checkText(text, 't.yaml')
    expect(diagnostics[0]!.help).toMatch(help)
    expect(applyFixes(text, (changed) => checkText(changed, 't.yaml'), 'rewrites').text).toBe(text)
  })
})
