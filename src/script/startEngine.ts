/** The fastest engine, as scripts start it; it is in the folder wasm-training/ beside them. */
import { registerTrainingKernels } from '../runtime/kernels/registerTrainingKernels.ts'

/** Starts TensorFlow's own library where it is installed, else WebAssembly with kernels for training. */
export async function startEngine(): Promise<void> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  await import('@tensorflow/tfjs-node').catch(registerTrainingKernels)
}
