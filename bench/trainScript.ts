/** Measures the compiled MNIST script on noise. Arguments: engine, batch size. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTrainer, buildModel, train, training } from '../generated/mnist-cnn.ts'
import { registerTrainingKernels, startEngine } from '../generated/wasm-training/index.js'
import { randomImages } from '../src/tasks/doctor/measureEngines.ts'
import { PassTimer } from './train/measurement.ts'
import { batchesOfPass, measuredSeconds } from './trainingData.ts'

const [engine, batch] = process.argv.slice(2) as ['node' | 'wasm', string]
if (engine === 'wasm') await registerTrainingKernels()
else await startEngine()
const options = { ...training, epochs: 1, batchSize: Number(batch) }
const images = randomImages([28, 28, 1], batchesOfPass * options.batchSize).train
const data = { train: { ...images, inputs: images.inputs as Uint8Array, labels: images.labels as Uint8Array } }
const folder = mkdtempSync(join(tmpdir(), 'shapewright-bench-'))
const trainer = createTrainer(buildModel(1), options)
const pass = () => train(trainer, data, options, folder, new AbortController().signal)
const timer = new PassTimer(images.count, measuredSeconds)
for (let measurement; measurement === undefined;) {
  await pass()
  measurement = timer.endPass()
  if (measurement) console.log(JSON.stringify(measurement))
}
rmSync(folder, { recursive: true })
