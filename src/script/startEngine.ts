/** Starts the fastest engine for scripts, bundled in the folder wasm-training/ beside them. */
import { fixGradients } from '../patches/fixGradients.ts'
import { poolFirstInTraining } from '../patches/poolingFirst.ts'
import { registerNodeFallbacks } from '../patches/nodeFallback.ts'
import { registerNodeKernels } from '../runtime/kernels/nodeKernels.ts'
import { registerTrainingKernels } from '../runtime/kernels/registerTrainingKernels.ts'
import { startNodeEngine } from './nodeEngine.ts'

/** Starts TensorFlow's C library if it is installed, otherwise WebAssembly; both with kernels and gradients for training. */
export async function startEngine(): Promise<void> {
  try {
    await startNodeEngine()
  } catch {
    return await registerTrainingKernels()
  }
  registerNodeKernels()
  registerNodeFallbacks()
  fixGradients()
  poolFirstInTraining()
}
