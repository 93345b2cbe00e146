/** The words of other libraries for keys, options and parts of this language: those of a part are its aliases, the rest are here. */
import { foldSpelling, type ForeignWords } from '../diagnostics/didYouMean.ts'
import type { PartDef } from '../language/schema.ts'
import { augmentationTable } from '../parts/augmentations/table.ts'
import { callbackTable } from '../parts/callbacks/table.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { layerTable } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { scheduleTable } from '../parts/schedules/table.ts'

/**
 * Of the general words below, those whose meaning differs from that of the word they lead to: in a default, in what a
 * value counts, or in what is computed. They are suggestions; all others are rewritten.
 */
const approximateGeneralWords = [
  'kernel filtersize window windowsize pool poolingsize channels features size rate mode paddingidx threshold',
  'numparameters dim axes order dims perm noise affine elementwiseaffine decayrate kernelinitializer',
  'kernelregularizer kernelconstraint merge objective model network input inbound train data times repeats shape',
  'newshape nnlstmcell nngrucell nnrnncell rnncell hardtanh',
].flatMap((line) => line.split(' '))

/**
 * What users of Keras, PyTorch and older TensorFlow type by habit, folded to letters and digits in lower case, with the
 * word of tf.layers for it. Words that differ only in case or punctuation (`kernel_size`, `Conv2D`) need no row.
 * A word counts only where a word that it stands for is allowed.
 */
const generalWords: ForeignWords = {
  // options
  stride: 'strides',
  kernel: 'kernelSize',
  kernelsizes: 'kernelSize',
  filtersize: 'kernelSize',
  window: 'poolSize',
  windowsize: 'poolSize',
  pool: 'poolSize',
  poolingsize: 'poolSize',
  outchannels: 'filters',
  channels: 'filters',
  numfilters: 'filters',
  outfeatures: 'units',
  features: 'units',
  numunits: 'units',
  neurons: 'units',
  hiddensize: 'units',
  dilation: 'dilationRate',
  dilations: 'dilationRate',
  pad: 'padding',
  act: 'activation',
  nonlinearity: 'activation',
  bias: 'useBias',
  p: 'rate',
  prob: 'rate',
  dropout: 'rate',
  dropoutrate: 'rate',
  lr: 'learningRate',
  rate: 'learningRate',
  stepsize: ['learningRate', 'every'],
  eps: 'epsilon',
  nesterov: 'useNesterov',
  rho: 'decay',
  bs: 'batchSize',
  parameters: 'params',
  maxparams: 'params',
  ram: 'memory',
  mem: 'memory',
  vram: 'memory',
  batch: 'batchSize',
  epoch: 'epochs',
  nepochs: 'epochs',
  numepochs: 'epochs',
  maxepochs: 'epochs',
  randomseed: 'seed',
  randomstate: 'seed',
  valsplit: 'validationSplit',
  criterion: 'loss',
  lossfunction: 'loss',
  objective: 'loss',
  optim: 'optimizer',
  optimiser: 'optimizer',
  data: 'dataset',
  model: 'layers',
  network: 'layers',
  input: 'inputs',
  inbound: 'inputs',
  inboundnodes: 'inputs',
  size: 'shape',
  inputshape: 'shape',
  imagesize: 'size',
  imgsize: 'size',
  targetsize: 'size',
  train: 'training',
  fit: 'training',
  kernelsize: 'poolSize',
  scalefactor: 'size',
  upscale: 'size',
  upsamplingfactor: 'size',
  mode: 'interpolation',
  numembeddings: 'inputDim',
  vocabsize: 'inputDim',
  vocabularysize: 'inputDim',
  maxtokens: 'inputDim',
  embeddingdim: 'outputDim',
  embeddingsize: 'outputDim',
  dimension: 'outputDim',
  paddingidx: 'maskZero',
  negativeslope: 'alpha',
  slope: 'alpha',
  threshold: 'theta',
  maxval: 'maxValue',
  numparameters: 'sharedAxes',
  dim: 'axis',
  order: 'dims',
  perm: 'dims',
  axes: 'axis',
  newshape: 'targetShape',
  shape: 'targetShape',
  outputshape: 'targetShape',
  dims: 'targetShape',
  std: 'stddev',
  sigma: 'stddev',
  noise: 'stddev',
  times: 'n',
  repeats: 'n',
  crop: 'cropping',
  merge: 'mergeMode',
  rnn: 'layer',
  module: 'layer',
  cells: 'cell',
  kernelinitializer: 'depthwiseInitializer',
  kernelregularizer: 'depthwiseRegularizer',
  kernelconstraint: 'depthwiseConstraint',
  recurrentdropoutrate: 'recurrentDropout',
  forgetbias: 'unitForgetBias',
  affine: 'scale',
  elementwiseaffine: 'scale',
  channelmultiplier: 'depthMultiplier',
  globalclipnorm: 'clipNorm',
  gradclipnorm: 'clipNorm',
  gradientclipnorm: 'clipNorm',
  gradientclipping: 'clipNorm',
  gradientclipval: 'clipNorm',
  clipgradnorm: 'clipNorm',
  maxgradnorm: 'clipNorm',
  clipgradvalue: 'clipValue',
  wd: 'weightDecay',
  gradientaccumulationsteps: 'gradientAccumulation',
  accumulategradbatches: 'gradientAccumulation',
  gradaccumsteps: 'gradientAccumulation',
  gradaccum: 'gradientAccumulation',
  smoothing: 'labelSmoothing',
  classweight: 'classWeights',
  // schedules
  scheduler: 'schedule',
  lrscheduler: 'schedule',
  lrschedule: 'schedule',
  learningrateschedule: 'schedule',
  learningratescheduler: 'schedule',
  gamma: 'factor',
  decayrate: 'factor',
  period: 'every',
  milestones: 'at',
  boundaries: 'at',
  warmupepochs: 'warmup',
  endlr: 'endLearningRate',
  minlr: ['endLearningRate', 'minLearningRate'],
  // layers
  nnlstmcell: 'lstmCell',
  nngrucell: 'gruCell',
  nnrnncell: 'simpleRNNCell',
  rnncell: 'simpleRNNCell',
  // activations, losses, metrics, optimizers
  none: 'linear',
  identity: 'linear',
  hardtanh: 'tanh',
  // augmentations
  augmentation: 'augment',
  augmentations: 'augment',
  transforms: 'augment',
}

const parts: readonly (readonly [string, PartDef])[] = [
  layerTable,
  lossTable,
  metricTable,
  optimizerTable,
  scheduleTable,
  callbackTable,
  augmentationTable,
  datasetTable,
].flatMap((table) => Object.entries<PartDef>(table))

const aliases = parts.flatMap(([part, { aliases: { same = [], near = [] } = {} }]) => [
  ...same.map((word) => ({ word: foldSpelling(word), part, isNear: false })),
  ...near.map((word) => ({ word: foldSpelling(word), part, isNear: true })),
])

export const approximateWords: ReadonlySet<string> = new Set([
  ...approximateGeneralWords,
  ...aliases.filter(({ isNear }) => isNear).map(({ word }) => word),
])

export const foreignWords: ForeignWords = composeWords()

function composeWords(): ForeignWords {
  const words = new Map(Object.entries(generalWords).map(([word, meanings]) => [word, [meanings].flat()]))
  for (const { word, part } of aliases) words.set(word, [...new Set([...(words.get(word) ?? []), part])])
  return Object.fromEntries(words)
}
