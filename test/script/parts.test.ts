/** Each loss, metric, optimizer, schedule, callback, augmentation and training key: a script trains as `train` does. */
import * as tf from '@tensorflow/tfjs'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { augmentationTable } from '../../src/parts/augmentations/table.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { metricTable } from '../../src/parts/metrics/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { scheduleTable } from '../../src/parts/schedules/table.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'
import { normalizeInputs } from '../../src/runtime/data/normalize.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { createRandom } from '../../src/script/random.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'

const folder = mkdtempSync(fileURLToPath(new URL('.scripts-', import.meta.url)))
const emitter = createEmitter()
beforeAll(startWasmEngine)
afterAll(() => rmSync(folder, { recursive: true }))

interface Parts {
  readonly layers?: string
  readonly activation?: string
  readonly optimizer?: string
  readonly loss?: string
  readonly metrics?: string
  readonly training?: string
  readonly rest?: string
}

function specOf({
  layers = '',
  activation = 'softmax',
  optimizer = 'sgd',
  loss = 'categoricalCrossentropy',
  metrics = '[accuracy]',
  training = '',
  rest = '',
}: Parts): string {
  return `
name: parts
dataset: mnist
layers:
  - averagePooling2d: { poolSize: 7 }
  - flatten${layers}
  - dense: { units: 10, activation: ${activation} }
optimizer: ${optimizer}
loss: ${loss}
metrics: ${metrics}
training: { epochs: 2, batchSize: 16, seed: 3, validationSplit: 0.2${training} }
ignore: [all]
${rest}`.replace('ignore: [all]\n', '')
}

function noise(count: number, seed: number) {
  const random = createRandom(seed)
  const inputs = Uint8Array.from({ length: count * 784 }, () => Math.floor(random() * 256))
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 10))
  return { inputs, sampleShape: [28, 28, 1], scale: 1 / 255, labels, count, classes: 10 }
}

const data = { train: noise(72, 1), validation: noise(20, 2), test: noise(20, 3) }

interface Script {
  readonly training: object
  buildModel(seed: number): tf.LayersModel
  createTrainer(model: tf.LayersModel, training: object, data: object): object
  train(trainer: object, data: object, training: object, folder: string, signal: AbortSignal): Promise<void>
}

let last = 0

/** Trains both, and compares weights and logs. */
async function compare(parts: Parts): Promise<string> {
  const specText = specOf(parts)
  const { diagnostics, spec, shaped } = checkText(specText, 'spec.yaml', { host: nodeHost })
  if (!spec || !shaped) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const program = lowerGraph(spec, shaped)
  const given = { ...data, classNames: [...'0123456789'] }
  const { normalize } = spec
  const { mean, std } = normalize ?? {}
  const read = normalize
    ? await normalizeInputs(Promise.resolve(given), mean && std ? { mean, std } : { fit: true })
    : given
  const trained = await trainExperiment(interpretProgram(program), { data: read })
  const options = { backend: 'node', specFile: 'spec.yaml', specText, version: '0.0.0' } as const
  const { text } = await emitter.emitProgram(program, options)
  const path = join(folder, `script${last++}.ts`)
  writeFileSync(path, text)
  const script = (await import(pathToFileURL(path).href)) as Script
  const model = script.buildModel(3)
  const trainer = script.createTrainer(model, script.training, data)
  const run = mkdtempSync(join(folder, 'run-'))
  await script.train(trainer, data, script.training, run, new AbortController().signal)
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n')
  const logs = lines.map((line) => JSON.parse(line) as Record<string, number>)
  expect(logs).toHaveLength(trained.history.length)
  for (const [index, epoch] of trained.history.entries()) {
    for (const [name, value] of Object.entries(epoch)) {
      if (['seconds', 'imagesPerSecond', 'lr'].includes(name)) continue
      const own = logs[index]![name] ?? Number.NaN
      expect(Math.abs(own - value), `${name}: ${own}, train has ${value}`).toBeLessThanOrEqual(
        2e-4 * Math.max(1, Math.abs(value)),
      )
    }
  }
  const own = model.getWeights()
  for (const [index, weight] of trained.model.getWeights().entries()) {
    const [difference, size] = [tf.norm(tf.sub(own[index]!, weight)), tf.norm(weight)].map(
      (norm) => norm.dataSync()[0]!,
    )
    expect(difference, `weight ${index}`).toBeLessThanOrEqual(2e-4 * size! + 1e-6)
  }
  return text
}

describe('losses', () => {
  const options: Readonly<Record<string, string>> = { huberLoss: '{ huberLoss: { delta: 0.5 } }' }
  it.each(Object.keys(lossTable))('%s of softmax', async (loss) => {
    await compare({ loss: options[loss] ?? loss })
  })
  it.each(['sigmoid', 'linear'])('%s', async (activation) => {
    const fromLogits = activation === 'linear' ? 'fromLogits: true, ' : ''
    await compare({ activation, loss: `{ binaryCrossentropy: { ${fromLogits}labelSmoothing: 0.1 } }` })
  })
  it.each(['categoricalCrossentropy', 'binaryCrossentropy'])('%s with smoothing', async (loss) => {
    await compare({ loss: `{ ${loss}: { labelSmoothing: 0.1 } }` })
  })
  it.each(Object.keys(lossTable))('%s with weights of classes', async (loss) => {
    await compare({ loss, training: ', classWeights: { 3: 2, 4: 0.5 }' })
  })
  it('balanced weights', async () => {
    await compare({ training: ', classWeights: balanced' })
  })
})

