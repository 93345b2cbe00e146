/** Real files of other frameworks, which the fuzz of imports mutates: small networks in each format that is read. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as tf from '@tensorflow/tfjs'
import { encodeNetwork } from '../../../src/backends/onnx/encodeNetwork.ts'
import { readZipDirectory, readZipMember } from '../../../src/runtime/formats/zip.ts'
import { encodeModel } from '../../../src/runtime/runs/saveModel.ts'
import { encodeTensorFile } from '../../../src/runtime/runs/tensorFile.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { encodeKerasFile } from '../../../src/tasks/export/kerasFile.ts'
import { buildSpec } from '../../interop/importedNetworks.ts'

/** The files of a model: the first is the one that is imported, or the spec that is checked. */
export interface SourceFiles {
  readonly format: string
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Whether the files are the members of an archive. */
  readonly isArchive: boolean
}

const specs = [
  `name: images
input: { shape: [12, 12, 3] }
layers:
  - conv2d: { name: stem, filters: 4, kernelSize: 3, padding: same, useBias: false }
  - batchNormalization
  - reLU
  - separableConv2d: { name: branch, filters: 4, kernelSize: 3, padding: same }
  - add: { inputs: [stem, branch] }
  - maxPooling2d
  - zeroPadding2d: { padding: [[1, 0], [0, 1]] }
  - conv2dTranspose: { filters: 2, kernelSize: 2, strides: 2 }
  - flatten
  - dense: { units: 5, activation: softmax }
`,
  `name: words
input: { shape: [9] }
layers:
  - embedding: { inputDim: 11, outputDim: 4 }
  - bidirectional: { layer: { lstm: { units: 3, recurrentActivation: sigmoid, returnSequences: true } } }
  - gru: { units: 4, recurrentActivation: sigmoid, resetAfter: true }
  - layerNormalization
  - dense: { units: 2 }
`,
]

/** @param folder A folder for archives, from which their members are read. */
export async function writeSources(folder: string): Promise<readonly SourceFiles[]> {
  const encoder = new TextEncoder()
  const sources: SourceFiles[] = []
  const add = (format: string, files: readonly (readonly [string, Uint8Array])[], isArchive = false) =>
    sources.push({ format, files: new Map(files), isArchive })
  for (const text of specs) {
    const { program, model } = buildSpec(text)
    add('onnx', [['model.onnx', encodeNetwork(program, model, undefined, '0.1.0')]])
    const archive = Buffer.concat(await encodeKerasFile(program, model, ''))
    add('keras', [['model.keras', archive]])
    add('keras', membersOf(archive, folder), true)
    const { modelJson, weights } = await encodeModel(model)
    add('tfjs', [
      ['model.json', encoder.encode(JSON.stringify(modelJson))],
      ['weights.bin', weights],
    ])
    add('hdf5', [['model.h5', await encodeHdf5(model, modelJson)]])
    const tensors = model.weights.map((weight) => {
      const value = weight.read()
      return { name: weight.originalName, shape: value.shape, values: value.dataSync() as Float32Array }
    })
    add('safetensors', [
      ['weights.safetensors', Buffer.concat(encodeTensorFile({ tensors, metadata: {} }))],
      ['net.yaml', encoder.encode(text.replace('\ninput:', '\nweights: { from: weights.safetensors }\ninput:'))],
    ])
  }
  return sources
}

function membersOf(archive: Uint8Array, folder: string): [string, Uint8Array][] {
  const path = join(folder, 'source.keras')
  writeFileSync(path, archive)
  return readZipDirectory(nodeHost, path).map((member) => [member.name, readZipMember(nodeHost, path, member)])
}

/** An .h5 file as Keras 2 saves a model. */
async function encodeHdf5(model: tf.LayersModel, modelJson: object): Promise<Uint8Array> {
  const { default: h5wasm } = await import('h5wasm')
  const { FS } = await h5wasm.ready
  const file = new h5wasm.File('source.h5', 'w')
  const { modelTopology } = modelJson as { readonly modelTopology: { readonly model_config?: object } }
  file.create_attribute('model_config', JSON.stringify(modelTopology.model_config ?? modelTopology))
  file.create_attribute('keras_version', '2.15.0')
  const root = file.create_group('model_weights')
  for (const layer of model.layers) {
    const group = root.create_group(layer.name)
    const names = layer.weights.map((_weight, index) => `array_${index}`)
    if (names.length > 0) group.create_attribute('weight_names', names)
    for (const [index, weight] of layer.getWeights().entries()) {
      group.create_dataset({ name: names[index]!, data: weight.dataSync() as Float32Array, shape: weight.shape })
    }
  }
  file.close()
  const bytes = FS.readFile('source.h5')
  FS.unlink('source.h5')
  return bytes
}
