/** Models of Keras become the layers of the language that compute the same. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { layerTable } from '../../../src/parts/layers/table.ts'
import { importFile } from '../../../src/tasks/import/importFile.ts'
import { importedClasses } from '../../../src/tasks/import/keras/layerForms.ts'
import { readNetwork } from '../../../src/tasks/import/readNetwork.ts'
import { checkText } from '../../../src/analyze.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { buildPrinted } from './importHarness.ts'
import { functional, hdf5Of, inputLayer, layer, writeJson, writeZip } from './kerasFiles.ts'
import { fed, image, kerasModels } from './kerasModels.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

it('has a class for every layer of the language', () => {
  const imported = new Set(Object.values(importedClasses))
  expect(Object.keys(layerTable).filter((type) => !imported.has(type))).toEqual([])
})

describe('reads', () => {
  it.each(Object.entries(kerasModels))('%s', async (_name, [model, wanted]) => {
    const { network, problems } = await readNetwork(writeJson(temporaryFolder(), model))
    expect(problems).toEqual([])
    const [, ...layers] = network.layers
    expect(layers.map(({ type, options }) => `${type} ${JSON.stringify(options)}`)).toEqual(wanted)
  })
})

it('leaves out layers that only change training samples, and says so', async () => {
  const model = functional(
    [
      [inputLayer(image)],
      [layer('RandomFlip', { name: 'flip' }), ['fed', { training: true }]],
      [layer('RandomZoom', { name: 'zoom' }), ['flip', { training: true }]],
      [layer('Flatten', { name: 'flat' }), 'zoom'],
    ],
    ['flat'],
  )
  const file = writeJson(temporaryFolder(), model)
  const { network } = await readNetwork(file)
  expect(network.layers.map(({ type }) => type)).toEqual(['input', 'flatten'])
  const { remarks } = await importFile(file, { out: temporaryFolder() })
  expect(remarks).toEqual([
    'Left out, since it changes nothing in prediction: `flip`, `zoom`. State `augment` in the spec to change training samples.',
  ])
})

const fileOf = (name: string) => join(import.meta.dirname, name)

/** Files that Keras saved, with its outputs for an image of 0, 1/72, 2/72 and so on. */
const saved = {
  // A shared convolution, an operation, a nested model.
  'Keras 3.15.1': { file: fileOf('tiny.keras'), parameters: 161, outputs: [0.8597634434700012, 0.14023657143115997] },
  // Operations of TensorFlow, a nested model, the reset gate of a GRU after its kernel.
  'Keras 2.21': { file: fileOf('tiny2.keras'), parameters: 148, outputs: [0.35648393630981445, 0.6435160636901855] },
} as const
const tiny = saved['Keras 3.15.1']

it.each(Object.entries(saved))('computes what %s does', async (_version, { file, parameters, outputs }) => {
  const { network, problems } = await readNetwork(file)
  expect(problems).toEqual([])
  const { model } = await buildPrinted(network)
  const ramp = Array.from({ length: 72 }, (_one, index) => index / 72)
  const found = (model.predict(tf.tensor(ramp, [1, 6, 6, 2])) as tf.Tensor).dataSync()
  expect(model.countParams()).toBe(parameters)
  for (const [index, wanted] of outputs.entries()) expect(found[index]).toBeCloseTo(wanted, 6)
})

it('computes hard activations, and each channel by itself', async () => {
  const layers = [
    layer('LayerScale', { name: 'scaled', init_values: 1, projection_dim: 2 }),
    layer('Conv2D', {
      name: 'grouped',
      filters: 4,
      kernel_size: [1, 1],
      groups: 2,
      use_bias: false,
      activation: 'hard_silu',
    }),
  ]
  const weights = await hdf5Of((file) => {
    const group = file.create_group('layers')
    const add = (name: string, values: readonly number[], shape: number[]) =>
      group
        .create_group(name)
        .create_group('vars')
        .create_dataset({ name: '0', data: Float32Array.from(values), shape })
    add('layer_scale', [2, -1], [2])
    add('conv2d', [1, -1, 3, 0.5], [1, 1, 1, 4])
  })
  const members = { 'config.json': JSON.stringify(fed([1, 1, 2], ...layers)), 'model.weights.h5': weights }
  const { network, problems } = await readNetwork(await writeZip(temporaryFolder(), members))
  expect(problems).toEqual([])
  const { model } = await buildPrinted(network)
  const found = Array.from((model.predict(tf.tensor([1, 2], [1, 1, 1, 2])) as tf.Tensor).dataSync())
  // The factors make it 2 and −2, the groups 2 and −2, −6 and −1, and the activation x · (x + 3) / 6 between −3 and 3.
  const wanted = [2 * 5, -2 * 1, 0, -1 * 2].map((product) => product / 6)
  for (const [index, value] of wanted.entries()) expect(found[index]).toBeCloseTo(value, 6)
})

it('normalizes by the moments in a file, or in the config of a layer', async () => {
  const axis = { axis: -1, invert: false }
  const moments = { mean: [0.5, 1, 2], variance: [0.25, 1, 4] }
  const layers = [
    layer('Normalization', { ...axis, name: 'stated', ...moments }),
    layer('Normalization', { ...axis, name: 'stored', mean: null, variance: null }, 'keras.layers'),
  ]
  const weights = await hdf5Of((file) => {
    const vars = file.create_group('layers').create_group('normalization_1').create_group('vars')
    vars.create_dataset({ name: '0', data: new Float32Array([0, 1, 2]), shape: [3] })
    vars.create_dataset({ name: '1', data: new Float32Array([1, 4, 16]), shape: [3] })
    vars.create_dataset({ name: '2', data: new Int32Array([9]), shape: [] })
  })
  const members = { 'config.json': JSON.stringify(fed([3], ...layers)), 'model.weights.h5': weights }
  const { network, problems } = await readNetwork(await writeZip(temporaryFolder(), members))
  expect(problems).toEqual([])
  const { model, text } = await buildPrinted(network)
  expect(text).toContain('trainable: false')
  const found = (model.predict(tf.tensor([1, 3, 10], [1, 3])) as tf.Tensor).dataSync()
  // (1 − 0.5) / 0.5, (3 − 1) / 1 and (10 − 2) / 2, and then by the stored moments.
  expect(found).toEqual(Float32Array.of((1 - 0) / 1, (2 - 1) / 2, (4 - 2) / 4))
})

it('writes a spec without mistakes, and its weights beside it', async () => {
  const out = temporaryFolder()
  const { files, parameters } = await importFile(tiny.file, { out, name: 'small net' })
  expect(files).toEqual([join(out, 'small-net.yaml'), join(out, 'small-net.safetensors')])
  expect(parameters).toBe(tiny.parameters)
  const { diagnostics } = checkText(readFileSync(files[0]!, 'utf8'), files[0]!, { host: nodeHost })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
})
