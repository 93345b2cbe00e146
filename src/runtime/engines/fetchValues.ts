/** Fetches the values of tensors from engines that compute asynchronously. */
import * as tf from '@tensorflow/tfjs'
import { requireNoGpuError } from './gpuErrors.ts'

/** Whether the engine computes while the program continues, so that values must be fetched before they are read. */
export function computesLater(): boolean {
  return tf.getBackend() === 'webgpu'
}

/**
 * Lets `dataSync` of the tensors return their values, which the webgpu engine refuses for values that were not fetched.
 *
 * @returns A promise only if the engine computes asynchronously. The tensors must not be disposed before it resolves.
 * @throws KnownError if the graphics card reported an error.
 */
export function fetchValues(tensors: readonly tf.Tensor[]): undefined | Promise<void> {
  return computesLater() ? fetchAll(tensors) : undefined
}

async function fetchAll(tensors: readonly tf.Tensor[]): Promise<void> {
  try {
    await Promise.all(tensors.map((tensor) => tensor.data()))
  } finally {
    // An error of the card explains why values do not arrive.
    requireNoGpuError()
  }
}
