/** The specs of `npm run interop`: networks whose outputs are compared, and experiments whose first steps are compared. */
import { readdirSync, readFileSync } from 'node:fs'
import { checkText, type Analysis } from '../../src/analyze.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { scheduleTable } from '../../src/parts/schedules/table.ts'
import { exampleOf } from '../../src/language/schema.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { yamlText } from '../../src/source/edits.ts'
import { randomComposition } from '../../test/backends/randomComposition.ts'
import { structureSpecs } from '../../test/backends/structureSpecs.ts'
import { drawSpec } from '../fuzz/randomSpec.ts'
import { seedOfCase } from '../fuzz/randomSource.ts'

export interface InteropCase {
  /** The row of the table that counts it. */
  readonly group: string
  readonly name: string
  readonly analysis: Analysis
  /** Whether its training is compared as well as its outputs. */
  readonly trains: boolean
}

/** The sizes of images that are tried for a network of configs/zoo, the smallest first. */
const sides = [32, 64, 96, 128]

/** The published networks, with small inputs, and the specs of configs/. */
export function publishedCases(): InteropCase[] {
  const zoo = yamlFiles('configs/zoo').flatMap((file) => {
    const found = [undefined, ...sides]
      .toReversed()
      .map((side) => analyze(file, side))
      .filter((one) => one !== undefined)
    const smallest = found.at(-1)
    return smallest === undefined
      ? []
      : [{ group: 'configs/zoo, small inputs', name: file, analysis: smallest, trains: false }]
  })
  const configs = yamlFiles('configs').map((file) => ({
    group: 'configs',
    name: file,
    analysis: checkText(readFileSync(file, 'utf8'), file, { host: nodeHost }),
    trains: false,
  }))
  return [...configs, ...zoo]
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => `${folder}/${name}`)
}

/** A network with images of another size; undefined if it does not fit. */
function analyze(file: string, side: number | undefined): Analysis | undefined {
  // What a network expects of the original size is left out.
  const text = readFileSync(file, 'utf8').replaceAll(/, expect: \[[^\]]*\]|expect: \[[^\]]*\],? ?/g, '')
  const size = /^input: \{ shape: \[\d+, \d+, (\d+)\]/m.exec(text)?.[1]
  if (side !== undefined && size === undefined) return undefined
  const settings = side === undefined ? [] : [`input.shape=[${side}, ${side}, ${size}]`]
  const analysis = checkText(text, file, { host: nodeHost, settings })
  return hasErrors(analysis.diagnostics) || !analysis.shaped.complete ? undefined : analysis
}

/** Specs with blocks and repeats: those of the tests of TypeScript scripts, and random ones. */
export function composedCases(seed: number): InteropCase[] {
  const random = Array.from({ length: 40 }, (_one, index) => [`composed ${index}`, seed * 1000 + index] as const)
  const texts = [
    ...Object.entries(structureSpecs).map(([name, { spec }]) => [name, spec] as const),
    ...random.map(([name, own]) => [name, randomComposition(own)] as const),
  ]
  return texts.flatMap(([name, text]) => {
    const analysis = checkText(text, 'composed.yaml', { host: nodeHost })
    if (hasErrors(analysis.diagnostics) || !analysis.shaped.complete) return []
    return [{ group: 'blocks and repeats', name, analysis, trains: false }]
  })
}

/** Networks of any layer types, without those that the checker refuses. */
export function randomCases(count: number, seed: number): InteropCase[] {
  const cases: InteropCase[] = []
  for (let index = 0; cases.length < count; index++) {
    const { text } = drawSpec(seedOfCase(seed, index))
    const analysis = checkText(text, 'random.yaml')
    const isComparable =
      !hasErrors(analysis.diagnostics) &&
      analysis.shaped.complete &&
      !/null|embedding|categoryEncoding|minMaxNorm/.test(text)
    if (isComparable) cases.push({ group: 'random networks', name: `random ${index}`, analysis, trains: false })
  }
  return cases
}

const optimizers = [
  ...Object.keys(optimizerTable),
  '{ momentum: { useNesterov: true } }',
  '{ adam: { learningRate: 0.01, epsilon: 0.001 } }',
  '{ adamax: { decay: 0.1 } }',
  '{ rmsprop: { centered: true, momentum: 0.5 } }',
]

