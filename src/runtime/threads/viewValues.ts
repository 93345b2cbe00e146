import * as tf from '@tensorflow/tfjs'
import { type WasmBackend } from '../kernels/kernelContext.ts'

/**
 * Returns the values of a float32 tensor, to be copied immediately: on the wasm backend, a view of its memory, which the
 * next kernel may replace. `dataSync` copies, which for a large network takes as long as a matrix product.
 */
export function viewValues(tensor: tf.Tensor): Float32Array {
  if (tf.getBackend() !== 'wasm') return tensor.dataSync<'float32'>()
  const { wasm, dataIdMap } = tf.backend() as unknown as WasmBackend
  return new Float32Array(wasm.asm.memory.buffer, dataIdMap.get(tensor.dataId).memoryOffset >>> 0, tensor.size)
}
