/** The words of other libraries for keys, options and parts of this language: the aliases of all parts, and general names. */
import { foldSpelling, type ForeignWords } from '../diagnostics/didYouMean.ts'
import { once } from '../system/once.ts'
import { activationTable } from '../language/activations.ts'
import type { Aliases, Names } from '../language/schema.ts'
import { augmentationTable } from '../parts/augmentations/table.ts'
import { callbackTable } from '../parts/callbacks/table.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { cellTable } from '../parts/layers/recurrent.ts'
import { layerTable } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { scheduleTable } from '../parts/schedules/table.ts'

/** The names of keys, and of options that many parts have. */
const generalNames: Readonly<Record<string, Names>> = {
  strides: { same: ['stride'] },
  kernelSize: { same: ['kernelSizes'], near: ['kernel', 'filterSize'] },
  poolSize: { same: ['kernel_size'], near: ['window', 'windowSize', 'pool', 'poolingSize'] },
  filters: { same: ['out_channels', 'num_filters'], near: ['channels'] },
  units: { same: ['out_features', 'num_units', 'neurons', 'hidden_size', 'state_size'], near: ['features'] },
  dilationRate: { same: ['dilation', 'dilations'] },
  padding: { same: ['pad'] },
  activation: { same: ['act', 'nonlinearity'] },
  useBias: { same: ['bias'] },
  rate: { same: ['p', 'prob', 'dropout', 'dropoutRate'] },
  learningRate: { same: ['lr', 'step_size'], near: ['rate'] },
  epsilon: { same: ['eps'] },
  batchSize: { same: ['bs', 'batch'] },
  params: { same: ['parameters', 'maxParams'] },
  memory: { same: ['ram', 'mem', 'vram'] },
  epochs: { same: ['epoch', 'n_epochs', 'num_epochs', 'max_epochs'] },
  seed: { same: ['random_seed', 'random_state'] },
  validationSplit: { same: ['val_split'] },
  loss: { same: ['criterion', 'lossFunction'], near: ['objective'] },
  optimizer: { same: ['optim', 'optimiser'] },
  dataset: { near: ['data'] },
  layers: { near: ['model', 'network'] },
  inputs: { same: ['inbound_nodes'], near: ['input', 'inbound'] },
  training: { same: ['fit'], near: ['train'] },
  axis: { near: ['dim', 'axes'] },
  vars: { same: ['variables', 'constants'] },
  blocks: { near: ['definitions', 'modules', 'functions'] },
  clipNorm: {
    same: [
      'global_clipnorm',
      'grad_clip_norm',
      'gradient_clip_norm',
      'gradient_clipping',
      'gradient_clip_val',
      'clip_grad_norm',
      'max_grad_norm',
    ],
  },
  clipValue: { same: ['clip_grad_value'] },
  weightDecay: { same: ['wd'] },
  gradientAccumulation: {
    same: ['gradient_accumulation_steps', 'accumulate_grad_batches', 'grad_accum_steps', 'grad_accum'],
  },
  classWeights: { same: ['class_weight'] },
  schedule: { same: ['scheduler', 'lr_scheduler', 'lr_schedule', 'learning_rate_schedule', 'LearningRateScheduler'] },
  glorotUniform: { same: ['xavier_uniform'] },
  glorotNormal: { same: ['xavier_normal'] },
  heUniform: { same: ['kaiming_uniform'] },
  heNormal: { same: ['kaiming_normal'] },
  augment: { same: ['augmentation', 'augmentations', 'transforms'] },
  path: { same: ['directory', 'dir', 'root', 'folder', 'data_dir', 'file', 'filename', 'file_path'] },
  label: { same: ['target', 'label_column', 'target_column'], near: ['output', 'y'] },
  from: { near: ['path', 'file', 'checkpoint'] },
  testSplit: { same: ['test_size', 'test_fraction'] },
  number: { same: ['numeric', 'numerical'], near: ['float', 'int', 'integer', 'continuous'] },
  oneHot: { near: ['category', 'categorical'] },
  values: { near: ['regression', 'continuous'] },
  classes: { near: ['classification', 'categorical'] },
  standard: { same: ['zscore', 'standardize', 'StandardScaler'] },
  minMax: { same: ['MinMaxScaler'] },
}

const tables = [
  layerTable,
  cellTable,
  activationTable,
  lossTable,
  metricTable,
  optimizerTable,
  scheduleTable,
  callbackTable,
  augmentationTable,
  datasetTable,
]

const names = once(() => {
  const parts = tables.flatMap((table) => Object.entries<{ readonly aliases?: Aliases }>(table))
  const ofParts = parts.flatMap(([part, { aliases: { options, ...own } = {} }]) =>
    Object.entries<Names>({ ...options, [part]: own }),
  )
  return [...Object.entries(generalNames), ...ofParts]
})

/**
 * Maps each foreign word, folded to letters and digits in lower case, to all words that it may mean. It is translated only
 * where one of these is allowed.
 */
export const foreignWords = once((): ForeignWords => {
  const words = new Map<string, string[]>()
  for (const [meaning, { same = [], near = [] }] of names()) {
    for (const word of [...same, ...near].map(foldSpelling)) {
      const known = words.get(word) ?? []
      if (!known.includes(meaning)) words.set(word, [...known, meaning])
    }
  }
  return Object.fromEntries(words)
})

/** The folded words that differ from all their translations: in a default, in the unit of a value, or in the computation. */
export const approximateWords = once(
  (): ReadonlySet<string> => new Set(names().flatMap(([, { near = [] }]) => near.map(foldSpelling))),
)
