/** Applies all patches of gradients, on all backends. */
import * as tf from '@tensorflow/tfjs'
import { averagePoolingGradient } from './averagePooling.ts'
import { dilatedConvolutionGradient } from './dilatedConvolution.ts'
import { fixMaxPooling3dGradient } from './maxPooling3d.ts'
import { fixReluGradient } from './relu.ts'
import { replaceGradient } from './replaceGradient.ts'
import { resizingGradient } from './resizing.ts'
import { stretchedExtremeGradient } from './stretchedExtremes.ts'
import { registerTransposedConvolution3dGradient } from './transposedConvolution3d.ts'
import { unstackGradient } from './unstack.ts'

/** Replaces the gradients. Idempotent. */
export function fixGradients(): void {
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
  fixMaxPooling3dGradient()
  fixReluGradient()
}
