import * as tf from '@tensorflow/tfjs'
import { type WasmBackend } from '../kernels/kernelContext.ts'

/**
 * The numbers of a float32 tensor, to be copied at once: on the wasm backend where they stand in its memory, which the
 * next kernel may replace. `dataSync` makes a copy of its own, which for a large network costs as much as a product.
 */
export function viewValues(tensor: tf.Tensor): Float32Array {
  if (tf.getBackend() !== 'wasm') return tensor.dataSync<'float32'>()
  const { wasm, dataIdMap } = tf.backend() as unknown as WasmBackend
  return new Float32Array(wasm.asm.memory.buffer, dataIdMap.get(tensor.dataId).memoryOffset >>> 0, tensor.size)
}
