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
