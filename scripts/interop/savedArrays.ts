/** Writes the weights of a network and other numbers as NumPy archives, which scripts of other frameworks read. */
import { writeFileSync } from 'node:fs'
import type * as tf from '@tensorflow/tfjs'
import { encodeNpz, type NamedArray } from '../../src/tasks/export/npz.ts'

export async function writeArrays(file: string, arrays: readonly NamedArray[]): Promise<void> {
  writeFileSync(file, Buffer.concat(await encodeNpz(arrays, '')))
}

/** The weights by their names in scripts: the layer, with `_` for each `/`, and the index in the layer. */
export function weightsOf(model: tf.LayersModel): NamedArray[] {
  return model.layers.flatMap((layer) =>
    layer.getWeights().map((weight, index) => arrayOf(`${layer.name.replaceAll('/', '_')}/${index}`, weight)),
  )
}

export function arrayOf(name: string, tensor: tf.Tensor): NamedArray {
  return { name, shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) }
}
