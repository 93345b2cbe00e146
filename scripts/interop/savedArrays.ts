/** Writes numbers as NumPy archives, which scripts of other frameworks read. */
import { writeFileSync } from 'node:fs'
import type * as tf from '@tensorflow/tfjs'
import { encodeNpz, type NamedArray } from '../../src/tasks/export/npz.ts'

export async function writeArrays(file: string, arrays: readonly NamedArray[]): Promise<void> {
  writeFileSync(file, Buffer.concat(await encodeNpz(arrays, '')))
}

export function arrayOf(name: string, tensor: tf.Tensor): NamedArray {
  return { name, shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) }
}

/** The tensors by their numbers. */
export function numbered(tensors: readonly tf.Tensor[]): NamedArray[] {
  return tensors.map((tensor, index) => arrayOf(String(index), tensor))
}
