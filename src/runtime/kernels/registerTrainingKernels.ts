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
import { fixGradients } from '../../patches/fixGradients.ts'
import { startWasmBackend } from '../engines/wasmBackend.ts'

/**
 * Lets TensorFlow.js train on its WASM backend: starts the backend unless it is in use, and adds the kernels and gradients
 * that it lacks. What takes most of the time has kernels of its own, the rest falls back to those of the `cpu` backend.
 * A second call changes nothing.
 *
 * @throws Error where the backend does not start.
 */
export async function registerTrainingKernels(): Promise<void> {
  if (!(await startWasmBackend())) {
    throw new Error('The WASM backend did not start. Reinstall it: npm install @tensorflow/tfjs-backend-wasm')
  }
  fixGradients()
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  const context = await createKernelContext()
  // The fallbacks come first: the kernels after them handle what they can, and leave the rest to what is registered.
  registerCpuFallbacks(context)
  registerConvolutionKernels(context)
  registerDepthwiseKernels(context)
  registerMatMulKernels(context)
  registerPoolingKernels(context)
  registerPreluKernel(context)
  registerReductionKernels(context)
  registerElementwiseKernels(context)
}
