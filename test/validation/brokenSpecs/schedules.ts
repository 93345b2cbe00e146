/** How the weights are changed: schedules, clipping, decay, accumulation that are misspelt, or do not fit the run. */
import type { BrokenSpec } from './brokenSpec.ts'

const scheduled = (schedule: string, fixed?: string, epochs = 10): BrokenSpec => ({
  title: schedule,
  training: `
    epochs: ${epochs}
    schedule: ${schedule}`,
  ...(fixed !== undefined && { fixed }),
})

const training = (entry: string, fixed?: string): BrokenSpec => ({
  title: entry,
  training: `{ epochs: 2, ${entry}`,
  ...(fixed !== undefined && { fixed }),
})

export const scheduleRows: readonly BrokenSpec[] = [
  // as others write it
  scheduled('CosineAnnealingLR # ✗ schema/unknown-value', 'schedule: cosine'),
  scheduled('cosine_decay # ✗ schema/unknown-value', 'schedule: cosine'),
  scheduled('OneCycleLR # ✗ schema/unknown-value', 'schedule: oneCycle'),
  scheduled('{ StepLR: { every: 3 } } # ✗ schema/unknown-value', 'step: { every: 3 }'),
  scheduled('{ step: { step_size: 3 } } # ✗ schema/unknown-key', 'every: 3'),
  scheduled('{ step: { every: 3, gamma: 0.5 } } # ✗ schema/unknown-key', 'factor: 0.5'),
  scheduled('{ multiStep: { milestones: [3, 6] } } # ✗ schema/unknown-key', 'at: [3, 6]'),
  scheduled('{ cosine: { warmup_epochs: 1 } } # ✗ schema/unknown-key', 'warmup: 1'),
  scheduled('{ cosine: { warmup_steps: 100 } } # ✗ schema/unknown-key'),
  scheduled('{ cosine: { decay_steps: 100 } } # ✗ schema/unknown-key'),
  scheduled('{ oneCycle: { max_lr: 0.1 } } # ✗ schema/unknown-key'),
  {
    title: 'lr_scheduler',
    training: '{ epochs: 5, lr_scheduler: cosine } # ✗ schema/unknown-key',
    fixed: 'schedule: cosine',
  },
  // values
  scheduled('step # ✗ schema/options-required'),
  scheduled('{ step: { factor: 0.5 } } # ✗ schema/missing-key'),
  scheduled('{ step: { every: 0 } } # ✗ schema/out-of-range'),
  scheduled('{ step: { every: 2, factor: 1.5 } } # ✗ schema/out-of-range'),
  scheduled('{ multiStep: { at: [] } } # ✗ schema/wrong-length'),
  scheduled('{ exponential: { factor: 1 } } # ✗ schema/out-of-range'),
  scheduled('{ cosine: { warmup: -1 } } # ✗ schema/out-of-range'),
  scheduled('{ oneCycle: { pctStart: 2 } } # ✗ schema/out-of-range'),
  // against the run
  scheduled('{ cosine: { warmup: 10 } } # ✗ meaning/long-warmup'),
  scheduled('{ constant: { warmup: 12.5 } } # ✗ meaning/long-warmup'),
  scheduled('{ step: { every: 2, warmup: 11 } } # ✗ meaning/long-warmup'),
  scheduled('{ cosine: { epochs: 5 } } # ✗ meaning/short-schedule'),
  scheduled('{ cosine: { epochs: 5, warmup: 4.5, alpha: 0.1 } } # ✗ meaning/short-schedule'),
  scheduled('{ polynomial: { epochs: 9.5 } } # ✗ meaning/short-schedule'),
  scheduled('{ step: { every: 10 } } # ✗ meaning/idle-schedule'),
  scheduled('{ multiStep: { at: [30, 60] } } # ✗ meaning/idle-schedule'),
  scheduled('constant # ✗ meaning/idle-schedule'),
  scheduled('{ polynomial: { endLearningRate: 0.1 } } # ✗ meaning/rising-schedule'),
  scheduled('{ polynomial: { endLearningRate: 0.01 } } # ✗ meaning/rising-schedule'),
  // gradients and weights
  training('clip_norm: 1 } # ✗ schema/unknown-key', 'clipNorm: 1'),
  training('global_clipnorm: 1 } # ✗ schema/unknown-key', 'clipNorm: 1'),
  training('gradient_clip_val: 1 } # ✗ schema/unknown-key', 'clipNorm: 1'),
  training('clipvalue: 1 } # ✗ schema/unknown-key', 'clipValue: 1'),
  training('weight_decay: 0.01 } # ✗ schema/unknown-key', 'weightDecay: 0.01'),
  training('accumulate_grad_batches: 4 } # ✗ schema/unknown-key', 'gradientAccumulation: 4'),
  training('clipNorm: 0 } # ✗ schema/out-of-range'),
  training('clipValue: -1 } # ✗ schema/out-of-range'),
  training('weightDecay: -0.01 } # ✗ schema/out-of-range'),
  training('gradientAccumulation: 0 } # ✗ schema/out-of-range'),
  training('gradientAccumulation: 1.5 } # ✗ schema/wrong-type'),
  training('weightDecay: 10 } # ✗ meaning/weight-decay'),
  training('batchSize: 6000, gradientAccumulation: 11 } # ✗ meaning/batch-exceeds-data'),
  {
    title: 'label_smoothing',
    loss: '{ categoricalCrossentropy: { label_smoothing: 0.1 } } # ✗ schema/unknown-key',
    fixed: 'labelSmoothing: 0.1',
  },
  {
    title: 'labels smoothed away',
    loss: '{ categoricalCrossentropy: { labelSmoothing: 1 } } # ✗ schema/out-of-range',
  },
  {
    title: 'an option of a loss',
    loss: '{ categoricalCrossentropy: { labelSmoothing: -0.1 } } # ✗ schema/out-of-range',
  },
  { title: 'adamw', optimizer: 'adamw # ✗ schema/unknown-value', fixed: 'optimizer: adam' },
  { title: 'nadam', optimizer: 'nadam # ✗ schema/unknown-value', fixed: 'optimizer: adam' },
  {
    title: 'a constraint along an axis that its weight does not have',
    layers: `
    - flatten
    - dense: { units: 10, activation: softmax, biasConstraint: { unitNorm: { axis: 1 } } } # ✗ shape/bad-axis`,
  },
  {
    title: 'a constraint between bounds that cross',
    layers: `
    - flatten
    - dense: { units: 10, activation: softmax, kernelConstraint: { minMaxNorm: { minValue: 1.5 } } } # ✗ schema/out-of-range`,
  },
  {
    title: 'a constraint of a held layer along no axis of its weight',
    layers: `
    - reshape: { targetShape: [28, 28] }
    - bidirectional: { layer: { gru: { units: 2, recurrentConstraint: { maxNorm: { axis: 2 } } } } } # ✗ shape/bad-axis
    - dense: { units: 10, activation: softmax }`,
  },
]
