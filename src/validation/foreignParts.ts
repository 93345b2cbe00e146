/**
 * The layers, optimizers, losses, schedules and augmentations of Keras and PyTorch, with their arguments in order, to
 * translate `Dense(10)`, `nn.Linear: [784, 10]` and `BatchNorm2d: { momentum: 0.1 }`. Only parts with positional arguments,
 * other defaults or other units need an entry; other words are aliases of the part.
 */
import { once } from '../system/once.ts'
import { affine, betas, convolution, only, type Args, type Convert } from './foreignArguments.ts'

export interface ForeignPart {
  readonly library: 'keras' | 'torch'
  /** The part of this language. */
  readonly part: string
  /**
   * The arguments in order, each with the name of its option; null if it follows from the shapes or does not change the
   * result; or a function that converts it, and returns undefined if there is no equivalent.
   */
  readonly args: Args
  /** Options to write out, since their defaults differ there. */
  readonly defaults?: Readonly<Record<string, unknown>>
  /** Arguments that must be present; otherwise another part is meant. */
  readonly requires?: readonly string[]
  /** Whether it is meant only if the name includes the module, as in `torch.optim.Adam`. */
  readonly isPrefixed?: boolean
  /** How it differs, if it is similar but not equal. Its fixes are then suggestions. */
  readonly differs?: string
}

/** A part of Keras, whose arguments have the same names as the options here. */
function keras(part: string, options: string, extra: Partial<ForeignPart> = {}): ForeignPart {
  const args = Object.fromEntries(options.split(' ').map((option) => [option, option]))
  return { library: 'keras', part, ...extra, args: { ...args, ...extra.args } }
}

function torch(part: string, args: Args, extra: Partial<ForeignPart> = {}): ForeignPart {
  return { library: 'torch', part, args, ...extra }
}

const fixed = (part: string, options: Readonly<Record<string, unknown>>): ForeignPart =>
  torch(part, {}, { defaults: options })

const convolutionOfKeras = 'filters kernelSize strides padding dataFormat dilationRate groups activation useBias'
const pooling = { kernel_size: 'poolSize', stride: 'strides', padding: only(0), dilation: only(1), return_indices: only(false), ceil_mode: only(false) } as const // prettier-ignore
const averages = { kernel_size: 'poolSize', stride: 'strides', padding: only(0), ceil_mode: only(false), count_include_pad: null } as const // prettier-ignore
const batchNorm = torch(
  'batchNormalization',
  {
    num_features: null,
    eps: 'epsilon',
    // In PyTorch, momentum is the fraction of the new value; in Keras, the fraction of the old one.
    momentum: (value) => (typeof value === 'number' ? { momentum: Number((1 - value).toFixed(12)) } : undefined),
    affine,
    track_running_stats: only(true),
  },
  { defaults: { momentum: 0.9, epsilon: 0.00001 } },
)
const globalPooling = (part: string): ForeignPart =>
  torch(part, { output_size: only(1, [1], [1, 1]) }, { differs: 'it keeps axes of size 1' })
const recurrent = (part: string): ForeignPart =>
  torch(
    part,
    { input_size: null, hidden_size: 'units', num_layers: only(1), bias: 'useBias', batch_first: null, cell: only() },
    { differs: 'it returns the output of every step' },
  )
/** The layer `rnn` with the name of a cell instead of its options. */
const rnnOf = (part: string, ...cells: readonly string[]) =>
  ['cell', 'cell_type'].map((key): [string, ForeignPart] => [
    'RNN',
    { library: 'keras', part, args: { [key]: only(...cells) }, requires: [key] },
  ])
const noise = (part: string) => torch(part, { p: 'rate', inplace: null }, { defaults: { rate: 0.5 } })
const activation = (name: string) => fixed('activation', { activation: name })
const mean = { size_average: null, reduce: null, reduction: only('mean') } as const
const logits = (part: string) =>
  torch(part, { weight: only(null), label_smoothing: only(0), ...mean }, { defaults: { fromLogits: true } })
const smoothing = { label_smoothing: 'labelSmoothing' } as const

/** An optimizer of PyTorch, written with its module; without the module, the optimizer of Keras is meant. */
const ofTorch = (part: string, rate: number, args: Args, extra: Partial<ForeignPart> = {}): ForeignPart =>
  torch(
    part,
    { params: null, lr: 'learningRate', ...args, weight_decay: only(0) },
    { isPrefixed: true, ...extra, defaults: { learningRate: rate, ...extra.defaults } },
  )

