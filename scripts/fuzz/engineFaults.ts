/** Known faults of the engine, whose differences the fuzz does not report. Each entry explains exactly one fault. */
import type { Difference } from './difference.ts'

export interface EngineFault {
  /** The rest of a sentence that begins with "the engine". */
  readonly reason: string
  applies(difference: Difference): boolean
}

const accepts = ({ kind, code }: Difference, refused: string) => kind === 'engine-accepts' && code === refused

/** Returns the axes of an option that the first input's sample lacks, counted from the batch. */
function axesBeyond({ options, inputShapes }: Difference, option: string): number[] {
  const rank = inputShapes[0]!.length
  const counted = [options[option]].flat().map((axis) => ((axis as number) < 0 ? rank + 1 + (axis as number) : axis))
  return (counted as number[]).filter((axis) => axis < 1 || axis > rank)
}

/** Whether options have a `randomUniform` whose least number exceeds its largest. */
function hasReversedBounds(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return false
  return Object.entries(options).some(([key, value]) => {
    if (key !== 'randomUniform') return hasReversedBounds(value)
    const { minval = -0.05, maxval = 0.05 } = (value ?? {}) as { minval?: number; maxval?: number }
    return minval > maxval
  })
}

/** Layers that implement dilation as zeros in the kernel, which works with any stride. */
const dilatedByZeros: ReadonlySet<string> = new Set([
  'depthwiseConv2d',
  'separableConv2d',
  'conv2dTranspose',
  'conv3d',
  'conv3dTranspose',
])

