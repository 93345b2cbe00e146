import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { registerTrainingKernels } from '../kernels/registerTrainingKernels.ts'
import { mendGradients } from '../gradients/mendGradients.ts'
import { EngineError, type EngineInfo } from './engineInfo.ts'

/**
 * Starts the `wasm` engine: the WebAssembly backend of TensorFlow.js, with the kernels added that it lacks for training.
 *
 * @throws EngineError where WebAssembly does not start.
 */
export async function startWasmEngine(): Promise<EngineInfo> {
  tf.enableProdMode()
  if (tf.getBackend() !== 'wasm') {
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
    setWasmPaths(dirname(main) + sep)
    if (!(await withoutNewCrashHandlers(() => tf.setBackend('wasm')))) {
      throw new EngineError(
        'The wasm engine did not start.',
        'Run `npm install @tensorflow/tfjs-backend-wasm` anew: its .wasm files may be missing.',
      )
    }
  }
  await registerTrainingKernels()
  mendGradients()
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')
  return {
    name: 'wasm',
    version: tf.version.tfjs,
    detail: `TensorFlow.js ${tf.version.tfjs} on WebAssembly${simd ? ' with SIMD' : ''}`,
  }
}

/**
 * Emscripten's start-up code listens for uncaught errors only to throw them again, which hides where they came from.
 * This takes away the listeners that appear during `start`, and leaves those of others.
 */
async function withoutNewCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  const knownExceptionHandlers = process.listeners('uncaughtException')
  const knownRejectionHandlers = process.listeners('unhandledRejection')
  const result = await start()
  for (const handler of process.listeners('uncaughtException')) {
    if (!knownExceptionHandlers.includes(handler)) process.removeListener('uncaughtException', handler)
  }
  for (const handler of process.listeners('unhandledRejection')) {
    if (!knownRejectionHandlers.includes(handler)) process.removeListener('unhandledRejection', handler)
  }
  return result
}
