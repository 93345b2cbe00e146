/**
 * Options of layers in Keras, PyTorch or tf.layers that a spec does not have, folded to letters and digits in lower case,
 * each with the reason or what to write instead. An entry applies only where no option of the language has its meaning.
 */
const input = 'shapes follow from the data; give the shape of one sample once, with `input: { shape: [28, 28, 1] }`'
const batch = 'shapes omit the batch; its size is `batchSize` in `training`'
const precision = 'remove it: TensorFlow.js always computes in float32'
const state = 'remove it: a layer has one output and keeps no state between batches'

export const absentOptions: Readonly<Record<string, string>> = {
  inputshape: input,
  inputdim: input,
  inputlength: input,
  inchannels: input,
  infeatures: input,
  inputsize: input,
  paddingidx: 'write `maskZero: true`, for which 0 is padding that recurrent layers skip',
  batchinputshape: batch,
  batchshape: batch,
  batchsize: batch,
  batchfirst: 'remove it: the batch axis always comes first',
  timemajor: 'remove it: the axes are always batch, steps, values',
  dtype: precision,
  inputdtype: precision,
  dtypepolicy: precision,
  autocast: precision,
  device: 'the engine is chosen per run: `train --backend webgpu` uses a graphics card',
  sparse: 'remove it: every input is dense',
  ragged: 'remove it: all samples have the same shape; `null` in a shape is a size known only at run time',
  weights: 'remove it: weights are set by initializers and cannot be given in a spec',
  bidirectional: 'put the layer in another one: `bidirectional: { layer: { lstm: { units: 64 } } }`',
  outputpadding: 'remove it: with `padding: same`, the output is the input times the strides',
  normalizedshape: 'remove it: the last axis is normalized; `axis` chooses others',
  returnstate: state,
  stateful: state,
  initialstate: 'remove it: the initial state of a sequence is zero',
  unroll: 'remove it: TensorFlow.js always processes the steps one by one',
  usecudnn: 'remove it: there is only one implementation',
  projsize: 'remove it: the output of a cell is its state',
  returnindices: 'remove it: a layer has one output',
  synchronized: 'remove it: it is for training on several devices',
  affine: 'for `affine: false`, write `center: false, scale: false`',
  elementwiseaffine: 'for `elementwise_affine: false`, write `center: false, scale: false`',
  zerooutputformask: 'remove it: TensorFlow.js repeats the last output at masked steps',
  numlayers: 'write one layer per entry, all but the last with `returnSequences: true`',
  groups:
    'TensorFlow.js has no grouped convolution; `depthwiseConv2d` and `separableConv2d` convolve each channel separately',
  keepdims: 'remove it, and add `reshape` after the layer if the axes are needed',
  dataformat: 'remove it: the channels of this layer are always the last axis',
  paddingmode: 'remove it: padding is always zeros',
  ceilmode: 'use `padding: same`, which keeps windows that extend beyond the border',
  countincludepad: 'remove it: padding is never included in averages',
  inplace: 'remove it: TensorFlow.js manages memory itself',
  trackrunningstats: 'remove it: moving averages are always kept and used in prediction',
}

