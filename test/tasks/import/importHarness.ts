/** Imports files in tests, and builds what was imported. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { checkText, type Analysis } from '../../../src/analyze.ts'
import { buildModel } from '../../../src/backends/interpret/interpret.ts'
import { programOf } from '../../../src/compile.ts'
import { formatShape } from '../../../src/language/dims.ts'
import { hasErrors } from '../../../src/diagnostics/diagnostic.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { encodeModel } from '../../../src/runtime/runs/saveModel.ts'
import { buildImported } from '../../../src/tasks/import/encodeWeights.ts'
import type { ImportedNetwork } from '../../../src/tasks/import/importedNetwork.ts'
import { printSpec } from '../../../src/tasks/import/printSpec.ts'

/** Analyzes a spec that must have no errors. */
export function analysisOf(text: string): Analysis {
  const analysis = checkText(text, 'spec.yaml')
  if (hasErrors(analysis.diagnostics)) throw new Error(`${analysis.diagnostics[0]?.message}\n${text}`)
  return analysis
}

/** Builds the network of a spec with random weights. */
export async function modelOf(analysis: Analysis): Promise<tf.LayersModel> {
  await startEngine('cpu')
  const model = buildModel(programOf(analysis), 7)
  // Weights that begin as zeros or ones would hide an exchange of two of them.
  model.setWeights(
    model.getWeights().map((weight, index) => tf.randomUniform(weight.shape, 0.1, 0.9, 'float32', index + 1)),
  )
  return model
}

/** Writes a model as TensorFlow.js does, and returns the path of its `model.json`. */
export async function writeTfjs(model: tf.LayersModel, folder: string): Promise<string> {
  const { modelJson, weights } = await encodeModel(model)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(modelJson))
  writeFileSync(join(folder, 'weights.bin'), weights)
  return join(folder, 'model.json')
}

export interface BuiltImport {
  readonly text: string
  readonly analysis: Analysis
  readonly model: tf.LayersModel
}

/** Prints an imported network, and builds the printed spec with the imported weights. */
export async function buildPrinted(network: ImportedNetwork): Promise<BuiltImport> {
  await startEngine('cpu')
  const { text, names } = printSpec(network)
  const analysis = analysisOf(text)
  return { text, analysis, model: buildImported(network, names, analysis) }
}

/** The outputs for the same random samples, which are whole numbers below `below` if it is given. */
export function outputsFor(model: tf.LayersModel, below?: number): number[][] {
  return tf.tidy(() => {
    const inputs = model.inputs.map(({ shape }, index) => {
      const sizes = shape.map((size) => size ?? 2)
      const drawn = tf.randomUniform(sizes, 0, below ?? 1, 'float32', index + 11)
      return below === undefined ? drawn : tf.floor(drawn)
    })
    const outputs = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat()
    return outputs.map((output) => Array.from(output.dataSync()))
  })
}

/** Each layer with its output shape and number of parameters. `centerCrop` is built as a cropping. */
export function layersOf({ shaped }: Analysis): string[] {
  const typeOf = (type: string) => (type === 'centerCrop' ? 'cropping2D' : type)
  return shaped.nodes
    .map(({ layer, shape, params }) => `${typeOf(layer.type)} ${formatShape(shape)} ${params}`)
    .toSorted()
}
