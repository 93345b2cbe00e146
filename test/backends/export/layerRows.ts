/** For each layer type, the options with which its export is compared with Keras. */
import { activationNames } from '../../../src/language/activations.ts'

export interface LayerRows {
  /** The shape of a sample, or of each input. */
  readonly inputs: readonly (readonly number[])[]
  /** Each is compared by itself; those that `check` refuses are left out. */
  readonly options: readonly Options[]
  /** As of a `Network`. */
  readonly below?: number
  readonly maskValue?: number
}

type Options = Readonly<Record<string, unknown>>

/** Every combination of the values. */
function each(values: Readonly<Record<string, readonly unknown[]>>): Options[] {
  return Object.entries(values).reduce<Options[]>(
    (all, [key, choices]) => all.flatMap((options) => choices.map((value) => ({ ...options, [key]: value }))),
    [{}],
  )
}

const [vector, sequence, image, volume] = [[7], [8, 5], [9, 7, 3], [7, 6, 5, 2]] as const
const [paddings, formats, flags] = [
  ['valid', 'same'],
  ['channelsLast', 'channelsFirst'],
  [false, true],
] as const
const twoVectors = [vector, vector]
const onlyDefaults: readonly Options[] = [{}]

const convolution = (required: Options): Options[] =>
  [
    ...each({ padding: paddings, strides: [1, 2, [1, 3]], kernelSize: [2, [3, 2]] }),
    ...each({ padding: paddings, dilationRate: [2, [1, 2]], kernelSize: [3] }),
    ...each({ dataFormat: formats, useBias: flags, kernelSize: [2] }),
  ].map((options) => ({ ...required, ...options }))
const line = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [key, Array.isArray(value) ? value[1] : value]))
const inSpace = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [key, Array.isArray(value) ? [...value, 2] : value]))

const pooling: readonly Options[] = [
  ...each({ poolSize: [2, [3, 2]], strides: [1, 2, [3, 1]], padding: paddings }),
  ...each({ poolSize: [2], padding: paddings, dataFormat: formats }),
]
const steps = each({ returnSequences: flags, goBackwards: flags, useBias: flags })
const gated = [
  ...steps,
  ...each({ recurrentActivation: ['sigmoid', 'hardSigmoid', 'tanh'], activation: ['tanh', 'relu'] }),
]
const cells = ['simpleRNNCell', 'gruCell', 'lstmCell']

