/** Saves models in the format of TensorFlow.js, and reads them back. */
import * as tf from '@tensorflow/tfjs'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { KnownError } from '../../system/knownError.ts'
import { readRecord } from '../../system/parseRecord.ts'
import { writeFolderWhole } from './writeWhole.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { modelFiles, runFiles } from '../../system/runFiles.ts'
import { metadataFields, type ModelMetadata } from './modelMetadata.ts'
import { writeRunFile } from './runFileError.ts'
import { openRunFiles, readVerified } from './verifiedFiles.ts'
import { openManifest } from './runManifest.ts'

/**
 * Writes a model in the format of TensorFlow.js: a folder with `model.json` (the layers, and where each weight is) and
 * `weights.bin`. The folder is written under a temporary name, then replaces an earlier one, so that it is never half
 * written.
 *
 * @param metadata Saved in `model.json` as `userDefinedMetadata`.
 * @throws KnownError if the system refuses.
 */
export async function saveModel(model: tf.LayersModel, folder: string, metadata?: ModelMetadata): Promise<void> {
  const files = await contentsOf(model, metadata)
  await writeRunFile(folder, () =>
    writeFolderWhole(folder, async (written) => {
      for (const [name, content] of Object.entries(files)) await writeFile(join(written, name), content)
    }),
  )
}

/** Saves the model of a run like `saveModel`, in its folder `model`, with checksums in its manifest. */
export async function saveRunModel(model: tf.LayersModel, runFolder: string, metadata: ModelMetadata): Promise<void> {
  const manifest = openManifest(runFolder)
  if (manifest) await manifest.writeFolder(runFiles.model, await contentsOf(model, metadata))
  else await saveModel(model, join(runFolder, runFiles.model), metadata)
}

async function contentsOf(
  model: tf.LayersModel,
  metadata: ModelMetadata | undefined,
): Promise<Record<string, string | Uint8Array>> {
  const { modelJson, weights } = await encodeModel(model, metadata)
  return { [modelFiles.weights]: weights, [modelFiles.topology]: JSON.stringify(modelJson) }
}

/** Encodes a model as TensorFlow.js saves it: the content of `model.json`, and the bytes of `weights.bin`. */
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
    modelTopology: withoutConstraints(saved.modelTopology),
    weightsManifest: [{ paths: [modelFiles.weights], weights: saved.weightSpecs }],
    ...(metadata && { userDefinedMetadata: metadata }),
  }
  return { modelJson, weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(saved.weightData)) }
}

/**
 * Removes the constraints from a description of layers. TensorFlow.js would apply them to the weights that it loads,
 * which are already constrained: most constraints change the last digits, and one with a `rate` below 1 changes more.
 */
function withoutConstraints<Part>(part: Part): Part {
  if (Array.isArray(part)) return part.map(withoutConstraints) as Part
  if (part === null || typeof part !== 'object') return part
  const entries = Object.entries(part).map(([key, value]) => [
    key,
    key.endsWith('_constraint') ? null : withoutConstraints<unknown>(value),
  ])
  return Object.fromEntries(entries) as Part
}

const modelFields = {
  modelTopology: 'object',
  weightsManifest: [{ paths: ['string'], weights: [{ name: 'string', shape: ['number'], dtype: 'string' }] }],
  'userDefinedMetadata?': metadataFields,
} as const

/**
 * Reads what `saveModel`, or TensorFlow.js itself, wrote into a folder.
 *
 * @param read Reads a file of the folder.
 * @throws KnownError if `model.json` has another form.
 */
export async function readModel(
  folder: string,
  read: (name: string) => Promise<Uint8Array> = (name) => readWholeFile(join(folder, name), fileSizeLimits.data),
): Promise<tf.io.ModelArtifacts> {
  const text = Buffer.from(await read(modelFiles.topology)).toString()
  const modelJson = readRecord<tf.io.ModelJSON>(text, modelFields, {
    path: join(folder, modelFiles.topology),
    code: 'run',
    help: 'Resume the run with `shapewright train --resume`, which writes the model again, or save it again.',
  })
  const names = modelJson.weightsManifest.flatMap((group) => group.paths)
  const weightData = Buffer.concat(await Promise.all(names.map(read)))
  return {
    modelTopology: modelJson.modelTopology,
    weightSpecs: modelJson.weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(weightData).buffer,
    ...(modelJson.userDefinedMetadata && { userDefinedMetadata: modelJson.userDefinedMetadata }),
  }
}

/**
 * Reads the saved model of a run.
 *
 * @throws KnownError if a file is missing or damaged.
 */
export async function readRunModel(runFolder: string): Promise<tf.io.ModelArtifacts> {
  const files = await openRunFiles(runFolder)
  return await readModel(join(runFolder, runFiles.model), async (name) => {
    const content = await readVerified(files, `model/${name}`)
    if (content) return content
    throw new KnownError(
      'run', `${join(runFolder, runFiles.model, name)} is missing.`,
      `Use the weights of a checkpoint with --checkpoint, or run \`shapewright train --resume ${runFolder}\` to write the model again.`,
    )
  })
}

/**
 * Gives a model its saved weights, bit for bit. The model is built again instead of read, because a layer that
 * TensorFlow.js loads lacks what is fixed here.
 *
 * @throws KnownError if the folder lacks one of the weights.
 */
export async function loadWeights(model: tf.LayersModel, folder: string): Promise<void> {
  assignSavedWeights(model, await readModel(folder))
}

/** Like `loadWeights`, from files that were already read. */
export function assignSavedWeights(model: tf.LayersModel, { weightData, weightSpecs }: tf.io.ModelArtifacts): void {
  const weights = tf.io.decodeWeights(weightData!, weightSpecs!)
  for (const { originalName, shape } of model.weights) {
    const saved = weights[originalName]
    if (saved !== undefined && tf.util.arraysEqual(saved.shape, shape as number[])) continue
    const found = saved === undefined ? 'which is missing' : `but found the shape [${saved.shape.join(', ')}]`
    throw new KnownError(
      'run', `The saved weights belong to another network: this one needs ${originalName}, ${found}.`,
      'Train again; the files of a run belong together.',
    )
  }
  // A method of the model would apply the constraints of its layers.
  for (const weight of model.weights) (weight.read() as tf.Variable).assign(weights[weight.originalName]!)
  tf.dispose(weights)
}

/**
 * The SHA-256 in hex of all weights of a model, in its order, as little-endian bytes. Equal digests mean equal weights,
 * bit for bit.
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
