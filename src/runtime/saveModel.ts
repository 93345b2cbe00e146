import * as tf from '@tensorflow/tfjs'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { writeFolderWhole } from './checkpoints/writeWhole.ts'
import { type ModelMetadata } from './modelMetadata.ts'
import { writeRunFile } from './runFileError.ts'

/**
 * Writes a model in the format of TensorFlow.js: a folder with `model.json` (the layers, and where each weight is) and
 * `weights.bin`. The folder appears whole, under a temporary name first; one that was there before is replaced.
 *
 * @param metadata Stands in `model.json` as `userDefinedMetadata`.
 * @throws TrainingError where the system refuses.
 */
export async function saveModel(model: tf.LayersModel, folder: string, metadata?: ModelMetadata): Promise<void> {
  await writeRunFile(folder, () => writeFolderWhole(folder, (written) => writeModel(model, written, metadata)))
}

async function writeModel(model: tf.LayersModel, folder: string, metadata: ModelMetadata | undefined): Promise<void> {
  const { modelJson, weights } = await encodeModel(model, metadata)
  await writeFile(join(folder, 'weights.bin'), weights)
  await writeFile(join(folder, 'model.json'), JSON.stringify(modelJson))
}

/** A model as TensorFlow.js saves it: the content of `model.json`, and the bytes of `weights.bin`. */
export async function encodeModel(
  model: tf.LayersModel,
  metadata?: ModelMetadata,
): Promise<{ readonly modelJson: object; readonly weights: Uint8Array }> {
  let saved: tf.io.ModelArtifacts = {}
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    }),
  )
  const modelJson = {
    format: saved.format,
    generatedBy: saved.generatedBy,
    convertedBy: saved.convertedBy ?? null,
    modelTopology: saved.modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: saved.weightSpecs }],
    ...(metadata && { userDefinedMetadata: metadata }),
  }
  return { modelJson, weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(saved.weightData)) }
}

/** What `saveModel`, or TensorFlow.js itself, wrote into a folder. */
export async function readModel(folder: string): Promise<tf.io.ModelArtifacts> {
  const modelJson: tf.io.ModelJSON = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'))
  const files = modelJson.weightsManifest.flatMap((group) => group.paths.map((name) => join(folder, name)))
  const weightData = Buffer.concat(await Promise.all(files.map((file) => readFile(file))))
  return {
    modelTopology: modelJson.modelTopology,
    weightSpecs: modelJson.weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(weightData).buffer,
    ...(modelJson.userDefinedMetadata && { userDefinedMetadata: modelJson.userDefinedMetadata }),
  }
}

/**
 * Gives a model the weights that were saved with it. It is built anew for that, not read: what TensorFlow.js makes of a
 * saved layer is its own, without what is mended here.
 */
export async function loadWeights(model: tf.LayersModel, folder: string): Promise<void> {
  const { weightData, weightSpecs } = await readModel(folder)
  const weights = tf.io.decodeWeights(weightData!, weightSpecs!)
  model.loadWeights(weights)
  tf.dispose(weights)
}

/**
 * The SHA-256, in hex, over all weights of a model in its order, as little-endian bytes. Equal digests mean equal
 * weights, bit for bit.
 */
export function weightsDigest(model: tf.LayersModel): string {
  const hash = createHash('sha256')
  for (const weight of model.getWeights()) {
    const values = weight.dataSync()
    const bytes = Buffer.from(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength))
    hash.update(endianness() === 'LE' || values.BYTES_PER_ELEMENT === 1 ? bytes : bytes.swap32())
  }
  return hash.digest('hex')
}