/** Like `absentOptions`, for layers, optimizers and other parts that this language lacks; no similar word means the same. */
export const absentParts: Readonly<Record<string, string>> = {
  groupnormalization:
    'TensorFlow.js has no group normalization; the closest layers are `layerNormalization` and `batchNormalization`',
  groupnorm:
    'TensorFlow.js has no group normalization; the closest layers are `layerNormalization` and `batchNormalization`',
  instancenorm2d:
    'TensorFlow.js has no instance normalization; the closest is `layerNormalization` with `axis: [1, 2]`',
  unitnormalization: 'TensorFlow.js has no such layer; the closest is `layerNormalization`',
  spectralnormalization: 'TensorFlow.js has no spectral normalization; the closest is the constraint `maxNorm`',
  rmsnormalization: 'TensorFlow.js has no such layer; the closest is `layerNormalization` with `center: false`',
  rmsnorm: 'TensorFlow.js has no such layer; the closest is `layerNormalization` with `center: false`',
  multiheadattention: 'there is no attention layer; build it from `dot` and `softmax`',
  attention: 'there is no attention layer; build it from `dot` and `softmax`',
  sequential: 'write its layers in this list; a list that is used several times is a block of `blocks`',
  modulelist: 'write its layers in this list; a list that is used several times is a block of `blocks`',
  lambda: 'there is no layer for arbitrary code; use the layers that compute the same',
  dropout2d: 'there is no dropout for whole image channels; the closest is `dropout`',
  spatialdropout2d: 'there is no dropout for whole image channels; the closest is `dropout`',
  nadam: 'there is no Nadam; the closest is `adam`, which has no Nesterov momentum',
  adamw: 'use `adam` with `weightDecay` in `training`, which works as in AdamW',
  lion: 'there is no Lion; the closest is `adam`',
  ftrl: 'there is no FTRL; the closest is `adagrad`',
  radam: 'there is no RAdam; the closest is `adam` with a schedule that has a `warmup`',
  randomzoom: 'there is no such augmentation; the closest is `randomCrop`',
  randomtranslation: 'use `randomCrop`; its `padding` is the number of pixels the image may move',
  auc: 'there is no such metric; the closest are `precision` and `recall`',
  f1: 'there is no such metric; it is computed from `precision` and `recall`',
  f1score: 'there is no such metric; it is computed from `precision` and `recall`',
  leakyrelu: 'activations have no options; add the layer `leakyReLU: { alpha: 0.01 }` after this one',
}

const inEpochs = 'durations in schedules are in epochs, such as `warmup: 1`, and may be fractions, such as 0.5'
const inTraining = (key: string) => `move it to \`training\`: \`${key}\``
const ofEarlyStopping = (option: string) =>
  `it is an option of a callback: \`callbacks: [{ earlyStopping: { ${option} } }]\``
const ofCommand = (option: string) => `it is set per run: \`train ${option}\``
const inRunFolder = 'remove it: its files are in the run folder'
const ofOptimizer = 'a schedule starts at the `learningRate` of the optimizer; set it there'

