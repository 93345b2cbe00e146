/** Exports the network of a saved run to TensorFlow.js (without Shapewright), Keras and ONNX, and its weights alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import {
  isOwnArchive,
  isOwnModule,
  isOwnOnnx,
  isOwnTensorFile,
  ownMark,
  readExportMark,
  sha256Of,
  type ExportMark,
} from '../../system/marks.ts'
import { modelFiles } from '../../system/runFiles.ts'
import { writeOutput, type OutputFile } from '../../system/writeOutput.ts'
import type { Program } from '../../program/program.ts'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import { describeMetadata, type ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { encodeTensorFile } from '../../runtime/runs/tensorFile.ts'
import { encodeModel, readRunModel } from '../../runtime/runs/saveModel.ts'
import { assignWeights, copyWeights } from '../../script/weightValues.ts'
import { version } from '../../system/version.ts'
import { buildModel } from '../../backends/interpret/interpret.ts'
import { loadRunWeights } from '../predict/runWeights.ts'
import { encodeKerasFile } from './kerasFile.ts'
import { encodeNpz } from './npz.ts'
import { encodeTorchFile } from './torchFile.ts'
import { pytorchTarget } from '../../backends/pytorch/pytorchTarget.ts'
import { stateDictOf } from '../../backends/pytorch/stateDict.ts'
import type { AnalyzedNetwork } from '../../backends/pythonTarget.ts'
import { kerasNames } from '../../backends/keras/kerasNames.ts'
import { encodeNetwork } from '../../backends/onnx/encodeNetwork.ts'
import { printKerasModel } from '../../backends/keras/printKerasModel.ts'

export interface ExportOptions {
  /** The name of the checkpoint to use instead of the final weights. */
  readonly checkpoint?: string | undefined
  /** Whether files that Shapewright did not write are replaced. */
  readonly force?: boolean | undefined
}

/** Writes an export of a run, and returns the paths of its files. */
type Export = (program: Program, folder: string, out: string, options?: ExportOptions) => Promise<string[]>

/** A trained network, with what its saved model states about the data. */
interface Trained {
  readonly program: Program
  readonly model: tf.LayersModel
  readonly metadata: ModelMetadata | undefined
}

/**
 * Makes an export of a format that is written from the trained network alone.
 *
 * @param filesOf Returns the files. Their paths are names in the output folder.
 */
const exportFiles =
  (filesOf: (trained: Trained) => readonly OutputFile[] | Promise<readonly OutputFile[]>): Export =>
  async (program, folder, out, { checkpoint, force } = {}) => {
    await startEngine('cpu')
    const model = await loadTrained(program, folder, checkpoint)
    try {
      const { userDefinedMetadata } = await readRunModel(folder)
      const named = await filesOf({ program, model, metadata: userDefinedMetadata as ModelMetadata | undefined })
      const files = named.map((file) => ({ ...file, path: join(out, file.path) }))
      writeOutput(files, { folder: out, force })
      return files.map(({ path }) => path)
    } finally {
      model.dispose()
    }
  }

/**
 * Writes a Python module for Keras and its weights.
 *
 * @throws KnownError if a file of the run is damaged, or the output cannot be written.
 */
export const exportKeras = exportFiles(async ({ program, model, metadata }) => {
  const names = kerasNames(program.layers.map(({ name }) => name))
  const arrays = model.layers.flatMap((layer) =>
    layer.getWeights().map((weight, index) => ({
      name: `${names.get(layer.name) ?? layer.name}/${index}`,
      shape: weight.shape,
      values: weight.dataSync() as Float32Array,
    })),
  )
  return [
    { path: 'model.py', content: [printKerasModel(program, metadata, version)], isOurs: isOwnModule },
    { path: 'weights.npz', content: await encodeNpz(arrays, ownMark), isOurs: isOwnArchive },
  ]
})

/**
 * Makes the export of the weights for the script that `compile --target pytorch` writes: the file of its `--weights`.
 *
 * @throws KnownError if PyTorch cannot compute a layer, or as `exportKeras`.
 */
