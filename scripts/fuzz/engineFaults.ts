/** Where the engine alone is to blame, and why: differences that the fuzz does not tell. Each entry explains one fault, and no other. */
import type { Difference } from './difference.ts'

export interface EngineFault {
  /** Goes on behind "the engine". */
  readonly reason: string
  applies(difference: Difference): boolean
}

const accepts = ({ kind, code }: Difference, refused: string) => kind === 'engine-accepts' && code === refused

/** The axes of an option that are none of the first input's sample, counted from the batch. */
function axesBeyond({ options, inputShapes }: Difference, option: string): number[] {
  const rank = inputShapes[0]!.length
  const counted = [options[option]].flat().map((axis) => ((axis as number) < 0 ? rank + 1 + (axis as number) : axis))
  return (counted as number[]).filter((axis) => axis < 1 || axis > rank)
}

/** Layers whose dilation is zeros in their kernel, which any stride fits. */
const dilatedByZeros: ReadonlySet<string> = new Set([
  'depthwiseConv2d',
  'separableConv2d',
  'conv2dTranspose',
  'conv3d',
  'conv3dTranspose',
])

export const engineFaults: readonly EngineFault[] = [
  {
    // No fault, but a rule: Keras refuses it for every convolution, and neither library defines what it would give.
    reason: 'computes strides together with dilation',
    applies: (one) => accepts(one, 'shape/strides-with-dilation') && dilatedByZeros.has(one.type),
  },
  {
    // Keras throws; the engine states such sizes, and its run gives none.
    reason: 'builds a layer whose output has a size of zero or below',
    applies: ({ kind, stated }) => kind === 'engine-accepts' && stated!.some((size) => size !== null && size <= 0),
  },
  {
    reason: 'ignores an option: its answer is the same, bit by bit, without it',
    applies: (one) => accepts(one, 'engine/not-implemented') && one.ignoresOption === true,
  },
  {
    reason: 'states a shape of a layer when it is built that its run does not give',
    applies: ({ kind, stated = [], given = [] }) =>
      kind === 'engine-accepts' &&
      (stated.length !== given.length || stated.some((size, axis) => size !== null && size !== given[axis])),
  },
  {
    // Resizing.call hands `!cropToAspectRatio` to resizeBilinear as `alignCorners`.
    reason: 'takes cropToAspectRatio of resizing for how corners are aligned',
    applies: (one) => accepts(one, 'engine/not-implemented') && one.option === 'cropToAspectRatio',
  },
  {
    // Bidirectional.computeOutputShape doubles the last size whatever it is, and null doubled is 0.
    reason: 'counts an open size as 0 where bidirectional doubles it when the network is built',
    applies: ({ onlyWhileOpen, upstream }) => onlyWhileOpen === true && upstream.has('bidirectional'),
  },
  {
    // Dot.build and Dot.computeOutputShape take `shape[axis]`, and undefined equals undefined.
    reason: 'compares the axes of dot without looking whether the inputs have them',
    applies: (one) => accepts(one, 'shape/bad-axis') && one.type === 'dot' && axesBeyond(one, 'axes').length > 0,
  },
  {
    // Only Dot.build compares sizes, for the first use; batchDot multiplies two axes and adds up, and so stretches a 1.
    reason: 'stretches an axis of size 1 where a shared dot is applied to inputs of other sizes',
    applies: (one) =>
      accepts(one, 'shape/incompatible-inputs') &&
      one.type === 'dot' &&
      one.inputShapes.every(({ length }) => length === 1) &&
      one.inputShapes.some(([size]) => size === 1),
  },
  {
    // 0 is the batch; -1, past it, is the last again.
    reason: 'joins the batches, or the last axis, where concatenate is given an axis that is none of the inputs',
    applies: (one) =>
      accepts(one, 'shape/bad-axis') &&
      one.type === 'concatenate' &&
      axesBeyond(one, 'axis').some((axis) => axis === 0 || axis === -1),
  },
  {
    reason: 'normalizes over the batch where layerNormalization is given its axis',
    applies: (one) =>
      accepts(one, 'shape/bad-axis') && one.type === 'layerNormalization' && axesBeyond(one, 'axis').includes(0),
  },
  {
    // RNN.call does not dispose the masks of its cells, as the layers that are named after their cell do.
    reason: 'keeps what the cells of rnn drop in the first step of training for all that follow',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') &&
      holds('rnn', one.type, one.options) &&
      /"(dropout|recurrentDropout)":0\.\d/.test(JSON.stringify(one.options)),
  },
  {
    // ConvLSTM2DCell hands NCHW to the engine, and the fuzz runs on cpu.
    reason:
      'convolves images whose channels come first on cpu, where convLstm2d is given them, and on neither wasm nor node',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') &&
      holds('convLstm2d', one.type, one.options) &&
      JSON.stringify(one.options).includes('"dataFormat":"channelsFirst"'),
  },
  {
    // Keras holds every use to the sizes of the first (prelu.py, input_spec).
    reason: 'stretches the alpha of a shared prelu over an axis that has size 1 in its first use',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'prelu',
  },
  {
    // LayerNormalization.build overwrites `axis`, so that -1 is the last axis of the first use only.
    reason: 'normalizes over an axis in the midst where a shared layerNormalization is given samples of more axes',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'layerNormalization',
  },
  {
    // TimeDistributed.build states the shape without `ndim`, and what is compared are the axes of that shape.
    reason: 'takes samples of more axes in another use of a shared timeDistributed, where the first ones agree',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'timeDistributed',
  },
  {
    // No fault of the engine's: centerCrop lowers to a cropping by the borders that its first use needs.
    reason: 'is given a shared centerCrop as a cropping by fixed borders, which does not fit a use of another size',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'centerCrop',
  },
  {
    // Only `paramShape[axis - 1] = 1` is done with it.
    reason: 'sets the size of shared axes of prelu to 1, whether or not the input has them',
    applies: (one) => accepts(one, 'shape/bad-axis') && one.type === 'prelu' && one.option === 'sharedAxes',
  },
  {
    reason: 'stretches the noise of dropout over axes that its noiseShape leaves out',
    applies: (one) =>
      accepts(one, 'shape/size-mismatch') &&
      ['dropout', 'alphaDropout'].includes(one.type) &&
      (one.options['noiseShape'] as unknown[]).length <= one.inputShapes[0]!.length,
  },
  {
    reason: 'looks up random data that is no index of the vocabulary (no mistake of the spec)',
    // Only these layers look up; the layer that is told may be another one, where what is looked up is drawn anew.
    applies: ({ kind, network, message }) =>
      kind === 'run-refuses' &&
      ((/^GatherV2: the index value -?\d+ is not in/.test(message) && network.has('embedding')) ||
        (message.startsWith('Input values must be between 0 < values <= numTokens') &&
          network.has('categoryEncoding'))),
  },
  {
    reason: 'draws the width of randomWidth in the run, where it does not fit what is behind it',
    // The layer that is told may be another one than that which threw. A width of 1 may fit by chance, each time.
    applies: (one) =>
      (one.network.has('randomWidth') && (one.kind === 'run-refuses' || accepts(one, 'shape/unknown-size'))) ||
      (accepts(one, 'engine/not-implemented') &&
        one.type === 'timeDistributed' &&
        holds('randomWidth', one.type, one.options)),
  },
  {
    // Keras wants a layer with `go_backwards`; here a second one reads the same sequence forwards.
    reason: 'takes a layer that is not recurrent into bidirectional',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') &&
      one.type === 'bidirectional' &&
      !/"(lstm|gru|simpleRNN|rnn|convLstm2d)/.test(JSON.stringify(one.options['layer'])),
  },
  {
    reason: 'makes the alpha of prelu of an open size, where its initializer bears one',
    applies: (one) => accepts(one, 'shape/unknown-size') && one.type === 'prelu',
  },
  {
    // Where a layer before it draws random numbers, the answers with and without it cannot be compared.
    reason: 'ignores the outputMode int of categoryEncoding',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') && one.type === 'categoryEncoding' && one.options['outputMode'] === 'int',
  },
]

function holds(sought: string, type: string, options: Readonly<Record<string, unknown>>): boolean {
  return type === sought || JSON.stringify(options['layer'] ?? '').includes(`"${sought}"`)
}

/** The fault that explains a difference, or undefined: then it is ours. */
export function faultBehind(difference: Difference): EngineFault | undefined {
  return engineFaults.find((fault) => fault.applies(difference))
}
