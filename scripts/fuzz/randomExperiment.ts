/** Draws random experiments: a network of any layer types that trains on small data, and its training options. */
import { checkText } from '../../src/analyze.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import type { ShapedGraph } from '../../src/graph/shapes.ts'
import { lookUp } from '../../src/language/schema.ts'
import { isKnown } from '../../src/language/dims.ts'
import { augmentationTable } from '../../src/parts/augmentations/table.ts'
import { metricTable } from '../../src/parts/metrics/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { scheduleTable } from '../../src/parts/schedules/table.ts'
import type { Spec } from '../../src/validation/spec.ts'
import { RandomSource } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'

export interface RandomExperiment {
  readonly text: string
  readonly program: Program
  /** The same as `program`, but only with metrics that a standalone script can report. */
  readonly scripted: Program
  readonly settings: Spec
  readonly sampleShape: readonly number[]
}

/** Draws a network with one input of known sizes and one output, to which every tensor leads. */
export function drawExperiment(seed: number): RandomExperiment {
  const random = new RandomSource(seed)
  for (;;) {
    const experiment = experimentOf(drawSpec(random.integer(0, 0x7fffffff)).text, random)
    if (experiment !== undefined) return experiment
  }
}

/** Makes an experiment of a network; undefined if it does not fit one input of known sizes. */
export function experimentOf(text: string, random: RandomSource): RandomExperiment | undefined {
  const completed = completeSpec(text, random)
  return completed === undefined ? undefined : lowerExperiment(completed, random)
}

/** Returns the spec with all ends of its graph joined before a classifier of ten classes. */
function completeSpec(text: string, random: RandomSource): string | undefined {
  const { shaped, diagnostics } = checkText(text, 'random.yaml')
  const inputs = shaped.nodes.filter(({ layer }) => layer.type === 'input')
  if (hasErrors(diagnostics) || inputs.length !== 1 || !inputs[0]!.shape.every(isKnown)) return undefined
  const ends = endsOf(shaped)
  if (ends.length === 0) return undefined
  const joined = ends.map((end, index) => `  - flatten: { name: end${index}, inputs: ${end} }\n`).join('')
  const names = ends.map((_end, index) => `end${index}`)
  const merge = names.length > 1 ? `  - concatenate: { name: ends, inputs: [${names.join(', ')}] }\n` : ''
  const loss = random.pick([
    'categoricalCrossentropy',
    'sparseCategoricalCrossentropy',
    'meanSquaredError',
    '{ categoricalCrossentropy: { labelSmoothing: 0.1 } }',
  ])
  const answer = '  - dense: { name: answer, units: 10, activation: softmax }\n'
  const optimizer = random.pick([...Object.keys(optimizerTable), ...optimizersWithOptions])
  const changes = drawChanges(inputs[0]!.shape as number[], random)
  return `${text}${joined}${merge}${answer}optimizer: ${optimizer}\nloss: ${loss}\ntraining: ${drawTraining(random)}\n${changes}`
}

const optimizersWithOptions = [
  '{ momentum: { useNesterov: true } }',
  '{ rmsprop: { centered: true, momentum: 0.5 } }',
  '{ adamax: { decay: 0.1 } }',
]

/** Draws the normalization and augmentation of some experiments. */
function drawChanges(sampleShape: readonly number[], random: RandomSource): string {
  const channels = sampleShape.at(-1) ?? 1
  const numbers = (value: number) => JSON.stringify(Array.from({ length: channels }, () => value))
  const normalize = random.pick(['{ fit: true }', `{ mean: ${numbers(0.4)}, std: ${numbers(0.3)} }`])
  const drawn = random.shuffled(augmentationsOf(sampleShape)).filter(() => random.chance(0.4))
  return [
    ...(random.chance(0.25) ? [`normalize: ${normalize}\n`] : []),
    ...(drawn.length > 0 && random.chance(0.5) ? [`augment: [${drawn.join(', ')}]\n`] : []),
  ].join('')
}

/** Returns the possible augmentations: any for images, only mixing for other samples. */
function augmentationsOf(sampleShape: readonly number[]): string[] {
  const required: Readonly<Record<string, string>> = {
    randomCrop: 'padding: 1',
    randomRotation: 'degrees: 20',
    randomBrightness: 'factor: 0.2',
    randomContrast: 'factor: 0.2',
    cutout: 'size: 1',
  }
  const fitting = Object.entries(augmentationTable).filter(
    ([, { mixes }]) => mixes === true || sampleShape.length === 3,
  )
  return fitting.map(([name]) => (required[name] === undefined ? name : `{ ${name}: { ${required[name]} } }`))
}

/** Draws training options. Each option is in some experiments, so that all combinations occur. */
function drawTraining(random: RandomSource): string {
  const options: Readonly<Record<string, unknown>> = {
    clipValue: random.pick([0.001, 0.1]),
    clipNorm: random.pick([0.01, 1]),
    weightDecay: 0.1,
    gradientAccumulation: random.integer(2, 4),
    schedule: drawSchedule(random),
    classWeights: random.pick(['balanced', { 3: 2, 4: 0.5 }]),
    shuffle: false,
  }
  const drawn = Object.entries(options).filter(() => random.chance(0.25))
  return JSON.stringify({ epochs: 2, ...Object.fromEntries(drawn) })
}

function drawSchedule(random: RandomSource): unknown {
  const [name, { schema }] = random.pick(Object.entries(scheduleTable))
  const fields = Object.entries(schema.properties as Record<string, { examples?: readonly unknown[] }>)
  const { required = [] } = schema as { required?: readonly string[] }
  const drawn = fields.filter(([key]) => required.includes(key) || random.chance(0.5))
  // The warmup of the examples may be as long as the run.
  const options = drawn.map(([key, { examples }]) => [key, key === 'warmup' ? 0.5 : examples![0]] as const)
  return { [name]: Object.fromEntries(options) }
}

/** Returns the tensors of known sizes that are not inputs of other layers. */
function endsOf({ nodes }: ShapedGraph): string[] {
  const taken = new Set(nodes.flatMap(({ inputs }) => inputs))
  const ends = nodes.filter(
    ({ name, shape, layer }) => !taken.has(name) && shape.every(isKnown) && layer.type !== 'input',
  )
  return ends.map(({ name }) => name)
}

/** Lowers an experiment with the reader of MNIST, which is never called, because the data are passed in. */
function lowerExperiment(text: string, random: RandomSource): RandomExperiment | undefined {
  const { spec, shaped, diagnostics } = checkText(text, 'random.yaml')
  if (hasErrors(diagnostics)) return undefined
  const metrics = random.shuffled(Object.keys(metricTable)).map((type) => ({ type, options: {} }))
  const training = { ...spec.training, epochs: 2, batchSize: 8, seed: random.integer(0, 0x7fffffff) }
  const facts = { classes: 10, classNames: [...'0123456789'] }
  const settings: Spec = { ...spec, dataset: { type: 'mnist', options: {} }, facts, training }
  const lower = (all: typeof metrics) => lowerGraph({ ...settings, metrics: { all } }, shaped)
  const reported = metrics.filter(({ type }) => lookUp(metricTable, type).script)
  const { shape } = shaped.nodes.find(({ layer }) => layer.type === 'input')!
  return { text, program: lower(metrics), scripted: lower(reported), settings, sampleShape: shape as number[] }
}
