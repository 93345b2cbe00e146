import * as tf from '@tensorflow/tfjs'
import { readModel } from '../../src/runtime/runs/saveModel.ts'

/** The model in a folder, as TensorFlow.js reads it by itself. */
export async function loadSaved(folder: string): Promise<tf.LayersModel> {
  return await tf.loadLayersModel(tf.io.fromMemory(await readModel(folder)))
}
