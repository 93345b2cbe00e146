/** Measures `model.fit` of TensorFlow.js on noise. Arguments: backend, spec, batch size. */
import * as tf from '@tensorflow/tfjs'
import { readFileSync } from 'node:fs'
import { interpretProgram } from '../src/backends/interpret/interpret.ts'
import { randomImages } from '../src/tasks/doctor/measureEngines.ts'
import { checkText } from '../src/analyze.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { inputsInMemory } from '../src/runtime/data/samples.ts'
import { startStockNode } from '../src/runtime/engines/nodeEngine.ts'
import type { Spec } from '../src/validation/spec.ts'
import { PassTimer } from './train/measurement.ts'
import { batchesOfPass, measuredSeconds, sampleShapeOf } from './trainingData.ts'

const [backend, file, batch] = process.argv.slice(2) as ['node' | 'cpu', string, string]
if (backend === 'node') await startStockNode()
else await tf.setBackend('cpu')
const { spec, shaped } = checkText(readFileSync(file, 'utf8'), file, { host: nodeHost })
const { buildModel } = interpretProgram(lowerGraph(spec, shaped))
const batchSize = Number(batch)
const { train } = randomImages(sampleShapeOf(spec), (backend === 'node' ? batchesOfPass : 1) * batchSize)
const images = tf.tensor(
  Float32Array.from(inputsInMemory(train), (value) => value * train.scale),
  [train.count, ...train.sampleShape],
)
const labels = tf.oneHot(tf.tensor1d(Int32Array.from(train.labels), 'int32'), train.classes!)
const model = buildModel(1)
model.compile({ optimizer: stockOptimizer(spec), loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
const fit = () => model.fit(images, labels, { epochs: 1, batchSize, verbose: 0 })
const timer = new PassTimer(train.count, measuredSeconds)
for (let measurement; measurement === undefined;) {
  await fit()
  measurement = timer.endPass()
  if (measurement) console.log(JSON.stringify(measurement))
}

/** Creates an optimizer of tf.train, whose arguments are the options of the spec in the same order. */
function stockOptimizer({ optimizer }: Spec): tf.Optimizer {
  const factories = tf.train as unknown as Readonly<Record<string, (...values: unknown[]) => tf.Optimizer>>
  return factories[optimizer!.type]!(...Object.values(optimizer!.options))
}
