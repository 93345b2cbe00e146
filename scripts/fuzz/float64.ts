/**
 * Runs the cpu engine in float64, as a reference for the others. The engine computes with JavaScript numbers, which are
 * float64, and stores them with the global constructor Float32Array. While that name refers to Float64Array, nothing is
 * rounded to float32.
 */
import * as tf from '@tensorflow/tfjs'

/** Runs a function on the cpu engine in float64; its tensors must not be used outside. */
export async function inFloat64<T>(run: () => T | Promise<T>): Promise<T> {
  await tf.setBackend('cpu')
  const { platform } = tf.env()
  const [single, known] = [globalThis.Float32Array, platform.isTypedArray]
  const swap = (array: unknown) => Object.assign(globalThis, { Float32Array: array })
  swap(Float64Array)
  // In Node, TensorFlow.js checks the class of an array, not its name.
  platform.isTypedArray = (value): value is Float32Array => ArrayBuffer.isView(value) && !(value instanceof DataView)
  try {
    return await run()
  } finally {
    swap(single)
    platform.isTypedArray = known
  }
}