describe('metrics', () => {
  it.each(Object.keys(metricTable))('%s', async (metric) => {
    await compare({ metrics: `[${metric}]` })
  })
})

describe('optimizers', () => {
  it.each([
    ...Object.keys(optimizerTable),
    '{ momentum: { useNesterov: true } }',
    '{ rmsprop: { centered: true, momentum: 0.5 } }',
    '{ adamax: { decay: 0.1 } }',
    '{ adam: { beta1: 0.8, epsilon: 0.001 } }',
  ])('%s', async (optimizer) => {
    await compare({ optimizer })
  })
})

describe('schedules', () => {
  const options: Readonly<Record<string, string>> = {
    step: '{ step: { every: 1 } }',
    multiStep: '{ multiStep: { at: [1] } }',
    exponential: '{ exponential: { factor: 0.5 } }',
  }
  it.each(Object.keys(scheduleTable))('%s', async (schedule) => {
    await compare({ optimizer: 'adam', training: `, schedule: ${options[schedule] ?? schedule}` })
  })
})

describe('augmentations', () => {
  const options: Readonly<Record<string, string>> = {
    randomCrop: '{ randomCrop: { padding: 2 } }',
    randomRotation: '{ randomRotation: { degrees: 10 } }',
    randomBrightness: '{ randomBrightness: { factor: 0.2 } }',
    randomContrast: '{ randomContrast: { factor: 0.2 } }',
    cutout: '{ cutout: { size: 4 } }',
  }
  it.each(Object.keys(augmentationTable))('%s', async (name) => {
    await compare({ rest: `augment: [${options[name] ?? name}]`, metrics: '[accuracy, topKCategoricalAccuracy]' })
  })
  it('several, normalized', async () => {
    await compare({
      rest: 'augment: [{ randomCrop: { padding: 2 } }, mixup, { cutout: { size: 4 } }]\nnormalize: { fit: true }',
    })
  })
})

describe('training keys and callbacks', () => {
  it.each<[string, Parts]>([
    ['clipValue', { training: ', clipValue: 0.01' }],
    ['clipNorm', { training: ', clipNorm: 0.05' }],
    ['weightDecay', { training: ', weightDecay: 0.1' }],
    ['gradientAccumulation', { training: ', gradientAccumulation: 2' }],
    ['accumulation with a schedule', { training: ', gradientAccumulation: 2, schedule: cosine, clipNorm: 0.05' }],
    ['shuffle', { training: ', shuffle: false' }],
    ['normalize', { rest: 'normalize: { mean: [0.5], std: [0.25] }' }],
    [
      'learning rates of layers',
      {
        layers: '\n  - dense: { units: 8 }',
        optimizer: 'adam',
        training: ', schedule: cosine',
        rest: "learningRates: { dense: 0.1, 'dense_*': 0.5 }",
      },
    ],
    [
      'weight decay at learning rates of layers',
      {
        layers: '\n  - dense: { units: 8 }',
        training: ', weightDecay: 2',
        rest: "learningRates: { dense: 0.1, 'dense_*': 5 }",
      },
    ],
    ['earlyStopping', { training: ', callbacks: [{ earlyStopping: { patience: 0, restoreBestWeights: true } }]' }],
    ['reduceOnPlateau', { training: ', callbacks: [{ reduceOnPlateau: { patience: 1, minDelta: 5 } }]' }],
    ['csvLog', { training: ', callbacks: [{ csvLog: { separator: ";" } }]' }],
    ['terminateOnNaN', { training: ', callbacks: [terminateOnNaN]' }],
    ['checkpoint', { training: ', callbacks: [{ checkpoint: { keep: best } }]' }],
  ])('%s', async (_name, parts) => {
    await compare(parts)
  })
})

describe('layers', () => {
  it.each([
    'dropout: { rate: 0.3 }',
    'dropout: { rate: 0.3, noiseShape: [null, 1] }',
    'gaussianNoise: { stddev: 0.1 }',
    'gaussianDropout: { rate: 0.3 }',
    'alphaDropout: { rate: 0.3 }',
    'dense: { units: 8, kernelRegularizer: { l2: { l2: 0.01 } } }',
    'dense: { units: 8, activityRegularizer: { l1: { l1: 0.01 } } }',
    'dense: { units: 8, kernelConstraint: { maxNorm: { maxValue: 0.5 } } }',
    'dense: { units: 8, kernelConstraint: nonNeg }',
    'batchNormalization: { scale: false }',
    'layerNormalization: { center: false }',
  ])('%s', async (layer) => {
    await compare({ layers: `\n  - ${layer}` })
  })
  it('recurrent dropout beside another', async () => {
    await compare({
      layers:
        '\n  - reshape: { targetShape: [4, 4] }\n  - gru: { units: 4, dropout: 0.3, recurrentDropout: 0.2 }\n  - dropout: { rate: 0.2 }',
    })
  })
})

it('says what a script does without', () => {
  const specText = specOf({ training: ', threads: 2, callbacks: [tensorBoard, csvLog]' })
  const { spec, shaped } = checkText(specText, 'spec.yaml', { host: nodeHost })
  const { script } = lowerGraph(spec!, shaped!)
  expect(script).toMatchObject({ missing: [], leftOut: ['the callback tensorBoard', 'threads'] })
})
