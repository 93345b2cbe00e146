/**
 * Standalone scripts against `train` on random experiments, in one thread. Initial weights and batches must be the same
 * bits. Then each step begins from the weights of `train`, while each side keeps the slots of its optimizer; and 20 steps
 * are taken by each side for itself.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { checkText } from '../../src/analyze.ts'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { BatchReader, type Batch } from '../../src/runtime/data/batches.ts'
import type { Samples } from '../../src/runtime/data/samples.ts'
import { seedOfStep } from '../../src/script/draws.ts'
import { seedRandomLayers } from '../../src/patches/randomLayers.ts'
import type { Experiment } from '../../src/runtime/training/experiment.ts'
import { fitObjectives, objectivesOf } from '../../src/runtime/training/objective.ts'
import {
  disposeOutcome,
  findTrainableVariables,
  findTrainedWeights,
  trainOnBatch,
} from '../../src/runtime/training/trainingStep.ts'
import { WeightUpdater } from '../../src/runtime/training/weightUpdater.ts'
import { readBatch } from '../../src/script/batches.ts'
import { shuffledIndices } from '../../src/script/random.ts'
import type { Samples as ScriptSamples } from '../../src/script/samples.ts'
import { noiseOf, parityEngines, tryEngine, type ParityEngine } from './compareBackEnds.ts'
import { drawExperiment } from './randomExperiment.ts'
import { seedOfCase } from './randomSource.ts'

/** What a standalone script exports, as far as it is driven here. */
interface Script {
  buildModel(seed: number): tf.LayersModel
  readonly training: { readonly batchSize: number; readonly learningRate: number; readonly seed: number }
  createTrainer(model: tf.LayersModel, training: Script['training'], data?: unknown): object
  trainStep(
    trainer: object,
    batch: Pick<Batch, 'inputs' | 'labels'>,
    logs: Record<string, number>,
    share: number,
    position: Position,
  ): void
}

interface Position {
  readonly step: number
  readonly stepsPerEpoch: number
  readonly epochs: number
}

/** Steps that each side takes for itself. */
const freeSteps = 20
/** Steps that begin from the weights of `train`. */
const heldSteps = 4

export interface ScriptFinding {
  /** The path of the spec, or the number of the random one. */
  readonly spec: string
  readonly engine: ParityEngine
  readonly text: string
  readonly differences: readonly string[]
}

export interface ScriptRun {
  /** How many scripts were compared, on all engines. */
  readonly compared: number
  /** How many were not, by reason. */
  readonly skipped: ReadonlyMap<string, number>
  readonly findings: readonly ScriptFinding[]
}

/** Compares the scripts of configs/ and of random specs with `train`, on the engines that work here. */
export async function compareScripts(
  count: number,
  seed: number,
  until: () => boolean = () => false,
  engines: readonly ParityEngine[] = parityEngines,
): Promise<ScriptRun> {
  let compared = 0
  const skipped = new Map<string, number>()
  const findings: ScriptFinding[] = []
  for (const engine of engines) {
    if ((await tryEngine(engine)) !== undefined) continue
    const cases = function* () {
      yield* configs()
      for (let index = 0; index < count && !until(); index++) {
        const { text, scripted, sampleShape } = drawExperiment(seedOfCase(seed, index))
        yield { spec: String(index), text, program: scripted, sampleShape }
      }
    }
    for (const { spec, text, program, sampleShape } of cases()) {
      const { skipped: reason, differences } = await compareScript(program, text, noiseOf(sampleShape).train)
      if (reason === undefined) compared++
      else skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
      if (differences.length > 0) findings.push({ spec, engine, text, differences })
    }
  }
  return { compared, skipped, findings }
}

/** The specs of configs/ in batches of 8, so that noise makes several steps. */
function* configs() {
  const folder = fileURLToPath(new URL('../../configs/', import.meta.url))
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    const { spec, shaped } = checkText(text, name)
    const program = lowerGraph({ ...spec, training: { ...spec.training, batchSize: 8 } }, shaped)
    const { shape } = shaped.nodes.find(({ layer }) => layer.type === 'input')!
    yield { spec: `configs/${name}`, text, program, sampleShape: shape as number[] }
  }
}

