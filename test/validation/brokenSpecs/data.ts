/** What is made of the samples of a dataset, and does not fit them. */
import type { BrokenSpec } from './brokenSpec.ts'

/** Further lines behind the good spec, which trains on MNIST. */
const also = (title: string, text: string, fixed?: string): BrokenSpec => ({
  title,
  also: text,
  ...(fixed !== undefined && { fixed }),
})

export const dataRows: readonly BrokenSpec[] = [
  also('a crop that may leave nothing', 'augment: [{ randomCrop: { padding: 28 } }] # ✗ meaning/augmentation-misfit'),
  also('a cutout of the whole image', 'augment: [{ cutout: { size: 28 } }] # ✗ meaning/augmentation-misfit'),
  also('no padding', 'augment: [{ randomCrop: { padding: 0 } }] # ✗ schema/out-of-range'),
  also('an augmentation that needs options', 'augment: [randomCrop] # ✗ schema/options-required'),
  also(
    'a rotation by more than a half turn',
    'augment: [{ randomRotation: { degrees: 270 } }] # ✗ schema/out-of-range',
  ),
  also('a misspelt augmentation', 'augment: [randomFlp] # ✗ schema/unknown-value', 'augment: [randomFlip]'),
  also(
    'the augmentation of torchvision',
    'augment: [randomHorizontalFlip] # ✗ schema/unknown-value',
    'augment: [randomFlip]',
  ),
  also('mixing of nothing', 'augment: [{ mixup: { alpha: 0 } }] # ✗ schema/out-of-range'),
  also('the mixup of torchvision', 'augment: [MixUp] # ✗ schema/unknown-value', 'augment: [mixup]'),
  {
    title: 'labels that are mixed, and a loss of numbers of classes',
    loss: 'sparseCategoricalCrossentropy',
    also: 'augment: [mixup] # ✗ meaning/augmentation-misfit',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'labels that are mixed, and a loss of numbers of classes by logits',
    layers: `
    - flatten
    - dense: { units: 10 }`,
    loss: '{ sparseCategoricalCrossentropy: { fromLogits: true } }',
    also: 'augment: [randomRotation: { degrees: 9 }, mixup: { alpha: 1 }] # ✗ meaning/augmentation-misfit',
    fixed: 'fromLogits: true',
  },
  {
    title: 'labels that are mixed, and a margin',
    loss: 'categoricalHinge',
    metrics: '[accuracy]',
    also: 'augment: [mixup] # ✗ meaning/augmentation-misfit',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'labels that are mixed for one unit',
    dataset: '{ synthetic: { shape: [8], classes: 2 } }',
    layers: `
    - dense: { units: 1, activation: sigmoid }`,
    loss: 'binaryCrossentropy',
    also: 'augment: [mixup] # ✗ meaning/augmentation-misfit',
  },
  {
    title: 'batches in which there is nothing to mix',
    training: '{ batchSize: 1 }',
    also: 'augment: [mixup] # ✗ meaning/augmentation-misfit',
  },
  {
    title: 'a flip of rows of numbers, before they are mixed',
    dataset: '{ synthetic: { shape: [8], classes: 3 } }',
    layers: `
    - dense: { units: 3, activation: softmax }`,
    also: 'augment: [randomFlip, mixup] # ✗ meaning/augmentation-misfit',
  },
  also('no number for a channel', 'normalize: { mean: [0, 0], std: [1] } # ✗ meaning/normalize-misfit'),
  also('no deviation', 'normalize: { mean: [0] } # ✗ meaning/normalize-misfit'),
  also('a normalization by nothing', 'normalize: {} # ✗ meaning/normalize-misfit'),
  also(
    'a normalization fitted and stated',
    'normalize: { mean: [0], std: [1], fit: true } # ✗ meaning/normalize-misfit',
  ),
  also('a deviation of 0', 'normalize: { mean: [0], std: [0] } # ✗ schema/out-of-range'),
  also('one augmentation without its list', 'augment: randomFlip # ✗ schema/wrong-type', 'augment: [randomFlip]'),
]
