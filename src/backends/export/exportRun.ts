/** Writes the network of a saved run for other programs: TensorFlow.js by itself, and Keras. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Program } from '../../program/program.ts'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import type { ModelMetadata } from '../../runtime/modelMetadata.ts'
import { readModel, saveModel } from '../../runtime/saveModel.ts'
import { version } from '../../version.ts'
import { buildModel } from '../interpret.ts'
import { loadRunWeights } from '../runWeights.ts'
import { ExportError } from './exportError.ts'
import type { SavedPart } from './kerasLayers.ts'
import { writeNpz } from './npz.ts'
import { printKerasModel } from './printKerasModel.ts'
import { createFolder } from '../../runtime/createFolder.ts'

/**
 * @param folder That of the run.
 * @param out Where the files go; it is made.
 * @param checkpoint The name of one, in place of the weights of the end.
 * @returns The files.
 * @throws ExportError, EngineError.
 */
export async function exportKeras(
  program: Program,
  folder: string,
  out: string,
  checkpoint?: string,
): Promise<string[]> {
  await startEngine('cpu')
  const model = await loadTrained(program, folder, checkpoint)
  try {
    const topology = model.toJSON(null, false) as unknown as { config: { layers: (SavedPart & { name: string })[] } }
    const parts = new Map(topology.config.layers.map((part) => [part.name, part]))
    const { userDefinedMetadata } = await readModel(join(folder, 'model'))
    const metadata = userDefinedMetadata as ModelMetadata | undefined
    const text = printKerasModel(program, parts, metadata, version)
    const arrays = model.layers.flatMap((layer) =>
      layer.getWeights().map((weight, index) => ({
        name: `${layer.name}/${index}`,
        shape: weight.shape,
        values: weight.dataSync() as Float32Array,
      })),
    )
    createFolder(out)
    await writeFile(join(out, 'model.py'), text)
    await writeNpz(join(out, 'weights.npz'), arrays)
    return ['model.py', 'weights.npz'].map((name) => join(out, name))
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
  checkpoint?: string,
): Promise<string[]> {
  await startEngine('cpu')
  const artifacts = await readModel(join(folder, 'model'))
  const stock = await loadStock(artifacts)
  const model = await loadTrained(program, folder, checkpoint)
  try {
    if (checkpoint !== undefined) stock.setWeights(model.getWeights())
    const difference = compareAnswers(stock, model)
    if (!(difference < 1e-4)) throw tellUnfit(`what it answers differs by ${difference.toExponential(1)}.`)
    await saveModel(model, out, artifacts.userDefinedMetadata as ModelMetadata | undefined)
    return ['model.json', 'weights.bin'].map((name) => join(out, name))
  } finally {
    stock.dispose()
    model.dispose()
  }
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

function tellUnfit(reason: string): ExportError {
  return new ExportError(
    `TensorFlow.js cannot run this network by its own layers: ${reason}`,
    'Use `shapewright predict`, or build the network by the run’s compiled script, which brings the layers with it.',
  )
}
