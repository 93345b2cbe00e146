/** The engines that scripts start. */
import { registerTrainingKernels } from '../runtime/kernels/registerTrainingKernels.ts'

/** Starts TensorFlow's own library where it is installed, else WebAssembly with kernels for training. */
export async function startEngine(): Promise<void> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  await import('@tensorflow/tfjs-node').catch(registerTrainingKernels)
}

/** Starts TensorFlow's own library. */
export async function startNodeEngine(): Promise<void> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  await import('@tensorflow/tfjs-node')
}
