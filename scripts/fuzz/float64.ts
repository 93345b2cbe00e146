/**
 * The cpu engine in float64, as the measure of the others. It keeps numbers in arrays that it makes by the global name
 * Float32Array, and computes in the numbers of JavaScript, which are float64: with that name meant for Float64Array,
 * nothing is rounded on the way.
 */
import * as tf from '@tensorflow/tfjs'

/** Runs on the cpu engine; whatever it makes must not be used outside. */
export async function inFloat64<T>(run: () => T): Promise<T> {
  await tf.setBackend('cpu')
  const { platform } = tf.env()
  const [single, known] = [globalThis.Float32Array, platform.isTypedArray]
  const swap = (array: unknown) => Object.assign(globalThis, { Float32Array: array })
  swap(Float64Array)
  // In Node, it asks what the array is, not what it is called.
  platform.isTypedArray = (value): value is Float32Array => ArrayBuffer.isView(value) && !(value instanceof DataView)
  try {
    return run()
  } finally {
    swap(single)
    platform.isTypedArray = known
  }
}
