/** Writes the network of a saved run for other programs: TensorFlow.js by itself, and Keras. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import { isOwnArchive, isOwnModule, ownMark, readExportMark, sha256Of, type ExportMark } from '../../system/marks.ts'
import { modelFiles } from '../../system/runFiles.ts'
import { writeOutput, type OutputFile } from '../../system/writeOutput.ts'
import type { Program } from '../../program/program.ts'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import type { ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { encodeModel, readRunModel } from '../../runtime/runs/saveModel.ts'
import { assignWeights, copyWeights } from '../../script/weightValues.ts'
import { version } from '../../system/version.ts'
import { buildModel } from '../../backends/interpret/interpret.ts'
import { loadRunWeights } from '../predict/runWeights.ts'
import type { SavedPart } from '../../backends/keras/kerasLayers.ts'
import { encodeNpz } from './npz.ts'
import { printKerasModel } from '../../backends/keras/printKerasModel.ts'

export interface ExportOptions {
  /** The name of one, instead of the weights at the end. */
  readonly checkpoint?: string | undefined
  /** Replaces files of others. */
  readonly force?: boolean | undefined
}

/**
 * Writes a Python module for Keras and its weights.
 *
 * @param folder The folder of the run.
 * @param out The folder that the files go into.
 * @returns The files.
 * @throws KnownError.
 */
export async function exportKeras(
  program: Program,
  folder: string,
  out: string,
  { checkpoint, force }: ExportOptions = {},
): Promise<string[]> {
  await startEngine('cpu')
  const model = await loadTrained(program, folder, checkpoint)
  try {
    const topology = model.toJSON(null, false) as unknown as { config: { layers: (SavedPart & { name: string })[] } }
    const parts = new Map(topology.config.layers.map((part) => [part.name, part]))
    const { userDefinedMetadata } = await readRunModel(folder)
    const metadata = userDefinedMetadata as ModelMetadata | undefined
    const text = printKerasModel(program, parts, metadata, version)
    const arrays = model.layers.flatMap((layer) =>
      layer.getWeights().map((weight, index) => ({
        name: `${layer.name}/${index}`,
        shape: weight.shape,
        values: weight.dataSync() as Float32Array,
      })),
    )
    const files = [
      { path: join(out, 'model.py'), content: [text], isOurs: isOwnModule },
      { path: join(out, 'weights.npz'), content: await encodeNpz(arrays, ownMark), isOurs: isOwnArchive },
    ]
    writeOutput(files, { folder: out, force })
    return files.map(({ path }) => path)
  } finally {
    model.dispose()
  }
}

/**
 * As above. Whether TensorFlow.js makes the same network of what the run saved, with its own layers alone, is tried first.
 */
export async function exportTfjs(
  program: Program,
  folder: string,
  out: string,
  { checkpoint, force }: ExportOptions = {},
): Promise<string[]> {
  await startEngine('cpu')
  const artifacts = await readRunModel(folder)
  const stock = await loadStock(artifacts)
  const model = await loadTrained(program, folder, checkpoint)
  try {
    assignWeights(stock, copyWeights(model))
    const difference = compareAnswers(stock, model)
    if (!(difference < 1e-4)) throw tellUnfit(`its output differs by ${difference.toExponential(1)}.`)
    const files = await exportedFiles(model, out, artifacts.userDefinedMetadata as ModelMetadata | undefined)
    writeOutput(files, { folder: out, force })
    return files.map(({ path }) => path).toSorted()
  } finally {
    stock.dispose()
    model.dispose()
  }
}

/** `model.json` comes last: it says by its digest that `weights.bin` belongs to it, and that both are ours. */
async function exportedFiles(
  model: tf.LayersModel,
  out: string,
  metadata: ModelMetadata | undefined,
): Promise<OutputFile[]> {
  const { modelJson, weights } = await encodeModel(model, metadata)
  const [json, binary] = [join(out, modelFiles.topology), join(out, modelFiles.weights)]
  const mark: ExportMark = { version, files: { [modelFiles.weights]: sha256Of(weights) } }
  const isOwnBinary = (path: string) => readExportMark(json)?.files[modelFiles.weights] === sha256Of(readFileSync(path))
  return [
    { path: binary, content: [weights], isOurs: isOwnBinary },
    {
      path: json,
      content: [JSON.stringify({ ...modelJson, shapewright: mark })],
      isOurs: (path) => readExportMark(path) !== undefined,
    },
  ]
}

async function loadTrained(program: Program, folder: string, checkpoint?: string): Promise<tf.LayersModel> {
  const model = buildModel(program, 0)
  await loadRunWeights(model, folder, checkpoint)
  return model
}

async function loadStock(artifacts: tf.io.ModelArtifacts): Promise<tf.LayersModel> {
  try {
    return await tf.loadLayersModel(tf.io.fromMemory(artifacts))
  } catch (error) {
    throw tellUnfit(reasonOf(error))
  }
}

/** The largest difference over a few samples of noise; NaN where the shapes differ. */
function compareAnswers(stock: tf.LayersModel, model: tf.LayersModel): number {
  return tf.tidy(() => {
    const inputs = model.inputs.map(({ shape }, index) => {
      const sizes = shape.map((size, axis) => size ?? (axis === 0 ? 2 : 32))
      return tf.abs(tf.randomNormal(sizes, 0, 1, 'float32', index + 1))
    })
    const given = inputs.length === 1 ? inputs[0]! : inputs
    const expected = [model.predict(given)].flat()
    const answers = answerOf(stock, given)
    const differences = expected.map((answer, index) => {
      const other = answers[index]!
      const isSameForm = answer.shape.join() === other.shape.join()
      return isSameForm ? tf.max(tf.abs(tf.sub(answer, other))).dataSync()[0]! : Number.NaN
    })
    return Math.max(...differences)
  })
}

function answerOf(stock: tf.LayersModel, given: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  try {
    return [stock.predict(given)].flat()
  } catch (error) {
    throw tellUnfit(reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}

function tellUnfit(reason: string): KnownError {
  return new KnownError(
    'export',
    `TensorFlow.js cannot run this network with its own layers: ${reason}`,
    'Use `shapewright predict`, or build the network with the compiled script of the run, which includes the layers.',
  )
}
