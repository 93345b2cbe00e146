/** Saves models. */
import * as tf from '@tensorflow/tfjs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Saves a model as model.json and weights.bin, which `tf.loadLayersModel` reads. */
export async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  const save: tf.io.SaveHandler = async ({ modelTopology, weightSpecs, weightData }) => {
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
    writeFileSync(join(folder, 'weights.bin'), new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)))
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }))
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
  }
  await model.save(tf.io.withSaveHandler(save))
}