const rates = "learningRates: { dense: 0.1, '*_1': 3 }"

/** What is put into a small experiment, by its group. */
function variants(): (readonly [group: string, name: string, change: Change])[] {
  return [
    ...Object.keys(lossTable).flatMap((loss) =>
      ['softmax', 'sigmoid'].map((activation) => ['losses', `${loss} of ${activation}`, { loss, activation }] as const),
    ),
    ...['categoricalCrossentropy', 'binaryCrossentropy'].map(
      (type) => ['losses', `${type}, smoothed`, { loss: `{ ${type}: { labelSmoothing: 0.1 } }` }] as const,
    ),
    ...['meanSquaredError', 'huberLoss', 'logcosh', 'meanAbsoluteError'].map(
      (loss) => ['losses', `${loss} of values`, { loss, activation: 'linear', units: 1, values: true }] as const,
    ),
    ...['hinge', 'squaredHinge'].map(
      (loss) => ['losses', `${loss} of tanh`, { loss, activation: 'tanh', units: 1, classes: 2 }] as const,
    ),
    ...optimizers.map((optimizer) => ['optimizers', optimizer, { optimizer }] as const),
    ...Object.entries(scheduleTable).map(([type, { schema, example }]) => {
      const schedule = yamlText({ [type]: example ?? exampleOf(schema) })
      return ['schedules', type, { optimizer: 'momentum', training: `schedule: ${schedule}` }] as const
    }),
    ...[
      'clipNorm: 0.1',
      'clipValue: 0.01',
      'weightDecay: 0.05',
      'classWeights: { 0: 3, 2: 0.5 }',
      'classWeights: balanced',
    ].map((training) => ['options of training', training, { training, optimizer: 'adam' }] as const),
    ...Object.keys(optimizerTable).map(
      (optimizer) => ['rates of layers', `rates of ${optimizer}`, { optimizer, sections: rates }] as const,
    ),
    [
      'rates of layers',
      'rates with weightDecay',
      { optimizer: 'adam', sections: rates, training: 'weightDecay: 0.05, schedule: cosine' },
    ],
    ...[
      'batchNormalization: { momentum: 0.9 }',
      'layerNormalization',
      'dense: { units: 5, kernelRegularizer: { l2: { l2: 0.1 } }, biasRegularizer: l1, biasInitializer: ones }',
      'dense: { units: 5, kernelConstraint: { maxNorm: { maxValue: 0.5 } } }',
      'dense: { units: 5, activityRegularizer: { l2: { l2: 0.1 } } }',
      'dense: { units: 5, trainable: false }',
      'prelu',
    ].map((layer) => ['layers that training treats', layer, { layer }] as const),
  ]
}

interface Change {
  readonly loss?: string
  readonly optimizer?: string
  readonly activation?: string
  readonly units?: number
  readonly classes?: number
  readonly values?: boolean
  readonly training?: string
  readonly layer?: string
  readonly sections?: string
}

/** A small experiment for each loss, optimizer, schedule and option of training. */
export function experimentCases(): InteropCase[] {
  return variants().flatMap(([group, name, change]) => {
    const analysis = checkText(experimentText(change), `${name.replaceAll(/\W+/g, '-')}.yaml`, { host: nodeHost })
    if (hasErrors(analysis.diagnostics)) return []
    return [{ group, name, analysis, trains: true }]
  })
}

function experimentText(change: Change): string {
  const {
    loss = 'categoricalCrossentropy',
    optimizer = 'sgd',
    activation = 'softmax',
    units = 4,
    classes = 4,
    training,
    layer,
    sections = '',
  } = change
  const labels = change.values === true ? 'labels: values' : `classes: ${classes}`
  return `name: experiment
dataset: { synthetic: { shape: [6], ${labels}, train: 40, test: 0 } }
layers:
  - dense: { units: 8, activation: tanh }
${layer === undefined ? '' : `  - ${layer}\n`}  - dense: { units: ${units}, activation: ${activation} }
optimizer: ${optimizer}
loss: ${loss}
training: { batchSize: 8, epochs: 2, seed: 3${training === undefined ? '' : `, ${training}`} }
${sections}
`
}
