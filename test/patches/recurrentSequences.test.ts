/** Recurrent layers by one kernel give the outputs and gradients of the composed form on cpu. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, on, startBackends } from '../runtime/onBackends.ts'

beforeAll(startBackends)

const layers = { lstm: tf.layers.lstm, gru: tf.layers.gru }
const kernelNames = { lstm: 'LstmSequence', gru: 'GruSequence' }

type Options = Partial<Parameters<typeof tf.layers.lstm>[0]>

interface Row {
  /** Batch, steps and values of the input; [3, 5, 7] by default. */
  readonly shape?: readonly [number, number, number]
  /** Units, of 6 by default, and options of the layer. */
  readonly options?: Options
  readonly settings?: { readonly training?: boolean; readonly mask?: readonly (readonly number[])[] }
  /** Whether the kernel runs; otherwise the composed form does. */
  readonly isFused?: boolean
}

const rows: Readonly<Record<string, Row>> = {
  defaults: {},
  sigmoids: { options: { recurrentActivation: 'sigmoid' } },
  'all steps': { options: { returnSequences: true } },
  'without a bias': { options: { useBias: false } },
  'a forget bias of 1': { options: { unitForgetBias: true } },
  'steps backwards': { options: { goBackwards: true } },
  'all steps backwards': { options: { goBackwards: true, returnSequences: true } },
  'one unit': { options: { units: 1, returnSequences: true } },
  '8 units': { options: { units: 8 } },
  '17 units': { options: { units: 17, returnSequences: true, recurrentActivation: 'sigmoid' } },
  'one sample': { shape: [1, 4, 3] },
  'one value': { shape: [5, 4, 1] },
  'one step': { shape: [4, 1, 3] },
  'one step backwards': { shape: [4, 1, 3], options: { goBackwards: true } },
  'many steps': { shape: [2, 40, 9], options: { returnSequences: true } },
  'a large batch': { shape: [33, 9, 16], options: { units: 20 } },
  'saturated gates': {
    options: { kernelInitializer: tf.initializers.randomUniform({ minval: -9, maxval: 9, seed: 1 }) },
  },
  'training without dropout': { settings: { training: true } },
  'dropout in prediction': { options: { dropout: 0.5, recurrentDropout: 0.5 } },
  'another activation': { options: { activation: 'relu' }, isFused: false },
  'another activation of the gates': { options: { recurrentActivation: 'tanh' }, isFused: false },
  'a mask': {
    settings: {
      mask: [
        [1, 1, 1, 0, 0],
        [1, 0, 1, 1, 1],
        [0, 1, 1, 1, 1],
      ],
    },
    isFused: false,
  },
  'the state': { options: { returnState: true }, isFused: false },
}

const drawn = (shape: readonly number[], seed: number, reach = 1) =>
  tf.randomUniform([...shape], -reach, reach, 'float32', seed)

/** The outputs of a layer, and the gradients of its input and weights. */
function differentiate(
  type: keyof typeof layers,
  { shape = [3, 5, 7], options, settings: { training = false, mask } = {} }: Row,
): tf.Tensor[] {
  const layer = layers[type]({
    units: 6,
    name: 'recurrent',
    kernelInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 1 }),
    recurrentInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 2 }),
    biasInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 3 }),
    ...options,
  })
  const x = tf.variable(drawn(shape, 4))
  const settings = { training, ...(mask && { mask: tf.tensor2d(mask as number[][]) }) }
  const apply = () => [layer.apply(x, settings) as tf.Tensor | tf.Tensor[]].flat()
  const outputs = apply()
  const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const { grads } = tf.variableGrads(() => {
    const [first, ...others] = apply().map((output, index) => tf.sum(tf.mul(output, drawn(output.shape, 5 + index))))
    return others.reduce((sum, other) => tf.add(sum, other), first!) as tf.Scalar
  }, [x, ...weights])
  const results = [...outputs, ...[x, ...weights].map(({ name }) => grads[name]!)]
  tf.dispose([x, ...weights])
  return results
}

describe.each(['lstm', 'gru'] as const)('%s', (type) => {
  it.each(Object.entries(rows))('with %s', async (what, row) => {
    let kernels = 0
    const want = await on('cpu', () => differentiate(type, row))
    const got = await on('wasm', () => {
      const { result, called } = watch(() => differentiate(type, row))
      kernels = called.filter((name) => name === kernelNames[type]).length
      return result
    })
    expect(kernels > 0).toBe(row.isFused ?? true)
    expect(got).toHaveLength(want.length)
    got.forEach((numbers, index) => expectClose(numbers, want[index]!, `result ${index} of ${what}`, 2e-5))
  })
})

/** Runs a computation, and lists the kernels that it calls. */
function watch(compute: () => tf.Tensor[]): { readonly result: tf.Tensor[]; readonly called: string[] } {
  const engine = tf.engine()
  const run = engine.runKernel.bind(engine)
  const called: string[] = []
  engine.runKernel = ((name: string, ...given: [tf.NamedTensorMap, tf.NamedAttrMap]) => {
    called.push(name)
    return run(name, ...given)
  }) as typeof engine.runKernel
  try {
    return { result: compute(), called }
  } finally {
    Reflect.deleteProperty(engine, 'runKernel')
  }
}
