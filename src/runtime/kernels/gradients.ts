import * as tf from '@tensorflow/tfjs'
import type { ConvolutionAttributes } from './convolutionSizes.ts'

/**
 * Registers gradients that use what the backends' added kernels can do more than the stock ones: relu's in one pass,
 * and, on WASM, those of dilated convolutions, which TensorFlow.js refuses. On other backends, gradients are what they
 * were. A second call changes nothing.
 */
export function registerTrainingGradients(): void {
  if (tf.getGradient('ReluGrad')) return
  improveGradient('Relu', (dy, [x]) => (hasKernel('ReluGrad') ? { x: () => runReluGradient(x, dy) } : null))
  tf.registerGradient({
    kernelName: 'ReluGrad',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddx, [x]) => ({
      x: () => tf.zerosLike(x as tf.Tensor),
      dy: () => runReluGradient(x, ddx as tf.Tensor),
    }),
  })
  improveGradient('Conv2D', (dy, [x, filter], attrs) => {
    if (!isDilated(attrs) || tf.getBackend() !== 'wasm') return null
    return convolutionGradients('Conv2DBackpropInput', 'Conv2DBackpropFilter', dy, x, filter, attrs)
  })
  improveGradient('DepthwiseConv2dNative', (dy, [x, filter], attrs) => {
    if (!isDilated(attrs) || tf.getBackend() !== 'wasm') return null
    const [forInput, forFilter] = ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'] as const
    return convolutionGradients(forInput, forFilter, dy, x, filter, attrs)
  })
}

/** Replaces a kernel's gradient, except where `gradient` answers null. */
function improveGradient(
  kernelName: string,
  gradient: (dy: tf.Tensor, saved: tf.Tensor[], attrs: tf.NamedAttrMap) => Record<string, () => tf.Tensor> | null,
): void {
  const stock = tf.getGradient(kernelName)
  tf.unregisterGradient(kernelName)
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attrs) => {
      return gradient(dy as tf.Tensor, saved, attrs) ?? stock.gradFunc(dy, saved, attrs)
    },
  })
}

function hasKernel(kernelName: string): boolean {
  return tf.getKernel(kernelName, tf.getBackend()) !== undefined
}

function runReluGradient(x: tf.Tensor | undefined, dy: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('ReluGrad', { x: x as tf.Tensor, dy }) as tf.Tensor
}

function isDilated(attrs: tf.NamedAttrMap): boolean {
  const { dilations } = attrs as unknown as ConvolutionAttributes
  return ![dilations ?? 1].flat().every((rate) => rate === 1)
}

/** The gradients of a convolution by the gradient kernels, which the stock ones call without their dilation. */
function convolutionGradients(
  inputKernel: string,
  filterKernel: string,
  dy: tf.Tensor,
  x: tf.Tensor | undefined,
  filter: tf.Tensor | undefined,
  attrs: tf.NamedAttrMap,
): Record<string, () => tf.Tensor> {
  const [input, weights] = [x as tf.Tensor, filter as tf.Tensor]
  const run = (kernelName: string, inputs: tf.NamedTensorMap, shapes: tf.NamedAttrMap) =>
    tf.engine().runKernel(kernelName, inputs, { ...attrs, ...shapes }) as tf.Tensor
  return {
    x: () => run(inputKernel, { dy, filter: weights }, { inputShape: input.shape }),
    filter: () => run(filterKernel, { x: input, dy }, { filterShape: weights.shape }),
  }
}
