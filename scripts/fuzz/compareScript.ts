/**
 * Compares a standalone script with `train` on noise. The script's own loop trains twice: once with each step starting
 * from the weights and slots of `train`, and once freely. Initial weights and all batches must be bit-identical.
 *
 * Rounding alone can make two free runs diverge: if it switches a rectifier or the maximum of a pool, the weights differ
 * visibly one step later. Then `train` has to repeat each step of the script's free run, from the script's weights and slots.
 *
 * Rounding can also be enlarged within a step: Adam and its relatives divide a gradient by its size, also where a value of it
 * is near 0; a gradient whose terms cancel keeps only their rounding; and a maximum can change its place. Weights and slots may
 * differ by as much as four more steps of `train`, with gradients or weights moved by rounding.
 */
import * as tf from '@tensorflow/tfjs'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import type { Program } from '../../src/program/program.ts'
import { normalizeInputs } from '../../src/runtime/data/normalize.ts'
import type { DatasetSplits } from '../../src/runtime/data/samples.ts'
import type { Experiment } from '../../src/runtime/training/experiment.ts'
import { createRandom } from '../../src/script/random.ts'
import type { Data } from '../../src/script/samples.ts'
import { assignValues } from '../../src/script/weightValues.ts'
import type { Spec } from '../../src/validation/spec.ts'
import { noiseOf } from './compareBackEnds.ts'
import { describeDifference, hasGradient, haveSameBits, roundingLimit, stateDifference } from './stateDifference.ts'
import { traceTraining, type Trace, type TracedBatch, type TracedState, type TracedStep } from './traceTraining.ts'
import { runWatched, slotsOf, type ScriptBatch, type TrainedScript, type WatchedScript } from './watchedScript.ts'

/** The number of steps from the weights and slots of `train`: more than two epochs. */
const heldSteps = 8
/** The number of steps of the free run. */
const freeSteps = 20

/** A spec, with its program and settings. */
export interface ComparedSpec {
  readonly text: string
  readonly program: Program
  readonly settings: Pick<Spec, 'optimizer' | 'training' | 'schedule' | 'normalize' | 'augment'>
  readonly sampleShape: readonly number[]
}

export interface ScriptComparison {
  /** The reason why the script is not compared: a feature that scripts lack, or an error on both sides. */
  readonly skipped?: string
  readonly difference?: string
  /** Whether the free runs differ although `train` reproduces each step of the script. */
  readonly isApart?: boolean
}

/** Compares the script of a program with `train` on the current engine. */
export async function compareScript(
  { program, settings, sampleShape }: ComparedSpec,
  importScript: () => Promise<WatchedScript>,
): Promise<ScriptComparison> {
  const missing = program.script?.missing ?? ['an experiment']
  if (missing.length > 0) return { skipped: `scripts have no ${missing.join(', ')}` }
  const { train, classNames } = noiseOf(sampleShape)
  const experiment = interpretProgram(program)
  const { batchSize, gradientAccumulation = 1 } = settings.training
  const epochs = Math.ceil(freeSteps / Math.ceil(train.count / batchSize / gradientAccumulation))
  const data = await normalized({ train, classNames }, settings.normalize)
  const follower = {
    experiment,
    data,
    epochs,
    trace: await traceTraining(experiment, { data, epochs, steps: freeSteps }),
    script: await importScript(),
    samples: { train: train as Data['train'] },
    slotsPerWeight: experiment.createOptimizer().slots.length,
    endsWithEqualWeights: ['sgd', 'momentum'].includes(settings.optimizer!.type),
  }
  if (follower.trace.steps.length === 0) return await compareFailure(follower)
  const difference =
    (await followHeld(follower)) && (await followHeld(follower, await roundSteps(follower, follower.trace.states)))
  if (difference !== undefined) return { difference: `from the state of train, ${difference}` }
  const { difference: free, states } = await followFree(follower)
  if (free === undefined) return {}
  const own = await retrace(follower, states)
  return own === undefined ? { isApart: true } : { difference: `free, ${free}; in train from the same state, ${own}` }
}

async function normalized(data: DatasetSplits, normalize: Spec['normalize']): Promise<DatasetSplits> {
  if (!normalize) return data
  const { mean, std } = normalize
  return await normalizeInputs(Promise.resolve(data), mean && std ? { mean, std } : { fit: true })
}

