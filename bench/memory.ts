/**
 * Measures whether training leaks memory: tensors and resident memory after 1,000 steps and at the end.
 */
import { readdirSync, readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { interpretProgram } from '../src/backends/interpret/interpret.ts'
import { randomImages } from '../src/tasks/doctor/measureEngines.ts'
import { checkText } from '../src/analyze.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { lowerGraph } from '../src/program/lowerGraph.ts'
import { startEngine } from '../src/runtime/engines/startEngine.ts'
import { trainExperiment } from '../src/runtime/training/trainingLoop.ts'
import { readOptions } from '../scripts/options.ts'
import { sampleShapeOf } from './trainingData.ts'

/** Small, so that ten thousand steps take a minute, not an hour. */
const batchSize = 2
const stepsOfEpoch = 100

export async function benchMemory(): Promise<void> {
  const { values, positionals } = readOptions({
    command: 'bench -- memory [SPEC…]',
    args: process.argv.slice(3),
    about: 'Measures whether training leaks memory, for all specs of configs/ or those given.',
    options: {
      engine: { kind: 'text', choices: ['wasm', 'node'], default: 'wasm', help: 'the engine' },
      steps: { kind: 'number', value: 'N', default: 10_000, help: 'the number of steps' },
    },
  })
  await startEngine(values.engine as 'wasm' | 'node')
  const specs = readdirSync('configs').flatMap((name) => (name.endsWith('.yaml') ? [`configs/${name}`] : []))
  for (const file of positionals.length > 0 ? positionals : specs) await measureSpec(file, values.steps)
}

async function measureSpec(file: string, steps: number): Promise<void> {
  const { spec, shaped } = checkText(readFileSync(file, 'utf8'), file, { host: nodeHost })
  const experiment = interpretProgram(lowerGraph(spec, shaped))
  const seen = new Map<number, { readonly tensors: number; readonly rss: number }>()
  const data = randomImages(sampleShapeOf(spec), batchSize * stepsOfEpoch)
  const epochs = Math.ceil(steps / stepsOfEpoch)
  const { model } = await trainExperiment(
    experiment,
    // A tiny learning rate, because noise cannot be learned and the loss must stay finite.
    { data, training: { epochs, batchSize, validationSplit: 0, learningRate: 1e-6 } },
    {
      onEpochEnd(epoch) {
        globalThis.gc?.()
        seen.set(epoch * stepsOfEpoch, { tensors: tf.memory().numTensors, rss: process.memoryUsage().rss / 1e6 })
      },
    },
  )
  model.dispose()
  const [first, last] = [seen.get(Math.min(1000, epochs * stepsOfEpoch))!, seen.get(epochs * stepsOfEpoch)!]
  const tensors = `${first.tensors} → ${last.tensors} tensors`
  console.log(
    `${file}: ${tensors}, ${first.rss.toFixed(0)} → ${last.rss.toFixed(0)} MB from step 1,000 to ${epochs * stepsOfEpoch}`,
  )
}