/** Like `absentOptions`, for options of the optimizer, the loss and the section `training`. */
export const absentTrainingOptions: Readonly<Record<string, string>> = {
  warmupsteps: inEpochs,
  totalsteps: inEpochs,
  tmax: inEpochs,
  maxlr: ofOptimizer,
  maxlearningrate: ofOptimizer,
  initiallearningrate: ofOptimizer,
  initiallr: ofOptimizer,
  warmuptarget: ofOptimizer,
  etamin: 'give the final rate as a fraction of the learning rate: `alpha: 0.01`',
  basemomentum: 'remove it: the momentum stays constant',
  maxmomentum: 'remove it: the momentum stays constant',
  cyclemomentum: 'remove it: the momentum stays constant',
  threephase: 'remove it: the learning rate rises once and falls once',
  weightdecay: 'set it in `training`: `weightDecay: 0.01`, which works as in AdamW with every optimizer',
  l2: 'set `weightDecay` in `training`, or `kernelRegularizer` in the layers',
  clipnorm: inTraining('clipNorm'),
  globalclipnorm: inTraining('clipNorm'),
  maxgradnorm: inTraining('clipNorm'),
  clipvalue: inTraining('clipValue'),
  gradientaccumulationsteps: inTraining('gradientAccumulation'),
  labelsmoothing: 'it is an option of the loss: `loss: { categoricalCrossentropy: { labelSmoothing: 0.1 } }`',
  betas: 'write them separately: `beta1: 0.9, beta2: 0.999`',
  schedule: inTraining('schedule'),
  decaysteps: inEpochs,
  amsgrad: 'remove it: AMSGrad is not supported',
  dampening: 'remove it: dampening is not supported',
  maximize: 'remove it: losses are always minimized',
  foreach: 'remove it: there is only one implementation',
  fused: 'remove it: there is only one implementation',
  capturable: 'remove it: there is only one implementation',
  differentiable: 'remove it: there is only one implementation',
  jitcompile: 'remove it: there is only one implementation',
  useema: 'remove it: moving averages of weights are not supported',
  emamomentum: 'remove it: moving averages of weights are not supported',
  emaoverwritefrequency: 'remove it: moving averages of weights are not supported',
  lossscalefactor: 'remove it: TensorFlow.js computes in float32, which needs no loss scaling',
  classweight: inTraining('classWeights'),
  classweights: inTraining('classWeights'),
  posweight: inTraining('classWeights'),
  weight: inTraining('classWeights'),
  reduction: 'remove it: a loss is always the mean over the batch',
  ignoreindex: 'remove it: every label counts',
  earlystopping: inTraining('callbacks: [earlyStopping]'),
  patience: ofEarlyStopping('patience: 3'),
  mindelta: ofEarlyStopping('minDelta: 0.001'),
  restorebestweights: ofEarlyStopping('restoreBestWeights: true'),
  monitor: ofEarlyStopping('monitor: val_loss'),
  reducelronplateau: inTraining('callbacks: [reduceOnPlateau]'),
  checkpoint: inTraining('callbacks: [checkpoint]'),
  modelcheckpoint: inTraining('callbacks: [checkpoint]'),
  tensorboard: inTraining('callbacks: [tensorBoard]'),
  lrscheduler: inTraining('schedule'),
  learningratescheduler: inTraining('schedule'),
  verbose: ofCommand('--quiet'),
  device: ofCommand('--backend webgpu'),
  accelerator: ofCommand('--backend webgpu'),
  numworkers: inTraining('threads'),
  workers: inTraining('threads'),
  validationdata: 'set `validationSplit: 0.1` in `training`, or use the validation samples of the dataset',
  stepsperepoch: 'remove it: an epoch is one pass over all samples',
  validationsteps: 'remove it: all validation samples are used',
  validationfreq: 'remove it: the network is validated after each epoch',
  gpus: ofCommand('--backend auto|node|wasm|cpu'),
  devices: 'the replicas of a step are `threads`; for several machines, `compile --target keras` or `pytorch`',
  strategy: 'the replicas of a step are `threads`; for several machines, `compile --target keras` or `pytorch`',
  distributed: 'the replicas of a step are `threads`; for several machines, `compile --target keras` or `pytorch`',
  filepath: inRunFolder,
  dirpath: inRunFolder,
  filename: inRunFolder,
  logdir: inRunFolder,
  savebestonly: 'for `save_best_only: true`, write `keep: best`',
  saveweightsonly: 'remove it: a checkpoint has all that is needed to resume',
  savefreq: 'write `every: 1, unit: epochs`, or `unit: steps`',
  staircase: 'use the schedule `step`, which lowers the rate in steps',
}

/** The same for options in the section `training` itself, to which nothing has to be moved. */
export const absentInTraining: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(absentTrainingOptions).map(([word, help]) => [word, help.replace(/^move it to `training`:/, 'write')]),
)

const note = 'write it as a comment, or under a key of your own that begins with `x-`'
const engine = 'the engine is chosen per run: `train --backend auto|node|wasm|cpu`'
const logs = 'logs are callbacks: `training: { callbacks: [csvLog, tensorBoard] }`'

/** The same for keys of the spec itself. */
export const absentKeys: Readonly<Record<string, string>> = {
  description: note,
  version: note,
  author: note,
  comment: note,
  notes: note,
  tags: note,
  device: engine,
  devices: engine,
  gpu: engine,
  gpus: engine,
  accelerator: engine,
  logger: logs,
  logging: logs,
  wandb: logs,
  defaults: 'a spec takes what another says with `extends: ./other.yaml`',
  include: 'a spec takes what another says with `extends: ./other.yaml`',
  imports: 'a spec takes what another says with `extends: ./other.yaml`',
  use: 'a spec takes what another says with `extends: ./other.yaml`',
  hydra: 'the run folder is an option of the command: `train --out runs`',
  numclasses: 'remove it: the dataset says how many classes there are',
  pretrained: 'trained weights to start from are `weights: { from: runs/digits }`',
}

/** The same for options of datasets. */
export const absentDataOptions: Readonly<Record<string, string>> = {
  download: 'remove it: `shapewright data get` downloads published datasets',
  train: 'remove it: training and test samples are both read',
  transform: 'changes of training samples are in `augment`, and their scale in `normalize`',
}