export const exportPytorch = (network: AnalyzedNetwork): Export =>
  exportFiles(async ({ program, model }) => {
    const [problem] = pytorchTarget.findProblems(network, program)
    if (problem !== undefined) throw new KnownError('export', `${problem.message}.`, `Otherwise, ${problem.help}.`)
    const state = stateDictOf(network, program, (layer) =>
      model
        .getLayer(layer)
        .getWeights()
        .map((weight) => ({ shape: weight.shape, values: weight.dataSync() as Float32Array })),
    )
    return [{ path: 'model.pt', content: await encodeTorchFile(state, ownMark), isOurs: isOwnArchive }]
  })

/**
 * Writes a `.keras` file, which Keras 3 loads without further code.
 *
 * @throws KnownError if a layer is not one of Keras's own, or as `exportKeras`.
 */
export const exportKerasFile = exportFiles(async ({ program, model }) => [
  { path: 'model.keras', content: await encodeKerasFile(program, model, ownMark), isOurs: isOwnArchive },
])

/**
 * Writes an ONNX file, with the weights inside.
 *
 * @throws KnownError if ONNX cannot express a layer, or as `exportKeras`.
 */
export const exportOnnx = exportFiles(({ program, model, metadata }) => {
  const content = encodeNetwork(program, model, metadata, version)
  return [{ path: 'model.onnx', content: [content], isOurs: isOwnOnnx }]
})

/**
 * Writes the weights as safetensors: each by the name of its layer and its own, such as `conv2d/kernel`.
 *
 * @throws KnownError as `exportKeras`.
 */
export const exportSafetensors = exportFiles(({ model, metadata }) => {
  const tensors = model.weights.map((weight) => {
    const value = weight.read()
    return { name: weight.originalName, shape: value.shape, values: value.dataSync() as Float32Array }
  })
  const content = encodeTensorFile({ tensors, metadata: { producer: ownMark, ...describeMetadata(metadata) } })
  return [{ path: 'weights.safetensors', content, isOurs: isOwnTensorFile }]
})

/**
 * Writes a folder for `tf.loadLayersModel`. First checks that TensorFlow.js alone, with its own layers, builds a network with
 * the same outputs from the saved model.
 *
 * @returns The paths of the files.
 * @throws KnownError if its layers do not suffice, or as `exportKeras`.
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
    const difference = compareOutputs(stock, model)
    if (!(difference < 1e-4)) throw unsupportedNetwork(`its output differs by ${difference.toExponential(1)}.`)
    const files = await exportedFiles(model, out, artifacts.userDefinedMetadata as ModelMetadata | undefined)
    writeOutput(files, { folder: out, force })
    return files.map(({ path }) => path).toSorted()
  } finally {
    stock.dispose()
    model.dispose()
  }
}

/** Encodes the files. `model.json` comes last: it has the digest of `weights.bin`, which marks both as written by us. */
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
    throw unsupportedNetwork(reasonOf(error))
  }
}

/** The largest difference of the outputs for a few random samples; NaN if the shapes differ. */
function compareOutputs(stock: tf.LayersModel, model: tf.LayersModel): number {
  return tf.tidy(() => {
    const inputs = model.inputs.map(({ shape }, index) => {
      const sizes = shape.map((size, axis) => size ?? (axis === 0 ? 2 : 32))
      return tf.abs(tf.randomNormal(sizes, 0, 1, 'float32', index + 1))
    })
    const given = inputs.length === 1 ? inputs[0]! : inputs
    const expected = [model.predict(given)].flat()
    const answers = outputsOf(stock, given)
    const differences = expected.map((answer, index) => {
      const other = answers[index]!
      const isSameForm = answer.shape.join() === other.shape.join()
      return isSameForm ? tf.max(tf.abs(tf.sub(answer, other))).dataSync()[0]! : Number.NaN
    })
    return Math.max(...differences)
  })
}

function outputsOf(stock: tf.LayersModel, given: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  try {
    return [stock.predict(given)].flat()
  } catch (error) {
    throw unsupportedNetwork(reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}

function unsupportedNetwork(reason: string): KnownError {
  return new KnownError(
    'export',
    `TensorFlow.js cannot run this network with its own layers: ${reason}`,
    'Use `shapewright predict`, or build the network with the compiled script of the run, which includes the layers.',
  )
}