interface ScriptComparison {
  /** Why the script cannot be compared: what scripts go without, or what fails on both sides. */
  readonly skipped?: string
  readonly differences: readonly string[]
}

/** Compares the script of a program with `train` on the present engine. */
async function compareScript(program: Program, text: string, train: Samples): Promise<ScriptComparison> {
  const missing = program.script?.missing ?? ['an experiment']
  if (missing.length > 0) return { skipped: `scripts have no ${missing.join(', ')}`, differences: [] }
  const experiment = interpretProgram(program)
  const rule = experiment.createOptimizer()
  if ((rule.batches ?? 1) > 1) return { skipped: 'steps of several batches', differences: [] }
  const script = await importScript(program, text)
  const sides = { experiment, script, train }
  const tried = attempt(() => [
    ...compareStart(sides),
    ...compareSteps(sides, heldSteps, true),
    ...compareSteps(sides, freeSteps, false),
  ])
  if (typeof tried !== 'string') return { differences: tried }
  const alone = attempt(() => void new TrainSide(experiment, train).step(batchOf(sides, 0)))
  return typeof alone === 'string'
    ? { skipped: `fails in train: ${alone}`, differences: [] }
    : { differences: [`the script fails: ${tried}`] }
}

function attempt<Result>(act: () => Result): Result | string {
  try {
    return act()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

interface Sides {
  readonly experiment: Experiment
  readonly script: Script
  readonly train: Samples
}

/** `train`'s side: one step after the other, without recording. */
class TrainSide {
  readonly model: tf.LayersModel
  /** The norms of the gradients of the last step, in the order of the trainable weights. */
  norms: readonly number[] = []
  readonly #experiment: Experiment
  readonly #objectives: ReturnType<typeof objectivesOf>
  readonly #variables: tf.Variable[]
  readonly #updater: WeightUpdater
  readonly #rate: number

  constructor(experiment: Experiment, train: Samples) {
    this.#experiment = experiment
    this.model = experiment.buildModel(experiment.training.seed)
    this.#objectives = fitObjectives(objectivesOf(experiment), train, [...'0123456789'])
    this.#variables = findTrainableVariables(this.model)
    const rule = experiment.createOptimizer()
    this.#rate = rule.learningRate
    const treatGradients = (gradients: readonly (tf.Tensor | undefined)[]) => {
      this.norms = gradients.map((gradient) => (gradient ? normOf(gradient.dataSync()) : 0))
      return rule.treatGradients?.(gradients) ?? gradients
    }
    this.#updater = new WeightUpdater({ ...rule, treatGradients }, findTrainedWeights(this.model))
  }

  /** @returns The loss. */
  step({ batch, position }: PlacedBatch): number {
    const { training, schedule } = this.#experiment
    const rate = schedule?.(this.#rate, position) ?? this.#rate
    return tf.tidy(() => {
      seedRandomLayers(this.model, seedOfStep(training.seed, position.step))
      const result = trainOnBatch(this.model, this.#variables, this.#updater, this.#objectives, batch, tf.scalar(rate))
      const [loss] = result.loss.dataSync()
      disposeOutcome(result)
      return [loss!]
    })[0]!
  }
}

interface PlacedBatch {
  readonly batch: Batch
  readonly position: Position
}

function batchOf({ experiment, train }: Sides, step: number): PlacedBatch {
  const { batchSize, seed, epochs } = experiment.training
  const stepsPerEpoch = Math.ceil(train.count / batchSize)
  const order = shuffledIndices(train.count, seed, Math.floor(step / stepsPerEpoch) + 1)
  const start = (step % stepsPerEpoch) * batchSize
  const batch = new BatchReader(train).read(order, start, Math.min(start + batchSize, train.count))
  return { batch, position: { step, stepsPerEpoch, epochs } }
}

/** Initial weights and the first batch, bit for bit. */
function compareStart(sides: Sides): string[] {
  const { experiment, script, train } = sides
  const { seed, batchSize } = experiment.training
  const [ours, theirs] = [experiment.buildModel(seed), script.buildModel(script.training.seed)]
  const { batch } = batchOf(sides, 0)
  const read = readBatch(train as ScriptSamples, shuffledIndices(train.count, seed, 1).subarray(0, batchSize))
  const pairs: [string, tf.Tensor[], tf.Tensor[]][] = [
    ['initial weights', ours.getWeights(), theirs.getWeights()],
    ['batches', [batch.inputs, batch.labels], [read.inputs, read.labels]],
  ]
  return pairs.flatMap(([what, a, b]) => (bytesOf(a).equals(bytesOf(b)) ? [] : `${what} are other bits`))
}

function bytesOf(tensors: readonly tf.Tensor[]): Buffer {
  return Buffer.concat(tensors.map((tensor) => Buffer.from(Float32Array.from(tensor.dataSync()).buffer)))
}

/** @param isHeld Whether the script begins each step with the weights of `train`. */
function compareSteps(sides: Sides, steps: number, isHeld: boolean): string[] {
  const { experiment, script, train } = sides
  const side = new TrainSide(experiment, train)
  const model = script.buildModel(script.training.seed)
  const trainer = script.createTrainer(model, script.training, { train })
  for (let step = 0; step < steps; step++) {
    const { batch, position } = batchOf(sides, step)
    if (isHeld) handOver(side.model, model)
    const loss = side.step({ batch, position })
    const logs: Record<string, number> = {}
    script.trainStep(trainer, batch, logs, 1, position)
    tf.dispose([batch.inputs, batch.labels])
    if (!Number.isFinite(loss) && !Number.isFinite(logs['loss'])) return []
    const found = isHeld ? otherWeights(side, model) : otherLoss(loss, logs['loss']!)
    if (found !== undefined) return [`${isHeld ? 'from the weights of train' : 'free'}, step ${step + 1}: ${found}`]
  }
  return []
}

/** Not by `setWeights`, which holds weights to their constraints: initial ones need not keep to these. */
function handOver(from: tf.LayersModel, to: tf.LayersModel): void {
  const values = from.getWeights()
  for (const [index, weight] of to.weights.entries()) (weight.read() as tf.Variable).assign(tf.clone(values[index]!))
}

function otherLoss(want: number, got: number): string | undefined {
  return Math.abs(got - want) <= 1e-3 * Math.max(1, Math.abs(want))
    ? undefined
    : `the loss is ${got}, and ${want} in train`
}

function otherWeights({ model, norms }: TrainSide, scripted: tf.LayersModel): string | undefined {
  const others = scripted.getWeights()
  for (const [index, weight] of model.getWeights().entries()) {
    if ((norms[index] ?? 1) <= 1e-6) continue
    const [want, got] = [weight.dataSync(), others[index]!.dataSync()]
    const difference = normOf(want.map((value, place) => value - got[place]!))
    const norm = normOf(want)
    if (difference <= 1e-5 * norm + 1e-7) continue
    return `${model.weights[index]!.originalName} differs by ${difference.toExponential(1)} of ${norm.toExponential(1)}`
  }
  return undefined
}

function normOf(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0))
}

/** In the repository, where scripts find the packages; git ignores the folder. */
async function importScript(program: Program, specText: string): Promise<Script> {
  const folder = mkdtempSync(fileURLToPath(new URL('../../test/backends/.scripts-', import.meta.url)))
  try {
    const options = { backend: 'auto', specFile: 'random.yaml', specText, version: '0.0.0' } as const
    const { fileName, text, assets } = await emitter.emitProgram(program, options)
    for (const file of [{ fileName, content: text }, ...assets]) {
      mkdirSync(dirname(join(folder, file.fileName)), { recursive: true })
      writeFileSync(join(folder, file.fileName), file.content)
    }
    return (await import(pathToFileURL(join(folder, fileName)).href)) as Script
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const emitter = createEmitter()
