/**
 * Moves max pooling before the bias and relu of the preceding convolution whenever a model is applied in training: both then
 * process a quarter of the values. On backends with the kernel `PooledConv2D`, it computes all of them together.
 *
 * Upstream: none; it is an optimization that tf.layers does not have
 * Test: test/patches/poolingFirst.test.ts
 * Until: lowering writes the layers in that order
 */
import * as tf from '@tensorflow/tfjs'

/** Moves max pooling first whenever a model is applied in training. Idempotent. */
export function poolFirstInTraining(): void {
  const { prototype } = tf.LayersModel
  if (Object.hasOwn(prototype, 'call')) return
  const { call } = prototype
  prototype.call = function (this: tf.LayersModel, inputs, settings) {
    const run = () => call.call(this, inputs, settings)
    return settings?.['training'] === true ? poolingFirst(this, run) : run()
  }
}

/** The properties that are read from a convolution layer. */
interface ActivatedConvolution {
  readonly bias: { read(): tf.Tensor } | null
  readonly activation: { apply(values: tf.Tensor): tf.Tensor; getClassName(): string } | null
  readonly dataFormat: string
  readonly kernel: { read(): tf.Tensor }
  readonly strides: readonly number[]
  readonly dilationRate: readonly number[]
  readonly padding: 'valid' | 'same' | 'causal'
}

/** What the kernel `PooledConv2D` takes. Height and width of the convolution's output are even, filters a multiple of 8. */
export interface PooledConvolutionInputs {
  readonly x: tf.TensorInfo
  readonly filter: tf.TensorInfo
  readonly bias?: tf.TensorInfo
}

/**
 * What the kernels of its gradients take: `PooledConv2DInputGrad`, `PooledConv2DFilterGrad` and `PooledConv2DBiasGrad`. Places
 * are the second output of `PooledConv2D`, of the backend's choice.
 */
export interface PooledConvolutionGradientInputs extends Omit<PooledConvolutionInputs, 'bias'> {
  readonly dy: tf.TensorInfo
  readonly places: tf.TensorInfo
}

/** The attributes of these kernels. Strides are 1, and windows of 2 x 2 are pooled. */
export interface PooledConvolutionAttributes {
  readonly pad: 'valid' | 'same'
  readonly relu: boolean
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
function poolingFirst<Result>(model: tf.LayersModel, run: () => Result): Result {
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
  const [convolve, findLargest] = [convolution.call.bind(bare), pooling.call.bind(pooling)]
  let isFused = false
  convolution.call = (images, settings) => {
    const x = Array.isArray(images) ? images[0]! : images
    isFused = canFuse({ convolution, pooling }, x)
    return isFused ? x : convolve(images, settings)
  }
  pooling.call = (images, settings) =>
    tf.tidy(() => {
      if (isFused) return convolveAndPool(convolution, Array.isArray(images) ? images[0]! : images)
      const pooled = findLargest(images, settings) as tf.Tensor
      const shifted = bias === null ? pooled : tf.add(pooled, bias.read())
      return activation === null ? shifted : activation.apply(shifted)
    })
}

/** Whether the kernel `PooledConv2D` computes a convolution of these images with its pooling. */
function canFuse({ convolution, pooling }: PooledConvolution, images: tf.Tensor): boolean {
  if (!tf.getKernel('PooledConv2D', tf.getBackend()) || images.dtype !== 'float32') return false
  const { strides, dilationRate } = convolution as unknown as ActivatedConvolution
  const windows = pooling as unknown as { readonly poolSize: readonly number[]; readonly strides: readonly number[] }
  const [batch, height, width, filters] = convolution.computeOutputShape(images.shape) as number[]
  const isDense = [...strides, ...dilationRate].every((step) => step === 1)
  const areTwoByTwo = [...windows.poolSize, ...windows.strides].every((size) => size === 2)
  const areEven = [height!, width!].every((size) => size > 0 && size % 2 === 0)
  return isDense && areTwoByTwo && areEven && batch! > 0 && filters! % 8 === 0
}

function convolveAndPool(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor {
  const { kernel, bias, activation, padding } = layer as unknown as ActivatedConvolution
  registerPooledGradients()
  const inputs = { x, filter: kernel.read(), ...(bias && { bias: bias.read() }) }
  const attributes = { pad: padding, relu: activation?.getClassName() === 'relu' }
  return runKernel<tf.Tensor[]>('PooledConv2D', inputs, attributes)[0]!
}

/** Idempotent. */
function registerPooledGradients(): void {
  if (tf.getGradient('PooledConv2D')) return
  tf.registerGradient({
    kernelName: 'PooledConv2D',
    inputsToSave: ['x', 'filter'],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, filter, places], attributes) => {
      const inputs = { x, filter, dy: (dys as tf.Tensor[])[0], places } as PooledConvolutionGradientInputs
      return {
        x: () => runKernel<tf.Tensor>('PooledConv2DInputGrad', inputs, attributes),
        filter: () => runKernel<tf.Tensor>('PooledConv2DFilterGrad', inputs, attributes),
        bias: () => runKernel<tf.Tensor>('PooledConv2DBiasGrad', inputs, attributes),
      }
    },
  })
}

function runKernel<Result extends tf.Tensor | tf.Tensor[]>(name: string, inputs: object, attributes: object): Result {
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap) as Result
}
