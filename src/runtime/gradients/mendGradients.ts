import * as tf from '@tensorflow/tfjs'
import { averagePoolingGradient } from './averagePooling.ts'
import { dilatedConvolutionGradient } from './dilatedConvolution.ts'
import { mendMaxPooling3dGradient } from './maxPooling3d.ts'
import { mendReluGradient } from './relu.ts'
import { replaceGradient } from './replaceGradient.ts'
import { resizingGradient } from './resizing.ts'
import { stretchedExtremeGradient } from './stretchedExtremes.ts'
import { registerTransposedConvolution3dGradient } from './transposedConvolution3d.ts'
import { unstackGradient } from './unstack.ts'

/**
 * Gives TensorFlow.js the gradients that it lacks or computes wrongly, on all backends: those of dilated convolutions, of
 * transposed 3-d ones, of unstacking a single tensor, of maximum and minimum of unlike shapes, of resizing and 3D max pooling, and on the cpu backend of average
 * pooling; and a fast one of relu. A second call changes nothing.
 */
export function mendGradients(): void {
  const mark = 'ShapewrightGradients'
  if (tf.getGradient(mark)) return
  tf.registerGradient({ kernelName: mark, gradFunc: () => ({}) })
  replaceGradient('Conv2D', dilatedConvolutionGradient('Conv2DBackpropInput', 'Conv2DBackpropFilter'))
  replaceGradient(
    'DepthwiseConv2dNative',
    dilatedConvolutionGradient('DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'),
  )
  replaceGradient('ResizeBilinear', resizingGradient('bilinear'))
  replaceGradient('ResizeNearestNeighbor', resizingGradient('nearest'))
  replaceGradient('AvgPool', averagePoolingGradient('AvgPoolGrad'))
  replaceGradient('AvgPool3D', averagePoolingGradient('AvgPool3DGrad'))
  replaceGradient('Unpack', unstackGradient)
  replaceGradient('Maximum', stretchedExtremeGradient('Maximum'))
  replaceGradient('Minimum', stretchedExtremeGradient('Minimum'))
  registerTransposedConvolution3dGradient()
  mendMaxPooling3dGradient()
  mendReluGradient()
}
