import * as tf from '@tensorflow/tfjs'

/**
 * Starts the WASM backend of TensorFlow.js in one thread, unless it is in use.
 *
 * @throws Error if @tensorflow/tfjs-backend-wasm is missing.
 * @returns Whether the backend works.
 */
export async function startWasmBackend(): Promise<boolean> {
  if (tf.getBackend() === 'wasm') return true
  await import('@tensorflow/tfjs-backend-wasm')
  // The training kernels work on memory that is not shared between threads.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  return await withoutNewCrashHandlers(() => tf.setBackend('wasm'))
}

/**
 * Runs `start` and removes the listeners for uncaught errors that it added; others are kept. Emscripten's startup code adds
 * such listeners only to throw the errors again, which hides their origin.
 */
async function withoutNewCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  const events = typeof process === 'undefined' ? [] : ['uncaughtException', 'unhandledRejection']
  const known = events.map((event) => process.listeners(event as NodeJS.Signals))
  const result = await start()
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as NodeJS.Signals)) {
      if (!known[index]!.includes(listener)) process.removeListener(event, listener)
    }
  }
  return result
}
