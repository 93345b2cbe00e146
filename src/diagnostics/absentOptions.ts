/**
 * Options that Keras, PyTorch or tf.layers itself give a layer and a spec does not, folded to letters and digits in lower
 * case, with the sentence that says why, or what to write instead. One counts only where no option has its meaning.
 */
const input = 'shapes follow from the data: state that of one sample once, by `input: { shape: [28, 28, 1] }`'
const batch = 'the batch is no part of a spec’s shapes: its size is `batchSize` in `training`'
const precision = 'there is nothing to choose: TensorFlow.js computes in 32 bits'
const state = 'a layer has one output here, and keeps no state between batches, which training shuffles'

export const absentOptions: Readonly<Record<string, string>> = {
  inputshape: input,
  inputdim: input,
  inputlength: input,
  inchannels: input,
  infeatures: input,
  inputsize: input,
  batchinputshape: batch,
  batchshape: batch,
  batchsize: batch,
  batchfirst: 'leave it out: the batch always comes first',
  timemajor: 'leave it out: the batch always comes first, then the steps',
  dtype: precision,
  inputdtype: precision,
  dtypepolicy: precision,
  autocast: precision,
  device: 'where it is computed is chosen for a run: `train --backend auto|node|wasm|cpu`',
  sparse: 'leave it out: every input is dense',
  ragged: 'leave it out: samples have one shape; `null` in it is a size known only at run time',
  weights: 'a layer begins by its initializers: weights cannot be stated in a spec',
  returnstate: state,
  stateful: state,
  initialstate: 'leave it out: a sequence begins with a state of zeros',
  unroll: 'leave it out: TensorFlow.js always takes the steps one by one',
  usecudnn: 'leave it out: there is one way to compute it',
  zerooutputformask: 'leave it out: TensorFlow.js repeats the last output where a step is masked',
  numlayers: 'write one layer below the other, each but the last with `returnSequences: true`',
  groups: 'TensorFlow.js has no grouped convolution: `depthwiseConv2d` and `separableConv2d` work channel by channel',
  keepdims: 'leave it out, and put `reshape` behind the layer where the axes are needed',
  dataformat: 'leave it out: this layer takes the channels as the last axis only',
  paddingmode: 'leave it out: borders are padded with zeros',
  ceilmode: 'use `padding: same`, which keeps windows that reach over the border',
  countincludepad: 'leave it out: padding is never averaged',
  inplace: 'leave it out: TensorFlow.js manages memory itself',
  trackrunningstats: 'leave it out: moving averages are always kept, and used in prediction',
}

const inEpochs = 'lengths of schedules are in epochs: `warmup: 1` is one, and a part of one, such as 0.5, will do'
const inTraining = (key: string) => `state it in \`training\`: \`${key}\``
const ofOptimizer = 'a schedule begins with the `learningRate` of the optimizer: state it there'

/** As `absentOptions`, of the optimizer, the loss and the section `training`. */
export const absentTrainingOptions: Readonly<Record<string, string>> = {
  warmupsteps: inEpochs,
  totalsteps: inEpochs,
  tmax: inEpochs,
  maxlr: ofOptimizer,
  maxlearningrate: ofOptimizer,
  initiallearningrate: ofOptimizer,
  initiallr: ofOptimizer,
  warmuptarget: ofOptimizer,
  etamin: 'state what is left as a part of the learning rate: `alpha: 0.01`',
  basemomentum: 'leave it out: the momentum stays what it is',
  maxmomentum: 'leave it out: the momentum stays what it is',
  cyclemomentum: 'leave it out: the momentum stays what it is',
  threephase: 'leave it out: the learning rate rises once and falls once',
  weightdecay: 'state it in `training`: `weightDecay: 0.01`, which acts as in AdamW, whatever the optimizer',
  l2: 'state `weightDecay` in `training`, or `kernelRegularizer` in the layers',
  clipnorm: inTraining('clipNorm'),
  globalclipnorm: inTraining('clipNorm'),
  maxgradnorm: inTraining('clipNorm'),
  clipvalue: inTraining('clipValue'),
  gradientaccumulationsteps: inTraining('gradientAccumulation'),
  labelsmoothing: 'it is an option of the loss: `loss: { categoricalCrossentropy: { labelSmoothing: 0.1 } }`',
  betas: 'write them one by one: `beta1: 0.9, beta2: 0.999`',
  schedule: inTraining('schedule'),
  decaysteps: inEpochs,
  amsgrad: 'leave it out: TensorFlow.js has no AMSGrad, nor have we',
  dampening: 'leave it out: the gradient counts in full',
  maximize: 'leave it out: losses are made small',
  foreach: 'leave it out: there is one way to compute it',
  fused: 'leave it out: there is one way to compute it',
  capturable: 'leave it out: there is one way to compute it',
  differentiable: 'leave it out: there is one way to compute it',
  jitcompile: 'leave it out: there is one way to compute it',
  useema: 'leave it out: there are no moving averages of weights',
  emamomentum: 'leave it out: there are no moving averages of weights',
  lossscalefactor: 'leave it out: TensorFlow.js computes in 32 bits, which need no scaling',
  classweight: inTraining('classWeights'),
  classweights: inTraining('classWeights'),
  posweight: inTraining('classWeights'),
  weight: inTraining('classWeights'),
  reduction: 'leave it out: a loss is the mean over the batch',
  ignoreindex: 'leave it out: every label counts',
  staircase: 'use the schedule `step`, which falls in steps',
}