interface Follower {
  readonly experiment: Experiment
  readonly data: DatasetSplits
  readonly epochs: number
  readonly trace: Trace
  readonly script: WatchedScript
  readonly samples: Data
  readonly slotsPerWeight: number
  /** Whether the weights are compared at the end of the free steps. */
  readonly endsWithEqualWeights: boolean
}

/** Checks that the script fails if `train` fails in its first step. */
async function compareFailure(follower: Follower): Promise<ScriptComparison> {
  const { trace } = follower
  const failure = await failureOf(
    runWatched(follower.script, follower.samples, follower.epochs, (_batch, train, { stop }) => {
      train()
      stop()
    }),
  )
  return failure === undefined
    ? { difference: `the script trains, and train fails: ${trace.failure}` }
    : { skipped: `fails in train: ${trace.failure}` }
}

async function failureOf(run: Promise<void>): Promise<string | undefined> {
  try {
    await run
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Comparisons before and after each step. Each returns the first difference. */
interface StepChecks {
  before?(trained: TrainedScript, step: number): string | undefined
  after(trained: TrainedScript, step: number): string | undefined
  /** Whether training continues after a difference. */
  readonly isFree?: boolean
}

/** Trains the script for at most `steps` steps, while the loss is finite, and compares batches and losses with the trace. */
async function follow(follower: Follower, steps: number, checks: StepChecks): Promise<string | undefined> {
  const traced = follower.trace.steps.slice(0, steps)
  let difference: string | undefined
  let step = 0
  let batch = 0
  let loss = 0
  const check = (find: () => string | undefined) => {
    const found = find()
    if (found !== undefined) difference ??= `step ${step + 1}: ${found}`
  }
  const run = runWatched(follower.script, follower.samples, follower.epochs, (given, train, trained) => {
    const present = traced[step]!
    if (batch === 0) check(() => checks.before?.(trained, step))
    check(() => batchDifference(given, present.batches[batch]!))
    loss += train() * shareOf(present, batch)
    batch++
    if (batch === present.batches.length) {
      check(() => lossDifference(loss, present.loss))
      if (Number.isFinite(loss)) check(() => checks.after(trained, step))
      step++
      if (!Number.isFinite(loss) || step === traced.length) trained.stop()
      batch = 0
      loss = 0
    }
    if (difference !== undefined && checks.isFree !== true) trained.stop()
  })
  const failure = await failureOf(run)
  if (failure !== undefined) check(() => `the script fails: ${failure}`)
  return difference
}

/** Returns the fraction of a step's samples that are in a batch. */
function shareOf({ batches }: TracedStep, batch: number): number {
  return batches[batch]!.count / batches.reduce((sum, { count }) => sum + count, 0)
}

function batchDifference({ inputs, labels }: ScriptBatch, traced: TracedBatch): string | undefined {
  if (!haveSameBits(inputs.dataSync(), traced.inputs)) return 'the inputs of the batch are other bits'
  return haveSameBits(labels.dataSync(), traced.labels) ? undefined : 'the labels of the batch are other bits'
}

function lossDifference(got: number, want: number): string | undefined {
  if (!Number.isFinite(got) && !Number.isFinite(want)) return undefined
  const isNear = Math.abs(got - want) <= 1e-3 * Math.max(1, Math.abs(want))
  return isNear ? undefined : `the loss is ${got}, and ${want} in train`
}

/**
 * Starts each step from the weights and slots of `train`, and compares them again after the step.
 *
 * @param rounded The same steps of `train`, with rounded gradients.
 */
async function followHeld(follower: Follower, rounded: readonly Trace[] = []): Promise<string | undefined> {
  const { trace, slotsPerWeight } = follower
  return await follow(follower, heldSteps, {
    before(trained, step) {
      const { weights, slots } = trace.states[step]!
      const initial = trained.model.weights.map((weight) => weight.read().dataSync())
      const isSame = step > 0 || initial.every((values, index) => haveSameBits(values, weights[index]!))
      // `setWeights` would apply constraints, which initial weights need not satisfy.
      for (const [index, weight] of trained.model.weights.entries())
        assignValues(weight.read() as tf.Variable, weights[index]!)
      for (const [index, slot] of slotsOf(trained, slotsPerWeight).entries())
        if (slot) assignValues(slot, slots[index]!)
      return isSame ? undefined : 'the initial weights are other bits'
    },
    after: (trained, step) =>
      stateDifference({
        names: trained.model.weights.map(({ originalName }) => originalName),
        slotsPerWeight,
        norms: trace.steps[step]!.norms,
        want: trace.states[step + 1]!,
        got: stateOf(trained, slotsPerWeight),
        rounded: statesAfter(rounded, step),
      }),
  })
}

interface FreeRun {
  readonly difference: string | undefined
  /** The state before the first step and after each step. */
  readonly states: readonly TracedState[]
}

/** Compares the losses of all steps, and with some optimizers the weights after the last, as far as a gradient changed them. */
async function followFree(follower: Follower): Promise<FreeRun> {
  const { trace, slotsPerWeight, endsWithEqualWeights } = follower
  const states: TracedState[] = []
  const add = (trained: TrainedScript) => void states.push(stateOf(trained, slotsPerWeight))
  const difference = await follow(follower, freeSteps, {
    isFree: true,
    before: (trained) => (states.length === 0 ? add(trained) : undefined),
    after(trained, step) {
      add(trained)
      if (step + 1 < freeSteps || !endsWithEqualWeights) return undefined
      const { weights } = trace.states[freeSteps]!
      return trained.model.weights
        .map(({ originalName }, index) => {
          const isChanged = trace.steps.some(({ norms }) => hasGradient(norms, index))
          const got = states.at(-1)!.weights[index]!
          return isChanged ? describeDifference(originalName, weights[index]!, got, (norm) => 1e-4 * norm) : undefined
        })
        .find((found) => found !== undefined)
    },
  })
  return { difference, states }
}

/** Lets `train` take each step of a script's run, from the state of the script, and returns the first difference. */
async function retrace(follower: Follower, states: readonly TracedState[]): Promise<string | undefined> {
  const { trace, slotsPerWeight } = follower
  const own = await traceFrom(follower, states)
  const compare = (rounded: readonly Trace[]) => {
    for (const [step, got] of states.slice(1).entries()) {
      const norms = own.steps[step]?.norms ?? []
      const want = own.states[step + 1] ?? { weights: [], slots: [] }
      const after = { names: trace.names, slotsPerWeight, norms, want, got, rounded: statesAfter(rounded, step) }
      const found = stateDifference(after)
      if (found !== undefined) return `step ${step + 1}: ${found}`
    }
    return undefined
  }
  return compare([]) && compare(await roundSteps(follower, states))
}

/**
 * Lets `train` take a step from each state: with gradients that are larger, and then smaller, by the limit of rounding, and
 * with weights moved by what rounding does to the sums of a layer.
 */
async function roundSteps(follower: Follower, states: readonly TracedState[]): Promise<readonly Trace[]> {
  const traces: Trace[] = []
  for (const shift of [roundingLimit, -roundingLimit]) traces.push(await traceFrom(follower, states, shift))
  for (const seed of [1, 2]) {
    const moved = states.map((state) => moveWeights(state, seed))
    traces.push(await traceFrom(follower, moved))
  }
  return traces
}

/** Moves each weight by at most 1e-6 of itself, at random. */
function moveWeights({ weights, slots }: TracedState, seed: number): TracedState {
  const random = createRandom(seed)
  return { weights: weights.map((values) => values.map((value) => value * (1 + 1e-6 * (2 * random() - 1)))), slots }
}

/** Lets `train` take a step from each state but the last. */
async function traceFrom(
  { experiment, data, epochs }: Follower,
  states: readonly TracedState[],
  gradientShift?: number,
): Promise<Trace> {
  const startOf = (step: number) => states[step]!
  const options = { data, epochs, steps: states.length - 1, startOf }
  return await traceTraining(experiment, gradientShift === undefined ? options : { ...options, gradientShift })
}

function statesAfter(traces: readonly Trace[], step: number): readonly TracedState[] {
  return traces.map(({ states }) => states[step + 1]).filter((state) => state !== undefined)
}

function stateOf(trained: TrainedScript, slotsPerWeight: number): TracedState {
  return {
    weights: trained.model.weights.map((weight) => weight.read().dataSync().slice()),
    slots: slotsOf(trained, slotsPerWeight).map((slot) => slot?.dataSync().slice() ?? new Float32Array()),
  }
}
