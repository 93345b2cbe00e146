import type * as tf from '@tensorflow/tfjs'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { saveModel } from './saveModel.ts'

/** Saves the model as the best so far, in `best` of the run folder. */
export async function saveBest(model: tf.LayersModel, folder: string): Promise<void> {
  mkdirSync(join(folder, 'best'), { recursive: true })
  await saveModel(model, join(folder, 'best'))
}
