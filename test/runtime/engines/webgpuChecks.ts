/** Compares the webgpu engine with the cpu engine, trains on it, and prints the results as JSON: the process of webgpu.test.ts. */
import * as tf from '@tensorflow/tfjs'
import { createHash } from 'node:crypto'
import { drawLayer } from '../../../scripts/fuzz/drawLayer.ts'
import { drawTrial } from '../../../scripts/fuzz/fuzzGradients.ts'
import { TriedLayer, type Trial } from '../../../scripts/fuzz/layerTrial.ts'
import { drawnTypes } from '../../../scripts/fuzz/randomOptions.ts'
import { RandomSource, seedOfCase } from '../../../scripts/fuzz/randomSource.ts'
import * as losses from '../../../src/backends/generated/losses.ts'
import * as callables from '../../../src/backends/generated/callables.ts'
import { lossTable } from '../../../src/parts/losses/table.ts'
import { optimizerTable } from '../../../src/parts/optimizers/table.ts'
import { terminateOnNaN } from '../../../src/parts/callbacks/terminateOnNaN.fast.ts'
import { sgd } from '../../../src/parts/optimizers/sgd.run.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { fetchValues } from '../../../src/runtime/engines/fetchValues.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { RepeatedStep } from '../../../src/runtime/replay/repeatedStep.ts'
import { readNewestCheckpoint } from '../../../src/runtime/runs/checkpointFolder.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import type { Loss } from '../../../src/runtime/training/loss.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { WeightUpdater } from '../../../src/runtime/training/weightUpdater.ts'
import type { UpdateRule } from '../../../src/script/updateRule.ts'
import { Random } from '../onBackends.ts'
import { tinyExperiment } from '../tinyExperiment.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

/** What the process prints. Distances are those of webgpu from cpu, relative to the norm; those of layers by type. */
export interface WebgpuResults {
  readonly layers: Readonly<Record<string, Distance>>
  readonly losses: Readonly<Record<string, Distance>>
  readonly optimizers: Readonly<Record<string, Distance>>
  /** Kernels that are replaced. */
  readonly kernels: Readonly<Record<string, Distance>>
  /** Digests of the weights of one experiment, trained twice, and resumed after each step. */
  readonly digests: readonly string[]
  /** The kernels of a replayed step, and whether each of its results is that of the step. */
  readonly replay: { readonly kernels: number; readonly isEqual: boolean }
  /** Tensors, and bytes on the card, at the end of the second and of later epochs. */
  readonly memory: readonly Memory[]
  /** The messages of diverging runs without and with `terminateOnNaN`. */
  readonly diverged: readonly string[]
  /** Digests of what replaced kernels compute, several times. */
  readonly sums: readonly string[]
}

interface Memory {
  readonly tensors: number
  readonly bytes: number
}

/** The largest distance of several tensors, or the message of an error. */
type Distance = number | string

type Values = readonly (readonly number[])[]

