import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startCpuEngine } from '../../src/runtime/engines/cpuEngine.ts'
import { describeData } from '../../src/runtime/runs/modelMetadata.ts'
import { loadWeights, saveModel, weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { loadSaved } from './loadSaved.ts'
import { tinyData, tinyExperiment } from './tinyExperiment.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let folder: string

beforeAll(async () => {
  await startCpuEngine()
  folder = temporaryFolder()
})

describe('saveModel', () => {
  it('writes what TensorFlow.js loads', async () => {
    const model = tinyExperiment().buildModel(7)
    await saveModel(model, join(folder, 'model'))
    const loaded = await loadSaved(join(folder, 'model'))
    expect(weightsDigest(loaded)).toBe(weightsDigest(model))
    const inputs = tf.tensor2d([[0.3, 0.7]])
    const [before, after] = [model, loaded].map((each) => (each.predict(inputs) as tf.Tensor).dataSync())
    expect(after).toEqual(before)
  })

  it('writes weights that another model of the same layers takes', async () => {
    const other = tinyExperiment().buildModel(9)
    const tensors = tf.memory().numTensors
    await loadWeights(other, join(folder, 'model'))
    expect(tf.memory().numTensors).toBe(tensors)
    expect(weightsDigest(other)).toBe(weightsDigest(tinyExperiment().buildModel(7)))
  })

  it('writes what the model says of its data, and TensorFlow.js reads it', async () => {
    const path = join(folder, 'described')
    const metadata = describeData(tinyData(50))
    await saveModel(tinyExperiment().buildModel(7), path, metadata)
    const loaded = await loadSaved(path)
    expect(loaded.getUserDefinedMetadata()).toEqual(metadata)
    expect(metadata).toEqual({ classNames: ['no', 'yes'], preprocessing: { shape: [2], scale: 1 / 255 } })
    await rm(path, { recursive: true })
  })

  it('writes the format of TensorFlow.js, and nothing else', async () => {
    const content: tf.io.ModelJSON = JSON.parse(await readFile(join(folder, 'model', 'model.json'), 'utf8'))
    expect(content).toMatchObject({ format: 'layers-model', weightsManifest: [{ paths: ['weights.bin'] }] })
    expect(content.weightsManifest[0]!.weights[0]).toMatchObject({
      name: 'hidden/kernel',
      shape: [2, 4],
      dtype: 'float32',
    })
    expect(await readdir(folder)).toEqual(['model'])
    expect((await readdir(join(folder, 'model'))).toSorted()).toEqual(['model.json', 'weights.bin'])
  })

  it('replaces a model that was there', async () => {
    await writeFile(join(folder, 'model', 'old'), '')
    const model = tinyExperiment().buildModel(8)
    await saveModel(model, join(folder, 'model'))
    expect(weightsDigest(await loadSaved(join(folder, 'model')))).toBe(weightsDigest(model))
    expect(await readdir(join(folder, 'model'))).not.toContain('old')
  })
})

describe('weightsDigest', () => {
  it('is the SHA-256 of the weights as they stand in weights.bin', async () => {
    const model = tf.sequential({ name: 'm', layers: [tf.layers.dense({ name: 'd', inputShape: [3], units: 2 })] })
    await saveModel(model, join(folder, 'dense'))
    const bytes = await readFile(join(folder, 'dense', 'weights.bin'))
    expect(weightsDigest(model)).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
})
