/** The specs that are compared with other frameworks: configs, the zoo with small images, random networks, and short trainings. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lossTable } from '../../src/parts/losses/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { randomComposition } from '../../test/backends/randomComposition.ts'
import { structureSpecs } from '../../test/backends/structureSpecs.ts'
import { drawSpec } from '../fuzz/randomSpec.ts'
import type { InteropCase } from './prepareCase.ts'

const configs = fileURLToPath(new URL('../../configs/', import.meta.url))

/** The configs and the zoo. Large images become small, so the sizes that a spec expects are left out. */
export function* configCases(): Generator<InteropCase> {
  for (const folder of ['.', 'zoo']) {
    for (const name of readdirSync(join(configs, folder)).filter((file) => file.endsWith('.yaml'))) {
      const text = readFileSync(join(configs, folder, name), 'utf8')
      const small = text.replaceAll(/\[(224|128|256), \1,/g, '[64, 64,').replaceAll(/,? ?expect: \[[^\]]*\]/g, '')
      yield { name: join(folder, name), kind: 'outputs', text: small.replaceAll(/\{ *\}/g, '') }
    }
  }
}

/** Specs with blocks and repeats: those of the tests of TypeScript scripts, and random ones. */
export function* composedCases(seed: number): Generator<InteropCase> {
  for (const [name, { spec }] of Object.entries(structureSpecs)) yield { name, kind: 'outputs', text: spec }
  for (let index = 0; index < 40; index++)
    yield { name: `composed ${seed}/${index}`, kind: 'outputs', text: randomComposition(seed * 1000 + index) }
}

/** Random networks of all layer types; some are not valid, and are skipped. */
export function* randomCases(seed: number): Generator<InteropCase> {
  for (let index = 0; ; index++)
    yield { name: `random ${seed}/${index}`, kind: 'outputs', text: drawSpec(seed * 100_000 + index).text }
}

interface Part {
  readonly layers?: string
  readonly head?: string
  readonly data?: string
  readonly optimizer?: string
  readonly loss?: string
  readonly metrics?: string
  readonly training?: string
  /** The number of training samples. */
  readonly train?: number
}

/** A small network that trains on synthetic samples for two epochs of four steps; the last batch is smaller. */
function trainingSpec(part: Part): string {
  return `name: net
dataset: { synthetic: { train: ${part.train ?? 30}, test: 8, ${part.data ?? 'shape: [6], classes: 3'} } }
layers:
${part.layers ?? '  - dense: { units: 8, activation: tanh }'}
  - dense: { ${part.head ?? 'units: 3, activation: softmax'} }
optimizer: ${part.optimizer ?? 'sgd'}
loss: ${part.loss ?? 'categoricalCrossentropy'}
metrics: [${part.metrics ?? ''}]
training: { epochs: 2, batchSize: 8, seed: 3, shuffle: false${part.training === undefined ? '' : `, ${part.training}`} }
`
}

const twoClasses = 'shape: [6], classes: 2'
const values = 'shape: [6], labels: values'
const image = 'shape: [8, 7, 2], classes: 3'
const convolution =
  '  - conv2d: { filters: 4, kernelSize: 3, padding: same, activation: relu }\n  - batchNormalization\n  - flatten'

/** What a loss needs of the last layer and the labels, if it does not take three classes. */
const lossNeeds: Readonly<Record<string, Part>> = {
  binaryCrossentropy: { head: 'units: 1, activation: sigmoid', data: twoClasses },
  hinge: { head: 'units: 1, activation: tanh', data: twoClasses },
  squaredHinge: { head: 'units: 1, activation: tanh', data: twoClasses },
  meanAbsolutePercentageError: { head: 'units: 1', data: values },
  meanSquaredLogarithmicError: { head: 'units: 1, activation: softplus', data: values },
  poisson: { head: 'units: 1, activation: softplus', data: values },
}

