/** The layers that compute, look up or move values in PyTorch: dense, embeddings, shapes. */
import { isKnown } from '../../../language/dims.ts'
import { activate } from './activations.ts'
import { atom, defineForm, elementwise, moduleStage, printDim, weightedStage, anyLayout, specLayout } from './form.ts'
import { kernelState, stateOf } from './state.ts'

export const input = defineForm({ wants: anyLayout, stages: () => [] })

export const dense = defineForm<{ readonly units: number; readonly activation: string; readonly useBias: boolean }>({
  wants: specLayout,
  flattened: () => 'takes',
  stages: ({ options, inputs: [values], trainable }) => [
    weightedStage(
      'nn.Linear',
      [`${printDim(values!.at(-1)!)}`, `${options.units}`],
      { bias: options.useBias ? undefined : 'False' },
      trainable,
      kernelState('nn.Linear', options.useBias),
    ),
    ...activate(options.activation, 'spec'),
  ],
})

export const flatten = defineForm<{ readonly dataFormat?: string }>({
  wants: specLayout,
  gives: 'spec',
  flattened: ({ dataFormat }) => (dataFormat === 'channelsFirst' ? undefined : 'makes'),
  stages: ({ options }) => [
    ...(options.dataFormat === 'channelsFirst' ? [{ call: (x: string) => `${atom(x)}.movedim(1, -1)` }] : []),
    moduleStage('nn.Flatten()', (x) => `${atom(x!)}.flatten(1)`),
  ],
})

export const reshape = defineForm({
  wants: specLayout,
  gives: 'spec',
  stages({ inputs: [values], output }) {
    const sizes = output.map(printDim).join(', ')
    const call = (x: string) => `${atom(x)}.reshape(-1, ${sizes})`
    // Two open sizes: the batch and one more, so the batch is stated.
    if (!output.every(isKnown)) return [{ call: (x) => `${atom(x!)}.reshape(len(${x}), ${sizes})` }]
    return [
      values!.length === 1 && output.length > 1
        ? moduleStage(`nn.Unflatten(1, (${sizes}))`, (x) => call(x!))
        : { call: (x) => call(x!) },
    ]
  },
})

export const permute = defineForm<{ readonly dims: readonly number[] }>({
  wants: specLayout,
  gives: 'spec',
  stages: ({ options }) => [{ call: (x) => `${atom(x!)}.permute(0, ${options.dims.join(', ')})` }],
})

export const repeatVector = defineForm<{ readonly n: number }>({
  wants: specLayout,
  gives: 'spec',
  stages: ({ options }) => [{ call: (x) => `${atom(x!)}.unsqueeze(1).repeat(1, ${options.n}, 1)` }],
})

export const embedding = defineForm<{ readonly inputDim: number; readonly outputDim: number }>({
  wants: specLayout,
  gives: 'spec',
  stages: ({ options, trainable }) => [
    weightedStage(
      'Embedding',
      [`${options.inputDim}`, `${options.outputDim}`],
      {},
      trainable,
      stateOf('Embedding', 'weight'),
    ),
  ],
})

export const masking = defineForm<{ readonly maskValue: number }>({
  wants: specLayout,
  gives: 'spec',
  stages: ({ options }) => [{ call: (x) => `${x} * (${x} != ${options.maskValue}).any(-1, keepdim=True)` }],
})

export const rescaling = elementwise<{ readonly scale: number; readonly offset: number }>(({ scale, offset }) => [
  { call: (x) => `${atom(x!)} * ${scale}${offset === 0 ? '' : ` ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`}` },
])

export const categoryEncoding = defineForm<{ readonly numTokens: number; readonly outputMode: string }>({
  wants: specLayout,
  gives: 'spec',
  stages({ options: { numTokens, outputMode } }) {
    const joined = outputMode === 'count' ? 'sum(1)' : 'amax(1)'
    return [{ call: (x) => `F.one_hot(${atom(x!)}.long(), ${numTokens}).float().${joined}` }]
  },
})