export const layerRows = {
  input: { inputs: [vector], options: onlyDefaults },
  conv1d: { inputs: [sequence], options: convolution({ filters: 3 }).map(line) },
  conv2d: { inputs: [image], options: convolution({ filters: 3 }) },
  conv3d: { inputs: [volume], options: convolution({ filters: 3 }).map(inSpace) },
  separableConv2d: {
    inputs: [image],
    options: [...convolution({ filters: 3 }), ...convolution({ filters: 4, depthMultiplier: 2 })],
  },
  depthwiseConv2d: { inputs: [image], options: [...convolution({}), ...convolution({ depthMultiplier: 2 })] },
  conv2dTranspose: { inputs: [image], options: convolution({ filters: 3 }) },
  conv3dTranspose: {
    inputs: [volume],
    options: [
      ...each({ padding: paddings, strides: [1, 2, [1, 2, 2]], kernelSize: [2, [3, 2, 2]], useBias: flags }),
      { dataFormat: 'channelsFirst', kernelSize: 2, useBias: false },
    ].map((one) => ({ filters: 3, ...one })),
  },
  maxPooling1d: { inputs: [sequence], options: pooling.map(line) },
  maxPooling2d: { inputs: [image], options: pooling },
  maxPooling3d: { inputs: [volume], options: pooling.map(inSpace) },
  minPooling2d: { inputs: [image], options: pooling },
  averagePooling1d: { inputs: [sequence], options: pooling.map(line) },
  averagePooling2d: { inputs: [image], options: pooling },
  averagePooling3d: { inputs: [volume], options: pooling.map(inSpace) },
  globalMaxPooling1d: { inputs: [sequence], options: onlyDefaults },
  globalMaxPooling2d: { inputs: [image], options: each({ dataFormat: formats }) },
  globalAveragePooling1d: { inputs: [sequence], options: onlyDefaults },
  globalAveragePooling2d: { inputs: [image], options: each({ dataFormat: formats }) },
  zeroPadding2d: {
    inputs: [image],
    options: each({
      padding: [
        1,
        [2, 1],
        [
          [0, 1],
          [2, 0],
        ],
      ],
      dataFormat: formats,
    }),
  },
  cropping2D: {
    inputs: [image],
    options: each({
      cropping: [
        1,
        [2, 1],
        [
          [0, 1],
          [2, 0],
        ],
      ],
      dataFormat: formats,
    }),
  },
  upSampling2d: {
    inputs: [image],
    options: each({ size: [2, [3, 1], [1, 2]], interpolation: ['nearest', 'bilinear'], dataFormat: formats }),
  },
  flatten: { inputs: [image], options: each({ dataFormat: formats }) },
  reshape: { inputs: [[4, 6]], options: each({ targetShape: [[24], [3, 8], [2, -1, 3]] }) },
  permute: {
    inputs: [image],
    options: each({
      dims: [
        [3, 1, 2],
        [2, 1, 3],
      ],
    }),
  },
  repeatVector: { inputs: [vector], options: [{ n: 3 }] },
  dense: {
    inputs: [sequence],
    options: [...each({ units: [4], activation: activationNames }), { units: 3, useBias: false, trainable: false }],
  },
  embedding: { inputs: [[6]], below: 5, options: each({ inputDim: [5], outputDim: [3], maskZero: flags }) },
  simpleRNN: {
    inputs: [sequence],
    options: [...steps, { activation: 'relu', returnSequences: true }].map((one) => ({ units: 3, ...one })),
  },
  gru: { inputs: [sequence], options: [...gated, { resetAfter: true }].map((one) => ({ units: 3, ...one })) },
  lstm: { inputs: [sequence], options: gated.map((one) => ({ units: 3, ...one })) },
  rnn: {
    inputs: [sequence],
    options: each({
      cell: [
        ...cells.map((cell) => ({ [cell]: { units: 3 } })),
        [{ lstmCell: { units: 3 } }, { simpleRNNCell: { units: 2, activation: 'relu' } }],
      ],
      returnSequences: flags,
      goBackwards: flags,
    }),
  },
  convLstm2d: {
    inputs: [[3, 6, 5, 2]],
    options: [...each({ padding: paddings, strides: [1, 2] }), ...steps].map((one) => ({
      filters: 2,
      kernelSize: [2, 3],
      ...one,
    })),
  },
  bidirectional: {
    inputs: [sequence],
    options: each({
      layer: [
        ...each({ returnSequences: flags, goBackwards: flags }).map((one) => ({ lstm: { units: 3, ...one } })),
        { gru: { units: 2, returnSequences: true } },
        { simpleRNN: { units: 2 } },
      ],
      mergeMode: ['concat', 'sum', 'mul', 'ave'],
    }),
  },
  timeDistributed: {
    inputs: [[4, 6, 5, 2]],
    options: each({
      layer: [
        { dense: { units: 3, activation: 'softmax' } },
        { conv2d: { filters: 2, kernelSize: 2 } },
        { flatten: {} },
        { upSampling2d: { interpolation: 'bilinear' } },
        { resizing: { height: 3, width: 4 } },
        { globalAveragePooling2d: {} },
        { thresholdedReLU: { theta: 0.5 } },
      ],
    }),
  },
  activation: { inputs: [sequence], options: each({ activation: activationNames }) },
  reLU: { inputs: [image], options: [{}, { maxValue: 0.4 }] },
  leakyReLU: { inputs: [image], options: [{}, { alpha: 0.2 }] },
  elu: { inputs: [image], options: [{}, { alpha: 0.5 }] },
  prelu: { inputs: [image], options: [{}, { sharedAxes: [1, 2] }] },
  softmax: { inputs: [image], options: each({ axis: [-1, 1, 2, 3, [1, 2], [-1, -3]] }) },
  thresholdedReLU: { inputs: [image], options: [{ theta: 0.6 }, { theta: 0.3 }] },
  batchNormalization: {
    inputs: [image],
    options: each({ axis: [-1, 1, 2], scale: flags, center: flags, epsilon: [0.01] }),
  },
  layerNormalization: {
    inputs: [image],
    options: each({ axis: [-1, 1, [1, 2], [2, 3]], scale: flags, center: flags, epsilon: [0.001, 0.1] }),
  },
  dropout: { inputs: [vector], options: [{ rate: 0.4 }] },
  spatialDropout1d: { inputs: [sequence], options: [{ rate: 0.4 }] },
  alphaDropout: { inputs: [vector], options: [{ rate: 0.4 }] },
  gaussianDropout: { inputs: [vector], options: [{ rate: 0.4 }] },
  gaussianNoise: { inputs: [vector], options: each({ stddev: [0.5, 3] }) },
  masking: { inputs: [sequence], maskValue: 0.5, options: each({ maskValue: [0, 0.5] }) },
  add: { inputs: twoVectors, options: onlyDefaults },
  average: { inputs: twoVectors, options: onlyDefaults },
  multiply: { inputs: twoVectors, options: onlyDefaults },
  maximum: { inputs: twoVectors, options: onlyDefaults },
  minimum: { inputs: twoVectors, options: onlyDefaults },
  concatenate: { inputs: [sequence, sequence], options: each({ axis: [-1, 1, 2] }) },
  dot: {
    inputs: [
      [4, 5],
      [4, 5],
    ],
    options: each({ axes: [1, 2, -1, [1, 1]], normalize: flags }),
  },
  rescaling: { inputs: [image], options: [{ scale: 0.5 }, { scale: 2, offset: -1 }] },
  resizing: {
    inputs: [image],
    options: each({ height: [1, 4, 9, 20], width: [1, 5, 13], interpolation: ['nearest', 'bilinear'] }),
  },
  centerCrop: { inputs: [image], options: each({ height: [4, 9], width: [4, 3] }) },
  categoryEncoding: { inputs: [[4]], below: 5, options: each({ numTokens: [5], outputMode: ['multiHot', 'count'] }) },
  // Keras 3 has no such layer: the export refuses it.
  randomWidth: { inputs: [image], options: [] },
} satisfies Readonly<Record<string, LayerRows>>

