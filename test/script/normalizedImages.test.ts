/** Scripts normalize images by what they measure of some of them before training. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { emitProgram } from '../../src/backends/typescript/emit.ts'
import { measureImages } from '../../src/parts/datasets/imageFolder.run.ts'
import { lowerVariant } from '../backends/variants.ts'
import { folder, photos } from './datasetFiles.ts'

const place = fileURLToPath(new URL('.normalized', import.meta.url))
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(place, { recursive: true })
})

const spec = `
name: normalized-images
dataset: { imageFolder: { path: ${JSON.stringify(photos)}, size: [6, 5] } }
normalize: { fit: true }
layers:
  - flatten
  - dense: { units: 2, activation: softmax }
optimizer: sgd
loss: categoricalCrossentropy
training: { epochs: 1, batchSize: 2, seed: 7 }`

it('normalizes by the mean and standard deviation of its images', async () => {
  const { text } = await emitProgram(lowerVariant({ backend: 'node', spec }), {
    backend: 'node',
    specFile: 'images.yaml',
    specText: spec,
    version: '0.0.0',
  })
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'script.ts'), text)
  const script = await import(join(place, 'script.ts'))
  const data = await script.loadData()
  const trainer = script.createTrainer(script.buildModel(1), script.training, data)
  await script.train(trainer, data, script.training, place, new AbortController().signal)
  expect(await trainer.statistics).toEqual(await measureImages(data.train))
  expect(JSON.parse(readFileSync(join(place, 'metrics.jsonl'), 'utf8'))).toMatchObject({ epoch: 1 })
})