export const engineFaults: readonly EngineFault[] = [
  {
    // A rule rather than a fault: Keras refuses it for every convolution, and neither library defines the result.
    reason: 'computes strides together with dilation',
    applies: (one) => accepts(one, 'shape/strides-with-dilation') && dilatedByZeros.has(one.type),
  },
  {
    // Keras throws; the engine states such a size, and its output is empty.
    reason: 'builds a layer whose output has a size of zero or below',
    applies: ({ kind, stated }) => kind === 'engine-accepts' && stated!.some((size) => size !== null && size <= 0),
  },
  {
    // A mistake in Keras and PyTorch, which refuse them.
    reason: 'draws uniform numbers between bounds in either order',
    applies: (one) => accepts(one, 'schema/out-of-range') && hasReversedBounds(one.options),
  },
  {
    reason: 'ignores an option: its outputs are bit-identical without it',
    applies: (one) => accepts(one, 'engine/not-implemented') && one.ignoresOption === true,
  },
  {
    reason: 'states another shape of a layer when it is built than its output has',
    applies: ({ kind, stated = [], given = [] }) =>
      kind === 'engine-accepts' &&
      (stated.length !== given.length || stated.some((size, axis) => size !== null && size !== given[axis])),
  },
  {
    // Resizing.call passes `!cropToAspectRatio` to resizeBilinear as `alignCorners`.
    reason: 'reads cropToAspectRatio of resizing as alignCorners',
    applies: (one) => accepts(one, 'engine/not-implemented') && one.option === 'cropToAspectRatio',
  },
  {
    // Bidirectional.computeOutputShape doubles the last size even if it is null, and null doubled is 0.
    reason: 'counts an open size as 0 when bidirectional doubles it while the network is built',
    applies: ({ onlyWhileOpen, upstream }) => onlyWhileOpen === true && upstream.has('bidirectional'),
  },
  {
    // Dot.build and Dot.computeOutputShape compare `shape[axis]`, and undefined equals undefined.
    reason: 'compares the axes of dot without checking whether the inputs have them',
    applies: (one) => accepts(one, 'shape/bad-axis') && one.type === 'dot' && axesBeyond(one, 'axes').length > 0,
  },
  {
    // Only Dot.build compares sizes, for the first use; batchDot multiplies and sums two axes, and so broadcasts a 1.
    reason: 'broadcasts an axis of size 1 if a shared dot is applied to inputs of other sizes',
    applies: (one) =>
      accepts(one, 'shape/incompatible-inputs') &&
      one.type === 'dot' &&
      one.inputShapes.every(({ length }) => length === 1) &&
      one.inputShapes.some(([size]) => size === 1),
  },
  {
    // 0 is the batch, and the index before it, -1, is the last axis.
    reason: 'joins the batches, or the last axis, if concatenate has an axis that its inputs lack',
    applies: (one) =>
      accepts(one, 'shape/bad-axis') &&
      one.type === 'concatenate' &&
      axesBeyond(one, 'axis').some((axis) => axis === 0 || axis === -1),
  },
  {
    reason: 'normalizes over the batch if layerNormalization has the axis of the batch',
    applies: (one) =>
      accepts(one, 'shape/bad-axis') && one.type === 'layerNormalization' && axesBeyond(one, 'axis').includes(0),
  },
  {
    // Softmax in Keras divides by the sum over any axis of the tensor.
    reason: 'normalizes over the batch if softmax has the axis of the batch',
    applies: (one) => accepts(one, 'shape/bad-axis') && one.type === 'softmax' && axesBeyond(one, 'axis').includes(0),
  },
  {
    // RNN.call does not dispose the dropout masks of its cells, unlike lstm, gru and simpleRNN.
    reason: 'reuses the dropout masks of the cells of rnn from the first training step in all later ones',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') &&
      holds('rnn', one.type, one.options) &&
      /"(dropout|recurrentDropout)":0\.\d/.test(JSON.stringify(one.options)),
  },
  {
    // ConvLSTM2DCell passes NCHW to the engine, and the fuzz runs on cpu.
    reason: 'runs convLstm2d on channels-first images on cpu, but on neither wasm nor node',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') &&
      holds('convLstm2d', one.type, one.options) &&
      JSON.stringify(one.options).includes('"dataFormat":"channelsFirst"'),
  },
  {
    // Keras requires the sizes of the first use in every use (prelu.py, input_spec).
    reason: 'broadcasts the alpha of a shared prelu over an axis that has size 1 in its first use',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'prelu',
  },
  {
    // LayerNormalization.build overwrites `axis`, so -1 is the last axis only of the first use.
    reason: 'normalizes over an inner axis if a shared layerNormalization is applied to samples of higher rank',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'layerNormalization',
  },
  {
    // TimeDistributed.build states the shape without `ndim`, and only the axes of that shape are compared.
    reason: 'accepts samples of higher rank in another use of a shared timeDistributed if the first axes agree',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'timeDistributed',
  },
  {
    // Not a fault of the engine: centerCrop lowers to a cropping by the borders that its first use needs.
    reason: 'crops a shared centerCrop by the fixed borders of its first use, which do not fit other sizes',
    applies: (one) => accepts(one, 'shape/shared-weights') && one.type === 'centerCrop',
  },
  {
    // Only `paramShape[axis - 1] = 1` is done with it.
    reason: 'sets the size of shared axes of prelu to 1, whether or not the input has them',
    applies: (one) => accepts(one, 'shape/bad-axis') && one.type === 'prelu' && one.option === 'sharedAxes',
  },
  {
    reason: 'broadcasts the noise of dropout over axes that its noiseShape leaves out',
    applies: (one) =>
      accepts(one, 'shape/size-mismatch') &&
      ['dropout', 'alphaDropout'].includes(one.type) &&
      (one.options['noiseShape'] as unknown[]).length <= one.inputShapes[0]!.length,
  },
  {
    reason: 'looks up random data that is not an index of the vocabulary (not a mistake of the spec)',
    // Only these layers look up indices. The reported layer may be another one if the indices are drawn again.
    applies: ({ kind, network, message }) =>
      kind === 'run-refuses' &&
      ((/^GatherV2: the index value -?\d+ is not in/.test(message) && network.has('embedding')) ||
        (message.startsWith('Input values must be between 0 < values <= numTokens') &&
          network.has('categoryEncoding'))),
  },
  {
    reason: 'draws the width of randomWidth when it runs, which may not fit the layers that follow',
    // The reported layer may differ from the one that threw. A width of 1 may fit by chance, each time.
    applies: (one) =>
      (one.network.has('randomWidth') && (one.kind === 'run-refuses' || accepts(one, 'shape/unknown-size'))) ||
      (accepts(one, 'engine/not-implemented') &&
        one.type === 'timeDistributed' &&
        holds('randomWidth', one.type, one.options)),
  },
  {
    // Keras requires a layer with `go_backwards`; here, a second layer reads the same sequence forwards.
    reason: 'accepts a layer that is not recurrent in bidirectional',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') &&
      one.type === 'bidirectional' &&
      !/"(lstm|gru|simpleRNN|rnn|convLstm2d)/.test(JSON.stringify(one.options['layer'])),
  },
  {
    reason: 'creates the alpha of prelu with an open size if its initializer allows it',
    applies: (one) => accepts(one, 'shape/unknown-size') && one.type === 'prelu',
  },
  {
    // If a layer before it draws random numbers, the outputs with and without the option cannot be compared.
    reason: 'ignores the outputMode int of categoryEncoding',
    applies: (one) =>
      accepts(one, 'engine/not-implemented') && one.type === 'categoryEncoding' && one.options['outputMode'] === 'int',
  },
]

function holds(sought: string, type: string, options: Readonly<Record<string, unknown>>): boolean {
  return type === sought || JSON.stringify(options['layer'] ?? '').includes(`"${sought}"`)
}

/** Returns the engine's fault that explains a difference; undefined means that the checker is wrong. */
export function findFault(difference: Difference): EngineFault | undefined {
  return engineFaults.find((fault) => fault.applies(difference))
}