const optimizers = [
  ...Object.keys(optimizerTable),
  '{ momentum: { useNesterov: true } }',
  '{ adam: { epsilon: 0.001, beta1: 0.8 } }',
  '{ adamax: { decay: 0.1 } }',
  '{ rmsprop: { centered: true, momentum: 0.5 } }',
]
const schedules = [
  '{ constant: { warmup: 1 } }',
  '{ step: { every: 1 } }',
  '{ multiStep: { at: [1] } }',
  '{ exponential: { factor: 0.5 } }',
  '{ cosine: { warmup: 0.5 } }',
  '{ polynomial: { power: 2 } }',
  'oneCycle',
]
const options = [
  'clipNorm: 0.1',
  'clipValue: 0.01',
  'weightDecay: 0.1',
  'gradientAccumulation: 2',
  'gradientAccumulation: 2, weightDecay: 0.01, clipNorm: 1, schedule: cosine',
  'classWeights: balanced',
  'classWeights: { 0: 2, 1: 0.5 }',
  'validationSplit: 0.2',
  'validationSplit: 0.2, stratified: true',
  'callbacks: [csvLog, terminateOnNaN, { checkpoint: { keep: best, monitor: loss } }, { reduceOnPlateau: { monitor: loss, patience: 1, minDelta: 10 } }]',
  'validationSplit: 0.2, callbacks: [{ earlyStopping: { restoreBestWeights: true } }]',
]
const layers: readonly Part[] = [
  { layers: '  - dense: { units: 8, biasInitializer: ones, kernelRegularizer: l2, biasRegularizer: l1 }' },
  { layers: '  - dense: { units: 8, activityRegularizer: { l1l2: { l1: 0.1, l2: 0.05 } } }' },
  { layers: '  - dense: { units: 8, kernelConstraint: { maxNorm: { maxValue: 0.5 } }, biasConstraint: nonNeg }' },
  { layers: '  - dense: { units: 8, kernelConstraint: unitNorm }' },
  { layers: '  - dense: { units: 8, kernelConstraint: { minMaxNorm: { minValue: 0.6, rate: 0.5, axis: 1 } } }' },
  { layers: '  - dense: { units: 8, trainable: false, kernelRegularizer: l2 }' },
  { layers: convolution, data: image },
  { layers: convolution.replace('batchNormalization', 'batchNormalization: { trainable: false }'), data: image },
  { layers: '  - lstm: { units: 4, returnSequences: true }\n  - gru: { units: 4 }', data: 'shape: [5, 2], classes: 3' },
  { layers: '  - masking\n  - bidirectional: { layer: { lstm: { units: 4 } } }', data: 'shape: [5, 2], classes: 3' },
]

/** Short trainings: each loss, optimizer, schedule and option. */
export function* trainingCases(): Generator<InteropCase> {
  const make = (name: string, part: Part): InteropCase => ({ name, kind: 'training', text: trainingSpec(part) })
  for (const optimizer of optimizers) yield make(`optimizer ${optimizer}`, { optimizer })
  for (const loss of Object.keys(lossTable)) yield make(`loss ${loss}`, { loss, ...lossNeeds[loss] })
  const smoothed = '{ categoricalCrossentropy: { labelSmoothing: 0.1 } }'
  yield make(`loss ${smoothed}`, { loss: smoothed })
  const ofLogits = '{ binaryCrossentropy: { fromLogits: true, labelSmoothing: 0.2 } }'
  yield make(`loss ${ofLogits}`, { loss: ofLogits, head: 'units: 1', data: twoClasses })
  const counts = 'accuracy, precision, recall, binaryAccuracy'
  yield make('metrics of one unit', { ...lossNeeds['binaryCrossentropy'], loss: 'binaryCrossentropy', metrics: counts })
  const ofClasses = 'accuracy, categoricalAccuracy, { topKCategoricalAccuracy: { k: 2 } }, precision, meanSquaredError'
  yield make('metrics of classes', { metrics: ofClasses })
  yield make('metrics of values', {
    loss: 'meanSquaredError',
    head: 'units: 1',
    data: values,
    metrics: 'r2Score, logcosh',
  })
  for (const schedule of schedules)
    yield make(`schedule ${schedule}`, { training: `schedule: ${schedule}`, optimizer: 'momentum' })
  for (const training of options) yield make(training, { training, metrics: 'accuracy' })
  yield make('a last batch of one sample', { train: 33 })
  for (const part of layers)
    yield make(`layers ${part.layers!.trim().replaceAll(/\s+/g, ' ')}`, { ...part, optimizer: 'adam' })
}
