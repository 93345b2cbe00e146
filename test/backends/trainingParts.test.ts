/** Every optimizer, loss and metric, interpreted and compiled, from one seed to equal weights and logs. */
import { afterAll, expect, it } from 'vitest'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { express } from '../../src/language/expression.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { metricTable } from '../../src/parts/metrics/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { trainExperiment, type TrainingResult } from '../../src/runtime/training/trainingLoop.ts'
import { createScriptFolder, importScript, lowerVariant, noiseData, type Variant } from './variants.ts'

const folder = createScriptFolder()
afterAll(() => folder.remove())

const optimizers = Object.keys(optimizerTable)
const losses = Object.keys(lossTable)
/** Each loss with an optimizer, so that each optimizer has its turn, and then the options of both. */
const rows: [optimizer: string, loss: string][] = [
  ...losses.map((loss, index): [string, string] => [optimizers[index % optimizers.length]!, loss]),
  ['{ rmsprop: { centered: true, momentum: 0.5 } }', '{ huberLoss: { delta: 0.5 } }'],
  ['{ adamax: { decay: 0.1 } }', '{ binaryCrossentropy: { fromLogits: true } }'],
  ['{ momentum: { useNesterov: true } }', '{ categoricalCrossentropy: { fromLogits: true } }'],
]

/** The checker has its own mind about most of these: the program is changed behind it. */
function variantOf(optimizer: string, loss: string, index: number): Variant {
  const name = /\w+/.exec(loss)![0]
  const options = loss.includes('delta') ? { delta: 0.5 } : loss.includes('fromLogits') ? { fromLogits: true } : {}
  const activation = loss.includes('fromLogits') ? 'linear' : 'softmax'
  return {
    backend: 'wasm',
    spec: `
name: part-${index}
dataset: mnist
layers:
  - averagePooling2d: { poolSize: 7 }
  - flatten
  - dense: { units: 10, activation: ${activation} }
optimizer: ${optimizer}
loss: ${activation === 'linear' ? '{ categoricalCrossentropy: { fromLogits: true } }' : 'categoricalCrossentropy'}
training: { epochs: 2, batchSize: 16, seed: 3 }`,
    experiment: {
      loss: lossTable[name]!.lower(options),
      metrics: express(Object.values(metricTable).map((metric) => metric.lower({}))),
    },
  }
}

function outcome({ model, history }: TrainingResult) {
  const digest = weightsDigest(model)
  model.dispose()
  return { digest, logs: history.map((epoch) => ({ ...epoch, seconds: 0, imagesPerSecond: 0 })) }
}

it.each(rows.map(([optimizer, loss], index) => [optimizer, loss, index] as const))(
  '%s and %s',
  async (optimizer, loss, index) => {
    await startEngine('wasm')
    const variant = variantOf(optimizer, loss, index)
    const data = noiseData([28, 28, 1])
    const interpreted = outcome(await trainExperiment(interpretProgram(lowerVariant(variant)), { data }))
    const script = await importScript(await folder.compile(variant))
    expect(outcome(await script.train({ data }))).toEqual(interpreted)
    const [first, last] = [interpreted.logs[0]!, interpreted.logs.at(-1)!]
    expect(Object.keys(first)).toEqual(expect.arrayContaining(['loss', ...Object.keys(metricTable)]))
    expect(last.loss).not.toBe(first.loss)
    expect(Number.isFinite(last.loss)).toBe(true)
  },
)
