/**
 * Moves max pooling before the bias and relu of the preceding convolution while a step runs: both then process a quarter
 * of the values.
 *
 * Upstream: none; it is an optimization that tf.layers does not have
 * Test: test/patches/poolingFirst.test.ts
 * Until: lowering writes the layers in that order
 */
import * as tf from '@tensorflow/tfjs'

/** The properties that are read from a convolution layer. */
interface ActivatedConvolution {
  readonly bias: { read(): tf.Tensor } | null
  readonly activation: { apply(values: tf.Tensor): tf.Tensor; getClassName(): string } | null
  readonly dataFormat: string
}

/** A convolution whose output only a max pooling uses. */
interface PooledConvolution {
  readonly convolution: tf.layers.Layer
  readonly pooling: tf.layers.Layer
}

/**
 * Moves bias and relu after max pooling while `run` executes, then restores the layers. Bias and relu are monotonic, also in
 * float32, so the maximum of a window is the same before and after them, with a quarter as many values and gradients to
 * compute. Results differ only if a kernel adds the bias before it sums; gradients differ only if rounding made two values
 * of a window equal: the gradient then goes to the value that was larger before, not to the first.
 */
export function poolingFirst<Result>(model: tf.LayersModel, run: () => Result): Result {
  const pairs = findPooledConvolutions(model)
  for (const pair of pairs) postponeActivation(pair)
  try {
    return run()
  } finally {
    for (const layer of pairs.flatMap(({ convolution, pooling }) => [convolution, pooling])) {
      Reflect.deleteProperty(layer, 'call')
    }
  }
}

function findPooledConvolutions(model: tf.LayersModel): PooledConvolution[] {
  const outputs = new Set(model.outputs.map(({ sourceLayer }) => sourceLayer))
  return model.layers.flatMap((convolution) => {
    const [node, ...others] = convolution.outboundNodes
    if (node === undefined || others.length > 0 || outputs.has(convolution)) return []
    const pooling = node.outboundLayer
    return canPostpone(convolution) && isPlain(pooling, 'MaxPooling2D') ? [{ convolution, pooling }] : []
  })
}

function canPostpone(layer: tf.layers.Layer): boolean {
  if (!isPlain(layer, 'Conv2D') || layer.activityRegularizer) return false
  const { activation, dataFormat } = layer as unknown as ActivatedConvolution
  return dataFormat === 'channelsLast' && ['linear', 'relu'].includes(activation?.getClassName() ?? 'linear')
}

/** Whether the layer is an unmodified tf.layers layer of this class that is applied once. */
function isPlain(layer: tf.layers.Layer, className: string): boolean {
  return layer.getClassName() === className && layer.inboundNodes.length === 1 && !Object.hasOwn(layer, 'call')
}

function postponeActivation({ convolution, pooling }: PooledConvolution): void {
  const { bias, activation } = convolution as unknown as ActivatedConvolution
  const identity = { apply: (values: tf.Tensor) => values, getClassName: () => 'linear' }
  const bare = Object.create(convolution, { bias: { value: null }, activation: { value: identity } })
  const findLargest = pooling.call.bind(pooling)
  convolution.call = convolution.call.bind(bare)
  pooling.call = (images, settings) =>
    tf.tidy(() => {
      const pooled = findLargest(images, settings) as tf.Tensor
      const shifted = bias === null ? pooled : tf.add(pooled, bias.read())
      return activation === null ? shifted : activation.apply(shifted)
    })
}
