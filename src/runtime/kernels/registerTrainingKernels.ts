import * as tf from '@tensorflow/tfjs'
import { registerBatchNormalizationKernels } from './batchNormalization.ts'
import { registerConvolutionKernels } from './convolution.ts'
import { registerCpuFallbacks } from './cpuFallback.ts'
import { registerCrossentropyKernel } from './crossentropy.ts'
import { registerDepthwiseKernels } from './depthwise.ts'
import { registerElementwiseKernels } from './elementwise.ts'
import { registerGruKernels } from './gru.ts'
import { createKernelContext } from './kernelContext.ts'
import { registerMatMulKernels } from './matMul.ts'
import { registerPooledConvolutionKernels } from './pooledConvolution.ts'
import { registerPoolingKernels } from './pooling.ts'
import { registerPreluKernel } from './prelu.ts'
import { registerRecurrentKernels } from './recurrent.ts'
import { registerReductionKernels } from './reductions.ts'
import { registerUpdateKernels } from './updates.ts'
import { fuseBatchNormalization } from '../../patches/batchNormalization.ts'
import { fixGradients } from '../../patches/fixGradients.ts'
import { poolFirstInTraining } from '../../patches/poolingFirst.ts'
import { fuseRecurrentSequences } from '../../patches/recurrentSequences.ts'
import { startWasmBackend } from '../engines/wasmBackend.ts'

/**
 * Lets TensorFlow.js train on its WASM backend: starts the backend unless it is in use, and adds the kernels and gradients
 * that it lacks. The operations that take most of the time have WASM kernels; the others use those of the `cpu` backend.
 * Idempotent.
 *
 * @throws Error if the backend does not start.
 */
export async function registerTrainingKernels(): Promise<void> {
  if (!(await startWasmBackend())) {
    throw new Error('The WASM backend did not start. Reinstall it: npm install @tensorflow/tfjs-backend-wasm')
  }
  fixGradients()
  poolFirstInTraining()
  fuseBatchNormalization()
  fuseRecurrentSequences()
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  const context = await createKernelContext()
  // Fallbacks first: later kernels handle the calls they support, and pass the others to the kernel registered before.
  registerCpuFallbacks(context)
  registerBatchNormalizationKernels(context)
  registerConvolutionKernels(context)
  registerPooledConvolutionKernels(context)
  registerCrossentropyKernel(context)
  registerDepthwiseKernels(context)
  registerMatMulKernels(context)
  registerPoolingKernels(context)
  registerPreluKernel(context)
  registerReductionKernels(context)
  registerElementwiseKernels(context)
  registerUpdateKernels(context)
  registerRecurrentKernels(context)
  registerGruKernels(context)
}
