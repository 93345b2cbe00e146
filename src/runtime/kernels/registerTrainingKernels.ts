import * as tf from '@tensorflow/tfjs'
import { registerConvolutionKernels } from './convolution.ts'
import { registerCpuFallbacks } from './cpuFallback.ts'
import { registerDepthwiseKernels } from './depthwise.ts'
import { registerElementwiseKernels } from './elementwise.ts'
import { createKernelContext } from './kernelContext.ts'
import { registerMatMulKernels } from './matMul.ts'
import { registerPoolingKernels } from './pooling.ts'
import { registerPreluKernel } from './prelu.ts'
import { registerReductionKernels } from './reductions.ts'

/**
 * Gives the WASM backend of TensorFlow.js what it lacks for training: kernels of our own for what takes the time, and
 * the CPU backend's for the rest. The backend `wasm` must be in use and ready. A second call changes nothing.
 */
export async function registerTrainingKernels(): Promise<void> {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  const context = await createKernelContext()
  // First the fallbacks: the kernels after them handle what they can, and leave the rest to what is there.
  registerCpuFallbacks(context)
  registerConvolutionKernels(context)
  registerDepthwiseKernels(context)
  registerMatMulKernels(context)
  registerPoolingKernels(context)
  registerPreluKernel(context)
  registerReductionKernels(context)
  registerElementwiseKernels(context)
}
