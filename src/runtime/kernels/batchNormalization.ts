/** WASM kernels of batch normalization in prediction and training; src/patches/batchNormalization.ts describes the latter. */
import * as tf from '@tensorflow/tfjs'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/**
 * Registers normalization by moving averages, by the mean and variance of the batch with its gradient, and the latter joined
 * with a relu that follows.
 */
export function registerBatchNormalizationKernels(context: KernelContext): void {
  context.improve<AverageAttributes>('FusedBatchNorm', (call) => normalizeByAverages(context, call))
  for (const [name, least] of [
    ['BatchNormTraining', -Infinity],
    ['BatchNormTrainingRelu', 0],
  ] as const) {
    context.replace(name, ({ inputs, attrs }) => normalizeBatch(context, inputs, attrs!['epsilon'] as number, least))
    context.replace(`${name}Grad`, ({ inputs }) => differentiate(context, inputs))
  }
}

interface AverageAttributes {
  readonly varianceEpsilon: number
}

/** (x - mean) / sqrt(variance + epsilon) * scale + offset by channel; null for parameters of other shapes. */
function normalizeByAverages(
  context: KernelContext,
  { inputs, attrs }: KernelCall<AverageAttributes>,
): tf.TensorInfo | null {
  const { x, mean, variance, offset, scale } = inputs
  const given = [mean, variance, offset, scale].filter((parameter) => parameter !== undefined)
  if (!x || !mean || !variance || !areFloats(x, ...given)) return null
  const { channels } = sizesOf(x)
  if (given.some(({ shape }) => shape.length !== 1 || shape[0] !== channels)) return null
  const inverse = context.scratch('deviations', channels)
  context.module.inverseDeviations(context.address(variance), inverse, channels, attrs.varianceEpsilon)
  return normalize(context, x, mean, inverse, scale, offset, -Infinity)
}

/**
 * Returns y, the mean of each channel, its biased variance, and 1 / sqrt(variance + epsilon) for the gradient.
 *
 * @param least 0 to apply relu to y, otherwise -Infinity
 */
function normalizeBatch(
  context: KernelContext,
  inputs: tf.NamedTensorInfoMap,
  epsilon: number,
  least: number,
): tf.TensorInfo[] {
  const x = inputs['x']!
  const { rows, channels } = sizesOf(x)
  const [mean, variance, inverse] = [context.output([channels]), context.output([channels]), context.output([channels])]
  context.module.columnMoments(context.address(x), context.address(mean), context.address(variance), rows, channels)
  context.module.inverseDeviations(context.address(variance), context.address(inverse), channels, epsilon)
  const y = normalize(context, x, mean, context.address(inverse), inputs['gamma'], inputs['beta'], least)
  return [y, mean, variance, inverse]
}

/** Returns dx, dgamma and dbeta. The kernel with relu has its output as input `y` too. */
function differentiate(context: KernelContext, inputs: tf.NamedTensorInfoMap): tf.TensorInfo[] {
  const [x, y] = [inputs['x']!, inputs['y']]
  const { rows, channels } = sizesOf(x)
  const [dx, dgamma, dbeta] = [context.output(x.shape), context.output([channels]), context.output([channels])]
  context.module.batchNormGradient(
    context.address(x),
    context.address(inputs['dy']!),
    y ? context.address(y) : 0,
    context.address(inputs['mean']!),
    context.address(inputs['saved']!),
    context.address(inputs['gamma']!),
    context.address(dx),
    context.address(dgamma),
    context.address(dbeta),
    rows,
    channels,
  )
  return [dx, dgamma, dbeta]
}

/** max((x - mean) * inverse * gamma + beta, least), for the address of the inverse deviations. */
function normalize(
  context: KernelContext,
  x: tf.TensorInfo,
  mean: tf.TensorInfo,
  inverse: number,
  gamma: tf.TensorInfo | undefined,
  beta: tf.TensorInfo | undefined,
  least: number,
): tf.TensorInfo {
  const { rows, channels } = sizesOf(x)
  const out = context.output(x.shape)
  context.module.normalizeColumns(
    context.address(x),
    context.address(mean),
    inverse,
    gamma ? context.address(gamma) : 0,
    beta ? context.address(beta) : 0,
    context.address(out),
    rows,
    channels,
    least,
  )
  return out
}

/** The sizes of x as a matrix whose columns are its channels. */
function sizesOf({ shape }: tf.TensorInfo): { readonly rows: number; readonly channels: number } {
  return { rows: tf.util.sizeFromShape(shape.slice(0, -1)), channels: shape.at(-1)! }
}
