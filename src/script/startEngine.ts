/** Starts the fastest engine for scripts, bundled in the folder wasm-training/ beside them. */
import { registerTrainingKernels } from '../runtime/kernels/registerTrainingKernels.ts'

/** Starts TensorFlow's C library if it is installed, otherwise WebAssembly with kernels for training. */
export async function startEngine(): Promise<void> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  await import('@tensorflow/tfjs-node').catch(registerTrainingKernels)
}
