/** Pooling before bias and relu gives the numbers of the network as it is, and gradients that are the same but for rounding. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { createRandom } from '../../src/script/random.ts'
import { engineStarts } from '../runtime/engineStarts.ts'
import { expectClose } from '../runtime/onBackends.ts'

type ConvolutionOptions = Partial<Parameters<typeof tf.layers.conv2d>[0]>
type PoolingOptions = Parameters<typeof tf.layers.maxPooling2d>[0]

const shape = [9, 8, 3]
const drawn = (seed: number) => tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed })

function network(options: ConvolutionOptions, pooling: PoolingOptions, between?: tf.layers.Layer): tf.Sequential {
  const convolution = tf.layers.conv2d({
    inputShape: shape as [number, number, number],
    filters: 5,
    kernelSize: 3,
    kernelInitializer: drawn(1),
    biasInitializer: drawn(2),
    ...options,
  })
  return tf.sequential({ layers: [convolution, ...(between ? [between] : []), tf.layers.maxPooling2d(pooling)] })
}

const numbersOf = (tensor: tf.Tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] })

function drawImages(model: tf.LayersModel): tf.Tensor {
  const random = createRandom(3)
  const sizes = [4, ...(model.inputs[0]!.shape.slice(1) as number[])]
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(sizes) }, () => random() - 0.5),
    sizes,
  )
}

/** The second convolution has channels enough for Winograd's algorithm, with long and short tiles. */
function twoConvolutions(): tf.LayersModel {
  const options = { kernelSize: 3, padding: 'same', activation: 'relu', biasInitializer: drawn(2) } as const
  const first = tf.layers.conv2d({
    ...options,
    inputShape: [20, 28, 3],
    filters: 16,
    kernelInitializer: drawn(1),
  })
  const second = tf.layers.conv2d({ ...options, filters: 24, kernelInitializer: drawn(4) })
  const pooling = () => tf.layers.maxPooling2d({ poolSize: 2 })
  return tf.sequential({ layers: [first, pooling(), second, pooling()] })
}

/** The network that answers with what its convolution gives, too. */
function openNetwork(): tf.LayersModel {
  const { inputs, outputs, layers } = network({ activation: 'relu' }, { poolSize: 2 })
  return tf.model({ inputs, outputs: [outputs[0]!, layers[0]!.output as tf.SymbolicTensor] })
}

interface Case {
  readonly name: string
  readonly layers: () => tf.LayersModel
  /** Whether a kernel of this kind is to come before the pooling. */
  readonly before?: string
  /** Whether the wasm engine computes the convolution and its pooling by one kernel. */
  readonly fused?: boolean
  /** How far the result may differ; 1e-6 if not stated. */
  readonly within?: number
}

const overlapping: PoolingOptions = { poolSize: 3, strides: 2, padding: 'same' }
/** The output has 8 x 6 values. */
const whole = { filters: 8, kernelSize: [2, 3] } satisfies ConvolutionOptions
const identity = () => tf.layers.activation({ activation: 'linear' })
const cases: readonly Case[] = [
  { name: 'relu', layers: () => network({ activation: 'relu' }, { poolSize: 2 }) },
  { name: 'a bias alone', layers: () => network({}, { poolSize: 2 }) },
  { name: 'relu without a bias', layers: () => network({ activation: 'relu', useBias: false }, overlapping) },
  {
    name: 'windows that fill the output',
    layers: () => network({ ...whole, activation: 'relu' }, { poolSize: 2 }),
    fused: true,
  },
  { name: 'such windows without relu', layers: () => network(whole, { poolSize: 2 }), fused: true },
  {
    name: 'such windows without a bias',
    layers: () => network({ ...whole, activation: 'relu', useBias: false }, { poolSize: 2 }),
    fused: true,
  },
  { name: 'two convolutions', layers: twoConvolutions, fused: true, within: 1e-5 },
  { name: 'tanh', layers: () => network({ activation: 'tanh' }, { poolSize: 2 }), before: 'Tanh' },
  {
    name: 'a layer between',
    layers: () => network({ activation: 'sigmoid' }, { poolSize: 2 }, identity()),
    before: 'Sigmoid',
  },
  { name: 'an output before the pooling', layers: openNetwork, before: 'Conv2D' },
]

describe.each(['wasm', 'cpu', 'node'] as const)('on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  it.skipIf(!works).each(cases)('$name', async ({ layers, before, fused = false, within = 1e-6 }) => {
    await startEngine(engine)
    const model = layers()
    const images = drawImages(model)
    const apply = (training: boolean) => [model.apply(images, { training }) as tf.Tensor | tf.Tensor[]].flat()[0]!
    const { kernelNames, result } = await tf.profile(() => apply(true))
    expectClose(numbersOf(result as tf.Tensor), numbersOf(apply(false)), 'the result', within)
    expect(kernelNames.includes('PooledConv2D')).toBe(fused && engine === 'wasm')
    const early = kernelNames.slice(0, kernelNames.indexOf('MaxPool')).join()
    if (before) expect(early).toContain(before)
    else expect(early).not.toMatch(/Add|Relu/)
    const differentiate = (training: boolean) =>
      tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(apply(training)))).grads
    const stock = differentiate(false)
    for (const [name, gradient] of Object.entries(differentiate(true))) {
      expectClose(numbersOf(gradient), numbersOf(stock[name]!), `the gradient of ${name}`)
    }
    expect(model.layers.filter((layer) => Object.hasOwn(layer, 'call'))).toEqual([])
    model.dispose()
  })

  it.skipIf(!works)('restores the layers if the network throws', async () => {
    await startEngine(engine)
    const model = network({ activation: 'relu' }, { poolSize: 2 })
    const images = drawImages(model)
    tf.dispose(model.layers[0]!.weights.map((weight) => weight.read()))
    expect(() => model.apply(images, { training: true })).toThrow('disposed')
    expect(model.layers.filter((layer) => Object.hasOwn(layer, 'call'))).toEqual([])
  })
})