const words = (layers: string) =>
  `input: { shape: [7] }\nlayers:\n  - embedding: { inputDim: 3, outputDim: 4, maskZero: true }\n${layers}`
const marked = (layers: string) => `input: { shape: [7, 4] }\nlayers:\n  - masking: { maskValue: 0.5 }\n${layers}`

/** What Keras reads of a mask, and what becomes of it on the way. */
export const maskedNetworks: Readonly<Record<string, string>> = {
  average: words('  - globalAveragePooling1d\n'),
  averageBehind: words('  - rescaling: { scale: 2 }\n  - elu\n  - globalAveragePooling1d\n'),
  maximum: words('  - globalMaxPooling1d\n'),
  flat: words('  - flatten\n  - dense: { units: 2 }\n'),
  ...Object.fromEntries(
    ['simpleRNN', 'gru', 'lstm'].flatMap((type) =>
      ['', ', returnSequences: true', ', goBackwards: true', ', returnSequences: true, goBackwards: true'].map(
        (options, index) => [`${type}${index}`, marked(`  - ${type}: { units: 3${options} }\n`)],
      ),
    ),
  ),
  twoInTurn: words('  - lstm: { units: 3, returnSequences: true }\n  - gru: { units: 2 }\n'),
  cells: words('  - rnn: { cell: [{ lstmCell: { units: 3 } }, { gruCell: { units: 2 } }] }\n'),
  bothWays: words('  - bidirectional: { layer: { lstm: { units: 3 } } }\n'),
  bothWaysAll: words(
    '  - bidirectional: { layer: { gru: { units: 3, returnSequences: true } }, mergeMode: sum }\n  - flatten\n',
  ),
  bothWaysAverage: words(
    '  - bidirectional: { layer: { lstm: { units: 3, returnSequences: true } } }\n  - globalAveragePooling1d\n',
  ),
  eachStep: marked('  - timeDistributed: { layer: { dense: { units: 3 } } }\n  - lstm: { units: 2 }\n'),
  eachStepAverage: `input: { shape: [5, 4] }\nlayers:\n  - embedding: { inputDim: 3, outputDim: 2, maskZero: true }\n  - timeDistributed: { layer: { globalAveragePooling1d: {} } }\n`,
  normalized: marked(
    '  - layerNormalization\n  - dense: { units: 3, activation: relu }\n  - dropout: { rate: 0.2 }\n  - lstm: { units: 2 }\n',
  ),
  ...Object.fromEntries(
    ['add', 'multiply', 'average', 'maximum', 'minimum', 'concatenate'].map((merge) => [
      `${merge}OfTwo`,
      `layers:
  - input: { name: left, shape: [7] }
  - input: { name: right, shape: [7] }
  - embedding: { name: leftWords, inputs: left, inputDim: 3, outputDim: 4, maskZero: true }
  - embedding: { name: rightWords, inputs: right, inputDim: 3, outputDim: 4, maskZero: true }
  - ${merge}: { inputs: [leftWords, rightWords] }
  - ${merge === 'concatenate' ? 'lstm: { units: 3 }' : 'globalAveragePooling1d'}
`,
    ]),
  ),
  joinedWithUnmasked: `layers:
  - input: { name: left, shape: [7] }
  - embedding: { name: leftWords, inputs: left, inputDim: 3, outputDim: 4, maskZero: true }
  - embedding: { name: rightWords, inputs: left, inputDim: 3, outputDim: 4 }
  - concatenate: { inputs: [leftWords, rightWords] }
  - lstm: { units: 3 }
`,
}
