import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import { registerTrainingKernels } from '../kernels/registerTrainingKernels.ts'
import { type EngineInfo } from './engineInfo.ts'
import { startWasmBackend } from './wasmBackend.ts'

/**
 * Starts the `wasm` engine: the WebAssembly backend of TensorFlow.js with the kernels that training needs in addition.
 *
 * @throws KnownError if WebAssembly does not start.
 */
export async function startWasmEngine(): Promise<EngineInfo> {
  tf.enableProdMode()
  if (!(await startWasmBackend())) {
    throw new KnownError(
      'engine',
      'The wasm engine did not start.',
      'Run `npm install @tensorflow/tfjs-backend-wasm` again: its .wasm files may be missing.',
    )
  }
  await registerTrainingKernels()
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')
  return {
    name: 'wasm',
    version: tf.version.tfjs,
    detail: `TensorFlow.js ${tf.version.tfjs} on WebAssembly${simd ? ' with SIMD' : ''}`,
  }
}