async function compare(compute: () => Promise<Values>): Promise<Distance> {
  try {
    await tf.setBackend('cpu')
    const want = await compute()
    await tf.setBackend('webgpu')
    const got = await compute()
    return Math.max(...want.map((values, index) => distance(got[index]!, values)))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function distance(got: readonly number[], want: readonly number[]): number {
  const difference = Math.hypot(...want.map((value, index) => value - got[index]!))
  return difference / (Math.hypot(...want) || 1)
}

async function valuesOf(tensors: readonly tf.Tensor[]): Promise<Values> {
  await fetchValues(tensors)
  const values = tensors.map((tensor) => Array.from(tensor.dataSync()))
  tf.dispose([...tensors])
  return values
}

/** A layer of the type that can be trained, the same in every process. */
function trialOf(type: string): Trial {
  for (let index = 0; ; index++) {
    const random = new RandomSource(seedOfCase(drawnTypes.indexOf(type), index))
    const drawn = drawLayer(type, random)
    const trial = drawn && drawTrial(drawn, random)
    if (trial) return trial
  }
}

const compareLayer = (type: string): Promise<Distance> => {
  const trial = trialOf(type)
  return compare(async () => {
    const layer = new TriedLayer(trial)
    const { output, gradients } = await layer.gradients()
    layer.dispose()
    return [output, ...gradients].map(({ values }) => values)
  })
}

const compareLoss = (name: string): Promise<Distance> =>
  compare(() => {
    const { compute } = (losses as unknown as Record<string, () => Loss>)[name]!()
    const labels = tf.oneHot(tf.tensor1d([2, 0, 1, 2], 'int32'), 3).toFloat()
    const predictions = tf.softmax(tf.tensor2d(new Random(5).numbers(12), [4, 3]))
    const { value, grad } = tf.valueAndGrad((given: tf.Tensor) => compute(labels, given))(predictions)
    return valuesOf([value, grad])
  })

/** A weight and its slots after five updates with the same gradients. */
const compareOptimizer = (name: string): Promise<Distance> =>
  compare(async () => {
    const rules = callables as unknown as Record<string, (options: object) => UpdateRule>
    const rule = rules[name]!({ learningRate: 0.01 })
    const random = new Random(4)
    const variable = tf.variable(tf.tensor(random.numbers(20)))
    const weight = {
      originalName: 'dense/kernel',
      shape: variable.shape,
      read: () => variable,
      write(value: tf.Tensor) {
        variable.assign(value)
        return undefined as never
      },
    }
    const updater = new WeightUpdater(rule, [weight])
    for (let step = 0; step < 5; step++) updater.apply([tf.tensor(random.numbers(20))], tf.scalar(0.01))
    return await valuesOf([variable, ...updater.state])
  })

async function digestOf(model: tf.LayersModel): Promise<string> {
  await fetchValues(model.getWeights())
  const digest = weightsDigest(model)
  model.dispose()
  return digest
}

const whole = { epochs: 2, batchSize: 10, validationSplit: 0.2 }

/** The digest of a run in a folder that stops after each step and is resumed. */
async function digestOfResumed(): Promise<string> {
  const folder = temporaryFolder()
  for (;;) {
    const checkpoint = await readNewestCheckpoint(folder, () => undefined)
    const stop = new AbortController()
    const { model, interrupted } = await trainExperiment(
      tinyExperiment({
        createCallbacks: () => [
          { name: 'stop', onRest: ({ stepsDone }) => (stepsDone > 0 ? stop.abort() : undefined) },
        ],
      }),
      { training: whole, folder, signal: stop.signal, ...(checkpoint && { checkpoint: checkpoint.content }) },
    )
    const digest = await digestOf(model)
    if (!interrupted) return digest
  }
}

/** Runs a step with a constant, which is compared on the card before the step is replayed. */
async function replay(): Promise<WebgpuResults['replay']> {
  const step = ([x]: readonly tf.Tensor[]) => [tf.tidy(() => tf.sum(tf.square(tf.sub(x!, tf.mul(tf.ones([3000]), 2)))))]
  const repeated = new RepeatedStep(step)
  const random = new Random(6)
  const isEqual: boolean[] = []
  for (let run = 0; run < 6; run++) {
    const x = draw(random, [3000])
    const [got, want] = [await valuesOf(repeated.run([x])), await valuesOf(step([x]))]
    isEqual.push(got.join() === want.join())
    x.dispose()
  }
  const { kernels = 0 } = repeated
  repeated.dispose()
  return { kernels, isEqual: isEqual.every(Boolean) }
}

async function measureMemory(): Promise<Memory[]> {
  const seen: Memory[] = []
  const { model } = await trainExperiment(
    tinyExperiment(),
    { training: { epochs: 30, batchSize: 5, validationSplit: 0.2 } },
    {
      onEpochEnd() {
        const { numTensors, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number }
        seen.push({ tensors: numTensors, bytes: numBytesAllocatedInGPU })
      },
    },
  )
  model.dispose()
  return seen.slice(3)
}

async function diverge(callbacks: () => ReturnType<typeof terminateOnNaN>[]): Promise<string> {
  const experiment = tinyExperiment({
    createOptimizer: () => sgd({ learningRate: 1e30 }),
    loss: losses.meanSquaredError(),
    metrics: [],
    createCallbacks: callbacks,
  })
  return await trainExperiment(experiment).then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  )
}

/** Computations by kernels that are replaced. Their results depend on the random numbers only. */
const replaced: Readonly<Record<string, (random: Random) => tf.Tensor>> = {
  'a product with long sums': (random) => tf.matMul(draw(random, [16, 4096]), draw(random, [4096, 12])),
  'a product of transposed matrices with long sums': (random) =>
    tf.matMul(draw(random, [4096, 16]), draw(random, [12, 4096]), true, true),
  'a convolution with long sums': (random) =>
    tf.conv2d(draw(random, [20, 4, 4, 256]) as tf.Tensor4D, draw(random, [4, 4, 256, 8]) as tf.Tensor4D, 1, 'valid'),
  'the sums of segments': (random) => {
    const ids = Array.from({ length: 4096 }, () => random.whole(0, 5))
    return tf.unsortedSegmentSum(draw(random, [4096, 12]), tf.tensor1d(ids, 'int32'), 7)
  },
  'the sum of 20 tensors': (random) => tf.addN(Array.from({ length: 20 }, () => draw(random, [300]))),
  'padding of five axes': (random) =>
    tf.pad(
      draw(random, fiveAxes),
      [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
        [2, 0],
      ],
      3,
    ),
  'repeating five axes': (random) => tf.tile(draw(random, fiveAxes), [1, 2, 1, 3, 1]),
  'reversing five axes': (random) => tf.reverse(draw(random, fiveAxes), [1, 3]),
  'selecting from five axes': (random) => {
    const x = draw(random, fiveAxes)
    return tf.where(tf.greater(x, 0), x, tf.mul(x, 2))
  },
  'a bias of five axes': (random) => tf.add(draw(random, fiveAxes), draw(random, [6])),
}

const fiveAxes = [2, 3, 4, 5, 6]

function draw(random: Random, shape: number[]): tf.Tensor {
  return tf.tensor(random.numbers(tf.util.sizeFromShape(shape)), shape)
}

const computeReplaced = (name: string): Promise<Values> =>
  valuesOf([tf.tidy(() => replaced[name]!(new Random(name.length)))])

/** The results of all replaced kernels, to be compared with those of another call. */
async function computeAllReplaced(): Promise<string> {
  const results: Values[] = []
  for (const name of Object.keys(replaced)) results.push(await computeReplaced(name))
  return JSON.stringify(results)
}

async function byName(
  names: readonly string[],
  measure: (name: string) => Promise<Distance>,
): Promise<Record<string, Distance>> {
  const found: Record<string, Distance> = {}
  for (const name of names) found[name] = await measure(name)
  return found
}

async function main(): Promise<void> {
  await startCpuEngine()
  await startEngine('webgpu')
  const distances = {
    layers: await byName(drawnTypes, compareLayer),
    losses: await byName(Object.keys(lossTable), compareLoss),
    kernels: await byName(Object.keys(replaced), (name) => compare(() => computeReplaced(name))),
    optimizers: await byName(Object.keys(optimizerTable), compareOptimizer),
  }
  await tf.setBackend('webgpu')
  const train = async () => await digestOf((await trainExperiment(tinyExperiment(), { training: whole })).model)
  const results: WebgpuResults = {
    ...distances,
    digests: [await train(), await train(), await digestOfResumed()],
    replay: await replay(),
    memory: await measureMemory(),
    diverged: [await diverge(() => []), await diverge(() => [terminateOnNaN()])],
    sums: [await computeAllReplaced(), await computeAllReplaced(), await computeAllReplaced()].map(hashOf),
  }
  process.stdout.write(JSON.stringify(results))
}

void main()