/** Keras states rotations as fractions of a full turn; torchvision in degrees. */
const turn: Convert = (value) => {
  const [low = 0, high = 0] = Array.isArray(value) ? (value as unknown[]) : [-Number(value), value]
  const isEven = typeof high === 'number' && high > 0 && high <= 0.5 && low === -high
  return isEven ? { degrees: Number((360 * high).toFixed(9)) } : undefined
}
const degrees: Convert = (value) => {
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : [-Number(value), value]
  return typeof high === 'number' && high > 1 && high <= 180 && low === -high ? { degrees: high } : undefined
}
const evenFactor: Convert = (value) => {
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : [-Number(value), value]
  return typeof high === 'number' && low === -high ? { factor: high } : undefined
}
const borders: Convert = (value) => {
  if (typeof value === 'number') return { padding: value }
  const [left, right, top, bottom] = Array.isArray(value) ? (value as unknown[]) : []
  return bottom === undefined ? undefined : { padding: [[top, bottom], [left, right]] } // prettier-ignore
}

/** Foreign parts by their original names; a name that both libraries use has two entries. */
export const foreignParts = once((): readonly (readonly [name: string, part: ForeignPart])[] => [
  // layers of Keras
  ['Input', keras('input', 'shape')],
  ['InputLayer', keras('input', 'shape')],
  ['Dense', keras('dense', 'units activation useBias kernelInitializer biasInitializer')],
  ['Conv1D', keras('conv1d', convolutionOfKeras)],
  ['Conv2D', keras('conv2d', convolutionOfKeras)],
  ['Conv3D', keras('conv3d', convolutionOfKeras)],
  ['Conv2DTranspose', keras('conv2dTranspose', 'filters kernelSize strides padding')],
  ['Conv3DTranspose', keras('conv3dTranspose', 'filters kernelSize strides padding')],
  ['DepthwiseConv2D', keras('depthwiseConv2d', 'kernelSize strides padding depthMultiplier dataFormat')],
  ['SeparableConv2D', keras('separableConv2d', 'filters kernelSize strides padding dataFormat dilationRate')],
  ...['MaxPooling', 'MaxPool', 'AveragePooling', 'AvgPool'].flatMap((name) =>
    [1, 2, 3].map((axes): [string, ForeignPart] => {
      const part = `${name.startsWith('Max') ? 'max' : 'average'}Pooling${axes}d`
      return [`${name}${axes}D`, keras(part, 'poolSize strides padding dataFormat')]
    }),
  ),
  ['Dropout', keras('dropout', 'rate noiseShape seed')],
  ['SpatialDropout1D', keras('spatialDropout1d', 'rate seed')],
  ['GaussianDropout', keras('gaussianDropout', 'rate seed')],
  ['AlphaDropout', keras('alphaDropout', 'rate noiseShape seed')],
  ['GaussianNoise', keras('gaussianNoise', 'stddev seed')],
  ['Flatten', keras('flatten', 'dataFormat')],
  ['Reshape', keras('reshape', 'targetShape')],
  ['Permute', keras('permute', 'dims')],
  ['RepeatVector', keras('repeatVector', 'n')],
  ['Embedding', keras('embedding', 'inputDim outputDim embeddingsInitializer embeddingsRegularizer embeddingsConstraint maskZero')], // prettier-ignore
  ['LSTM', keras('lstm', 'units activation recurrentActivation useBias')],
  ['GRU', keras('gru', 'units activation recurrentActivation useBias')],
  ['SimpleRNN', keras('simpleRNN', 'units activation useBias')],
  ['Bidirectional', keras('bidirectional', 'layer mergeMode')],
  ['TimeDistributed', keras('timeDistributed', 'layer')],
  ['BatchNormalization', keras('batchNormalization', 'axis momentum epsilon center scale')],
  ['LayerNormalization', keras('layerNormalization', 'axis epsilon center scale')],
  ['Activation', keras('activation', 'activation')],
  ['ReLU', keras('reLU', 'maxValue', { args: { negative_slope: only(0), threshold: only(0) } })],
  ['LeakyReLU', keras('leakyReLU', 'alpha', { args: { negative_slope: 'alpha' }, defaults: { alpha: 0.3 } })],
  ['ELU', keras('elu', 'alpha')],
  ['PReLU', keras('prelu', 'alphaInitializer alphaRegularizer alphaConstraint sharedAxes')],
  ['ThresholdedReLU', keras('thresholdedReLU', 'theta')],
  ['Softmax', keras('softmax', 'axis', { defaults: { axis: -1 } })],
  ['UpSampling2D', keras('upSampling2d', 'size dataFormat interpolation')],
  ['ZeroPadding2D', keras('zeroPadding2d', 'padding dataFormat')],
  ['Cropping2D', keras('cropping2D', 'cropping dataFormat')],
  ['Concatenate', keras('concatenate', 'axis')],
  ['Dot', keras('dot', 'axes normalize')],
  ['Rescaling', keras('rescaling', 'scale offset')],
  ['Resizing', keras('resizing', 'height width interpolation')],
  ['CenterCrop', keras('centerCrop', 'height width')],
  ['Masking', keras('masking', 'maskValue')],
  // layers of PyTorch
  ['Linear', torch('dense', { in_features: null, out_features: 'units', bias: 'useBias' })],
  ['LazyLinear', torch('dense', { out_features: 'units', bias: 'useBias' })],
  ...[1, 2, 3].flatMap((axes): [string, ForeignPart][] => [
    [`Conv${axes}d`, torch(`conv${axes}d`, convolution(true))],
    [`LazyConv${axes}d`, torch(`conv${axes}d`, convolution(false))],
    [`MaxPool${axes}d`, torch(`maxPooling${axes}d`, pooling)],
    [`AvgPool${axes}d`, torch(`averagePooling${axes}d`, averages)],
    [`BatchNorm${axes}d`, batchNorm],
  ]),
  ['AdaptiveAvgPool1d', globalPooling('globalAveragePooling1d')],
  ['AdaptiveAvgPool2d', globalPooling('globalAveragePooling2d')],
  ['AdaptiveMaxPool1d', globalPooling('globalMaxPooling1d')],
  ['AdaptiveMaxPool2d', globalPooling('globalMaxPooling2d')],
  [
    'LayerNorm',
    torch(
      'layerNormalization',
      {
        normalized_shape: (value) => (Array.isArray(value) && value.length > 1 ? undefined : {}),
        eps: 'epsilon',
        elementwise_affine: affine,
      },
      { defaults: { epsilon: 0.00001 } },
    ),
  ],
  ['Dropout', noise('dropout')],
  ['Dropout1d', noise('spatialDropout1d')],
  ['AlphaDropout', noise('alphaDropout')],
  ['Flatten', torch('flatten', { start_dim: only(1), end_dim: only(-1) })],
  ['ReLU', torch('reLU', { inplace: null })],
  ['ReLU6', torch('reLU', { inplace: null }, { defaults: { maxValue: 6 } })],
  ['LeakyReLU', torch('leakyReLU', { negative_slope: 'alpha', inplace: null }, { defaults: { alpha: 0.01 } })],
  ['ELU', torch('elu', { alpha: 'alpha', inplace: null })],
  ['SELU', activation('selu')],
  ['GELU', activation('gelu')],
  ['SiLU', activation('swish')],
  ['Mish', activation('mish')],
  ['Tanh', activation('tanh')],
  ['Sigmoid', activation('sigmoid')],
  ['Softplus', activation('softplus')],
  ['Softsign', activation('softsign')],
  ['PReLU', torch('prelu', { num_parameters: null }, { differs: 'it has a single slope, which starts at 0.25' })],
  ['Softmax', torch('softmax', { dim: (value) => (value === -1 ? { axis: -1 } : value === 1 ? { axis: 1 } : undefined) }, { defaults: { axis: -1 } })], // prettier-ignore
  ['LogSoftmax', torch('softmax', { dim: null }, { differs: 'it returns logarithms' })],
  ['Embedding', torch('embedding', { num_embeddings: 'inputDim', embedding_dim: 'outputDim' })],
  ['LSTM', recurrent('lstm')],
  ['GRU', recurrent('gru')],
  ['RNN', recurrent('simpleRNN')],
  ...rnnOf('lstm', 'lstm', 'LSTM', 'lstmCell', 'LSTMCell'),
  ...rnnOf('gru', 'gru', 'GRU', 'gruCell', 'GRUCell'),
  ...rnnOf('simpleRNN', 'rnn', 'RNN', 'simpleRNN', 'SimpleRNN', 'simpleRNNCell', 'SimpleRNNCell'),
  ['Upsample', torch('upSampling2d', { size: only(null), scale_factor: 'size', mode: 'interpolation', align_corners: null })], // prettier-ignore
  ['UpsamplingNearest2d', torch('upSampling2d', { size: only(null), scale_factor: 'size' })],
  ['ZeroPad2d', torch('zeroPadding2d', { padding: borders })],
  // cells, and what initializes, penalizes and constrains weights
  ...(['LSTM', 'GRU', 'SimpleRNN'] as const).flatMap((name): [string, ForeignPart][] => {
    const part = `${name === 'SimpleRNN' ? 'simpleRNN' : name.toLowerCase()}Cell`
    const gates = name === 'SimpleRNN' ? '' : ' recurrentActivation'
    const cell = keras(part, `units activation${gates} useBias`)
    return [[`${name}Cell`, cell], [name, cell]] // prettier-ignore
  }),
  ['L1', keras('l1', 'l1')],
  ['L2', keras('l2', 'l2')],
  ['L1L2', keras('l1l2', 'l1 l2')],
  ['MaxNorm', keras('maxNorm', 'maxValue axis')],
  ['MinMaxNorm', keras('minMaxNorm', 'minValue maxValue rate axis')],
  ['UnitNorm', keras('unitNorm', 'axis')],
  ['RandomNormal', keras('randomNormal', 'mean stddev seed')],
  ['TruncatedNormal', keras('truncatedNormal', 'mean stddev seed')],
  ['RandomUniform', keras('randomUniform', 'minval maxval seed')],
  ['VarianceScaling', keras('varianceScaling', 'scale mode distribution seed')],
  ['Constant', keras('constant', 'value')],
  ['Orthogonal', keras('orthogonal', 'gain seed')],
  // optimizers
  ['SGD', keras('sgd', 'learningRate', { args: { momentum: only(0), nesterov: only(false) } })],
  ['SGD', keras('momentum', 'learningRate momentum', { args: { nesterov: 'useNesterov' }, requires: ['momentum'] })],
  ['SGD', ofTorch('sgd', 0.001, { momentum: only(0), nesterov: only(false) })],
  ['SGD', ofTorch('momentum', 0.001, { momentum: 'momentum', nesterov: 'useNesterov' }, { requires: ['momentum'] })],
  ['Adam', ofTorch('adam', 0.001, { betas, eps: 'epsilon', amsgrad: only(false) }, { defaults: { epsilon: 1e-8 } })],
  ['Adagrad', ofTorch('adagrad', 0.01, { initial_accumulator_value: 'initialAccumulatorValue' }, { defaults: { initialAccumulatorValue: 0 }, differs: 'its sum of squares starts at 0' })], // prettier-ignore
  ['RMSprop', ofTorch('rmsprop', 0.01, { alpha: 'decay', eps: 'epsilon', momentum: 'momentum', centered: 'centered' }, { defaults: { decay: 0.99, epsilon: 1e-8 } })], // prettier-ignore
  ['Adam', keras('adam', 'learningRate beta1 beta2 epsilon')],
  ['RMSprop', keras('rmsprop', 'learningRate decay momentum epsilon centered', { args: { rho: 'decay' } })],
  ['Adagrad', keras('adagrad', 'learningRate initialAccumulatorValue')],
  ['Adadelta', keras('adadelta', 'learningRate rho epsilon')],
  ['Adamax', keras('adamax', 'learningRate beta1 beta2 epsilon')],
  // losses
  ['CrossEntropyLoss', logits('sparseCategoricalCrossentropy')],
  ['CrossEntropyLoss', torch('categoricalCrossentropy', { ...smoothing, ...mean }, { defaults: { fromLogits: true }, requires: ['label_smoothing'] })], // prettier-ignore
  ['BCEWithLogitsLoss', logits('binaryCrossentropy')],
  ['Huber', keras('huberLoss', 'delta')],
  ['HuberLoss', torch('huberLoss', { reduction: only('mean'), delta: 'delta' })],
  ['SmoothL1Loss', torch('huberLoss', { ...mean, beta: only(1) })],
  // schedules
  ['StepLR', torch('step', { optimizer: null, step_size: 'every', gamma: 'factor' })],
  ['MultiStepLR', torch('multiStep', { optimizer: null, milestones: 'at', gamma: 'factor' })],
  // augmentations
  ['RandomFlip', keras('randomFlip', 'mode', { defaults: { mode: 'horizontalAndVertical' } })],
  ['RandomHorizontalFlip', torch('randomFlip', { p: only(0.5) })],
  ['HorizontalFlip', torch('randomFlip', { p: only(0.5) })],
  ['RandomVerticalFlip', torch('randomFlip', { p: only(0.5) }, { defaults: { mode: 'vertical' } })],
  ['VerticalFlip', torch('randomFlip', { p: only(0.5) }, { defaults: { mode: 'vertical' } })],
  ['RandomRotation', { library: 'keras', part: 'randomRotation', args: { factor: turn } }],
  ['RandomRotation', torch('randomRotation', { degrees })],
  ['RandomBrightness', { library: 'keras', part: 'randomBrightness', args: { factor: evenFactor } }],
  ['RandomContrast', { library: 'keras', part: 'randomContrast', args: { factor: 'factor' } }],
  ['MixUp', keras('mixup', 'alpha')],
  // metrics
  ...[3, 5, 10].flatMap((k) =>
    [`top${k}`, `top${k}Accuracy`, `acc@${k}`].map((name): [string, ForeignPart] => [
      name,
      fixed('topKCategoricalAccuracy', { k }),
    ]),
  ),
])
