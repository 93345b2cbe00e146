/** Experiments of `npm run interop` that start from trained weights, in each format that a script reads. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { checkText } from '../../src/analyze.ts'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { saveModel } from '../../src/runtime/runs/saveModel.ts'
import { encodeTensorFile } from '../../src/runtime/runs/tensorFile.ts'
import { encodeKerasFile } from '../../src/tasks/export/kerasFile.ts'
import { makeCase, type InteropCase } from './networkCases.ts'

const network = `
dataset: { synthetic: { shape: [6, 4], classes: 3, train: 40, test: 0 } }
blocks:
  unit: { layers: [{ dense: { units: 5, activation: tanh } }] }
layers:
  - bidirectional: { name: both, layer: { gru: { units: 3, recurrentActivation: sigmoid, returnSequences: true } } }
  - batchNormalization: { name: norm, trainable: false }
  - repeat: { name: stage, times: 2, layers: [unit] }
  - globalAveragePooling1d
  - dense: { name: HEAD, units: 3, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
training: { batchSize: 8, epochs: 2, seed: 3, shuffle: false }
`

/** Writes trained weights into a folder, and returns a case for each file. */
export async function pretrainedCases(folder: string): Promise<InteropCase[]> {
  const { spec, shaped } = checkText(`name: trained${network.replace('HEAD', 'head')}`, 'trained.yaml')
  const program = lowerGraph(spec, shaped)
  const model = buildModel(program, 7)
  try {
    shiftWeights(model)
    await saveModel(model, join(folder, 'run/model'))
    const tensors = model.weights.map((weight) => ({
      name: weight.originalName,
      shape: weight.shape as number[],
      values: weight.read().dataSync() as Float32Array,
    }))
    const sorted = tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    writeFileSync(
      join(folder, 'sorted.safetensors'),
      Buffer.concat(encodeTensorFile({ tensors: sorted, metadata: {} })),
    )
    const saved = tensors.map((tensor) => ({ ...tensor, name: `weights/${tensor.name}` }))
    const metadata = { format: 'shapewright checkpoint 1' }
    const checkpoint = join(folder, 'checkpoint.safetensors')
    writeFileSync(checkpoint, Buffer.concat(encodeTensorFile({ tensors: saved, metadata })))
    mkdirSync(join(folder, 'files'), { recursive: true })
    writeFileSync(join(folder, 'files/model.keras'), Buffer.concat(await encodeKerasFile(program, model, '')))
  } finally {
    model.dispose()
  }
  const chosen = ', except: other'
  // The name of a layer in a `.keras` file contains no `/`.
  const ofKeras = ', layers: [both, norm]'
  return [
    ['run', chosen],
    ['run/model/model.json', chosen],
    ['sorted.safetensors', chosen],
    ['checkpoint.safetensors', `${chosen} }\nlearningRates: { both: 0.5, 'stage*': 2`],
    ['files/model.keras', ofKeras],
  ].map(([from, rest]) => caseOf(folder, from!, rest!))
}

function caseOf(folder: string, from: string, rest: string): InteropCase {
  const text = `name: tuned${network.replace('HEAD', 'other')}weights: { from: ${from}${rest} }\n`
  const file = join(folder, 'tuned.yaml')
  const found = makeCase({ group: 'trained weights', name: `weights from ${from}`, text, file, trains: true })
  if (found === undefined) throw new Error(`the spec with weights from ${from} has errors`)
  return found
}

/** Makes all weights of a layer different from each other and from the initial ones. */
function shiftWeights(model: tf.LayersModel): void {
  for (const [index, layer] of model.layers.entries()) {
    const shifted = layer.getWeights().map((weight, place) => {
      const drawn = tf.randomUniform(weight.shape, 0.1, 0.4, 'float32', 10 * index + place + 1)
      return weight.add(drawn)
    })
    layer.setWeights(shifted)
  }
}
