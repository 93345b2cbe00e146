// Compiled from configs/fashion-batchnorm.yaml by Shapewright 0.1.0 (spec sha256 a62d0da018a3, script sha256 151a45c0a197). Edit it freely; to compile it again:
//   npx shapewright compile configs/fashion-batchnorm.yaml   (--force replaces your edits)
// Run it: npx tsx fashion-batchnorm.ts --epochs 1   (--help lists the options)

import * as tf from '@tensorflow/tfjs'
import { appendFileSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { startEngine } from './wasm-training/index.js'

// ---- Model ----------------------------------------------------------------------------------------------------------
/** The untrained network: 264,226 parameters, 263,746 of them trainable. Equal seeds give equal weights. */
export function buildModel(seed: number): tf.LayersModel {
  const he = (offset: number) => tf.initializers.heNormal({ seed: seed + offset })
  const layers = [
    tf.layers.inputLayer({ inputShape: [28, 28, 1] }),
    tf.layers.conv2d({ filters: 24, kernelSize: 3, padding: 'same', kernelInitializer: he(1), useBias: false }), // 28x28x24
    tf.layers.batchNormalization(), // 28x28x24
    tf.layers.reLU(), // 28x28x24
    tf.layers.conv2d({ filters: 24, kernelSize: 3, padding: 'same', kernelInitializer: he(2), useBias: false }), // 28x28x24
    tf.layers.batchNormalization(), // 28x28x24
    tf.layers.reLU(), // 28x28x24
    tf.layers.maxPooling2d({ poolSize: 2 }), // 14x14x24
    tf.layers.conv2d({ filters: 48, kernelSize: 3, padding: 'same', kernelInitializer: he(3), useBias: false }), // 14x14x48
    tf.layers.batchNormalization(), // 14x14x48
    tf.layers.reLU(), // 14x14x48
    tf.layers.conv2d({ filters: 48, kernelSize: 3, padding: 'same', kernelInitializer: he(4), useBias: false }), // 14x14x48
    tf.layers.batchNormalization(), // 14x14x48
    tf.layers.reLU(), // 14x14x48
    tf.layers.maxPooling2d({ poolSize: 2 }), // 7x7x48
    seededDropout({ rate: 0.25 }, 0), // 7x7x48
    tf.layers.flatten(), // 2352
    tf.layers.dense({ units: 96, kernelInitializer: he(6), useBias: false }), // 96
    tf.layers.batchNormalization(), // 96
    tf.layers.reLU(), // 96
    seededDropout({ rate: 0.4 }, 1), // 96
    tf.layers.dense({ units: 10, kernelInitializer: tf.initializers.glorotNormal({ seed: seed + 8 }) }), // 10
    tf.layers.activation({ activation: 'softmax' }), // 10
  ]
  return tf.sequential({ name: 'fashion-batchnorm', layers })
}

/** tf.layers.dropout with a new mask in each step, unlike the stock layer; `place` is its index among random layers. */
function seededDropout(options: { rate: number; name?: string }, place: number): tf.layers.Layer {
  const layer = tf.layers.dropout(options)
  layer.call = (inputs, settings) => {
    const values = [inputs].flat()[0]!
    if (settings['training'] !== true) return values
    const draw = drawsOf(place)
    const factor = 1 / (1 - options.rate)
    const factors = Float32Array.from({ length: values.size }, () => (draw() >= options.rate ? factor : 0))
    return tf.tidy(() => tf.mul(values, tf.tensor(factors, values.shape)))
  }
  return layer
}

/** Returns a generator of uniform numbers in [0, 1) for a layer, by its index among the random layers. */
function drawsOf(place: number): () => number {
  const random = createRandom(mixSeed(drawSeed, mixSeed(place, 0)))
  // 24 bits, so float32 never rounds up to 1.
  return () => Math.floor(random() * 2 ** 24) / 2 ** 24
}

/** Creates a generator of uniform numbers in [0, 1): mulberry32 by Tommy Ettinger, public domain. */
function createRandom(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
}

/** Hashes integers to a seed (MurmurHash3's fmix32); never 0, which TensorFlow.js treats as no seed. */
function mixSeed(...parts: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    hash = Math.imul(hash ^ part ^ ((hash ^ part) >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0 || 1
}

/** The seed of the current step, from which random layers draw. */
let drawSeed = 1

// ---- Data -----------------------------------------------------------------------------------------------------------
export async function loadData(folder = 'data/fashion-mnist'): Promise<Data> {
  return await readMnistFiles(
    folder,
    'Download github.com/zalandoresearch/fashion-mnist, or pass its folder with --data.',
  )
}

type Data = { train: Samples; validation?: Samples; test?: Samples }
type Samples = { inputs: Values; sampleShape: readonly number[]; scale: number; labels: Values; count: number }
type Values = Uint8Array | Int32Array | Float32Array

/** Reads 60,000 training and 10,000 test images from four files with the names of MNIST. */
async function readMnistFiles(folder: string, help: string): Promise<Data> {
  const read = (part: string) => readIdxPair(folder, [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`], help)
  return { train: read('train'), test: read('t10k') }
}

/** Reads the images and labels of two IDX files of bytes in a folder. */
function readIdxPair(folder: string, [images, labels]: readonly [string, string], help: string): Samples {
  const [pixels, classes] = [readIdx(join(folder, images), help), readIdx(join(folder, labels), help)]
  const [count = 0, ...sizes] = pixels.shape
  if (classes.values.length !== count) throw new Error(`${labels} does not have ${count} labels. ${help}`)
  const sampleShape = sizes.length === 2 ? [...sizes, 1] : sizes
  return { inputs: pixels.values, sampleShape, scale: 1 / 255, labels: classes.values, count }
}

/** Reads an array of bytes, also from a .gz file: a header with the big-endian sizes of its axes, then the values. */
function readIdx(file: string, help: string): { shape: number[]; values: Uint8Array } {
  const path = existsSync(file) ? file : `${file}.gz`
  if (!existsSync(path)) throw new Error(`${file} is missing. ${help}`)
  const bytes = path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)
  const rank = bytes[2] === 8 ? bytes[3]! : 0
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis))
  const values = bytes.subarray(4 + 4 * rank)
  if (rank > 0 && values.length === shape.reduce((size, length) => size * length, 1)) return { shape, values }
  throw new Error(`${file} is damaged or not an IDX file of bytes. ${help}`)
}

// ---- Training -------------------------------------------------------------------------------------------------------
export const training: Training = { epochs: 10, batchSize: 64, learningRate: 0.002, seed: 42 }

/** Trains until the last epoch, or until `signal` says to stop. The logs of each epoch go to metrics.jsonl in `folder`. */
export async function train(trainer: Trainer, data: Data, options: Training, folder: string, signal: AbortSignal) {
  const { epochs, batchSize, seed } = options
  const { count } = data.train
  const stepsPerEpoch = Math.ceil(count / batchSize)
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = shuffledIndices(count, seed, epoch)
    const logs: Logs = {}
    const started = performance.now()
    for (let start = 0; start < count; start += batchSize) {
      const indices = order.subarray(start, start + batchSize)
      const step = (epoch - 1) * stepsPerEpoch + start / batchSize
      const batch = readBatch(data.train, indices)
      trainStep(trainer, batch, logs, indices.length / count, { step, stepsPerEpoch, epochs })
      tf.dispose(batch)
      showProgress(`epoch ${epoch}/${epochs}  ${start}/${count}`)
      await new Promise(setImmediate) // for Ctrl-C to be heard
      if (signal.aborted) return
    }
    const seconds = (performance.now() - started) / 1000
    if (!Number.isFinite(logs['loss'])) throw new Error(`the loss became ${logs['loss']}: lower --learning-rate`)
    appendFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify({ epoch, ...logs, seconds })}\n`)
    showProgress(`epoch ${epoch}/${epochs}${formatLogs(logs)}  ${Math.round(count / seconds)} samples/s`, true)
  }
}

/** One step of gradient descent. The batch is a `share` of the samples that `logs` are about. */
export function trainStep(trainer: Trainer, batch: Batch, logs: Logs, share: number, position: RunPosition) {
  const { network, variables, optimizer, seed, schedule, learningRate } = trainer
  tf.tidy(() => {
    seedDraws(seed, position.step)
    const { grads } = tf.variableGrads(() => {
      const measures = measure(network, batch, true)
      addMeans(logs, measures, share)
      return measures.loss
    }, variables)
    const rate = schedule(learningRate, position)
    setLearningRate(optimizer, rate)
    optimizer.applyGradients(grads)
  })
}

type Trainer = ReturnType<typeof createTrainer>
type Training = { epochs: number; batchSize: number; learningRate: number; seed: number }
type Logs = Record<string, number>
type Batch = { inputs: tf.Tensor; labels: tf.Tensor }
type RateAfterWarmup = (learningRate: number, progress: ScheduleProgress) => number

/** What the steps of training share. */
export function createTrainer(model: tf.LayersModel, { learningRate, seed }: Training) {
  const network = tf.model({ inputs: model.inputs, outputs: model.layers.at(-1)!.input }) // logits, without softmax
  const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const optimizer: tf.Optimizer = tf.train.adam(learningRate)
  return { network, variables, optimizer, seed, schedule: cosineSchedule({ warmup: 0.5 }), learningRate }
}

/** The loss and the metrics of a batch. */
function measure(network: tf.LayersModel, { inputs, labels }: Batch, isTraining: boolean) {
  const logits = network.apply(inputs, { training: isTraining }) as tf.Tensor
  const loss: tf.Scalar = tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 10), logits)
  return { loss, accuracy: tf.mean(tf.equal(tf.argMax(logits, -1), labels)) }
}

/** The loss and the metrics over all samples. */
export function evaluate({ network }: Trainer, samples: Samples, batchSize = training.batchSize): Logs {
  const logs: Logs = {}
  for (let start = 0; start < samples.count; start += batchSize) {
    const indices = Int32Array.from({ length: Math.min(batchSize, samples.count - start) }, (_, row) => start + row)
    tf.tidy(() => addMeans(logs, measure(network, readBatch(samples, indices), false), indices.length / samples.count))
  }
  return logs
}

/** The order of the samples in an epoch: the indices 0 to count - 1, shuffled (Fisher-Yates). */
function shuffledIndices(count: number, seed: number, epoch: number): Int32Array {
  const indices = Int32Array.from({ length: count }, (_, index) => index)
  const random = createRandom(mixSeed(seed, epoch))
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    ;[indices[last], indices[chosen]] = [indices[chosen]!, indices[last]!]
  }
  return indices
}

/** Reads a batch by sample index: float32 inputs, and int32 classes or float32 values. Dispose the tensors after use. */
function readBatch(samples: Samples, indices: Int32Array, inputs = gatherInputs(samples, indices)): Batch {
  const labels = Array.from(indices, (index) => samples.labels[index]!)
  const type = samples.labels instanceof Float32Array ? 'float32' : 'int32'
  return { inputs: tf.tensor(inputs, [indices.length, ...samples.sampleShape]), labels: tf.tensor1d(labels, type) }
}

/** Gathers the inputs of these samples, multiplied by their scale. */
function gatherInputs({ inputs, scale, count }: Samples, indices: Int32Array): Float32Array {
  const size = inputs.length / count
  const values = new Float32Array(indices.length * size)
  for (const [row, index] of indices.entries())
    for (let i = 0; i < size; i++) values[row * size + i] = inputs[index * size + i]! * scale
  return values
}

/** Shows a line, which the next one replaces unless it is `done`. Without a terminal, prints `done` lines and one every 5 s. */
function showProgress(line: string, done = false): void {
  if (!process.stderr.isTTY && !done && performance.now() < nextLineAt) return
  nextLineAt = performance.now() + 5000
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}${done ? '\n' : ''}` : `${line}\n`)
}

let nextLineAt = 5000

function formatLogs(logs: Logs): string {
  return Object.entries(logs).reduce((line, [name, value]) => `${line}  ${name} ${value.toPrecision(4)}`, '')
}

/** The position in a run, in steps of the optimizer. */
type RunPosition = { readonly step: number; readonly stepsPerEpoch: number; readonly epochs: number }

/** Sets the step for which random layers draw from now on. */
function seedDraws(seed: number, step: number): void {
  drawSeed = mixSeed(seed, step)
}

/** Adds the means of a batch to the logs, weighted by its `share` of all samples. */
function addMeans(logs: Logs, measures: Record<string, tf.Tensor>, share: number): void {
  for (const [name, mean] of Object.entries(measures)) logs[name] = (logs[name] ?? 0) + mean.dataSync()[0]! * share
}

/** Sets the learning rate of the next steps, also for optimizers without `setLearningRate`. */
function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  if ('setLearningRate' in optimizer) (optimizer as tf.SGDOptimizer).setLearningRate(learningRate)
  else Object.assign(optimizer, { learningRate })
}

/** rate * ((1 - alpha) * (1 + cos(π * p)) / 2 + alpha), where p rises from 0 after the warmup to 1 (Keras's CosineDecay). */
function cosineSchedule({ epochs, alpha = 0, ...options }: CosineOptions = {}): Schedule {
  return warmedUp(options, (learningRate, { sinceWarmup, stepsAfterWarmup, stepsPerEpoch }) => {
    const steps = epochs === undefined ? stepsAfterWarmup : wholeIfClose(epochs * stepsPerEpoch)
    const progress = Math.min(sinceWarmup / steps, 1)
    return learningRate * ((1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * progress)) + alpha)
  })
}

/** The epochs in which the rate falls (by default, to the end of the run), and its final fraction (0 by default). */
type CosineOptions = WarmupOptions & { readonly epochs?: number; readonly alpha?: number }

/** The number of epochs in which the rate rises from 0 to that of the optimizer; 0 by default. */
type WarmupOptions = { readonly warmup?: number }

/** Computes the learning rate of a step from that of the optimizer. */
type Schedule = (learningRate: number, position: RunPosition) => number

/** A schedule after a linear warmup, rate * step / warmup steps (keras/src/optimizers/schedules, CosineDecay). */
function warmedUp({ warmup = 0 }: WarmupOptions, rateAfter: RateAfterWarmup): Schedule {
  return (learningRate, { step, stepsPerEpoch, epochs }) => {
    const warmupSteps = wholeIfClose(warmup * stepsPerEpoch)
    if (step < warmupSteps) return learningRate * (step / warmupSteps)
    const stepsAfterWarmup = epochs * stepsPerEpoch - warmupSteps
    return rateAfter(learningRate, { step, sinceWarmup: step - warmupSteps, stepsAfterWarmup, stepsPerEpoch })
  }
}

/** The progress of a run in its schedule, in steps; the warmup may end at a fraction of a step. */
type ScheduleProgress = { step: number; sinceWarmup: number; stepsAfterWarmup: number; stepsPerEpoch: number }

/** Undoes the rounding error of a product that should be an integer: 0.55 * 100 is 55.00000000000001. */
function wholeIfClose(value: number): number {
  const whole = Math.round(value)
  return Math.abs(value - whole) <= 4 * Number.EPSILON * Math.abs(value) ? whole : value
}

// ---- Program --------------------------------------------------------------------------------------------------------
async function main(): Promise<void> {
  const { help, data: path, out = 'runs/fashion-batchnorm', training: options } = readArguments(training)
  if (help) return console.log('Options: --epochs N --batch-size N --learning-rate X --seed N --data PATH --out PATH')
  await startEngine()
  const data = await loadData(path)
  const model = buildModel(options.seed)
  const trainer = createTrainer(model, options)
  let folder = out
  for (let next = 2; existsSync(folder); next++) folder = `${out}-${next}`
  mkdirSync(folder, { recursive: true })
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.exitCode = 3 // for what fails from here on
  await train(trainer, data, options, folder, stop.signal)
  await saveModel(model, folder)
  console.log(`saved in ${folder}`)
  if (data.test && !stop.signal.aborted) console.log(`test${formatLogs(evaluate(trainer, data.test))}`)
  process.exitCode = stop.signal.aborted ? 130 : 0
}

/** Reads the arguments of the command line, which override the defaults. */
function readArguments(defaults: Training) {
  const text = { type: 'string' } as const
  const numbers = { epochs: text, 'batch-size': text, 'learning-rate': text, seed: text }
  const { values } = parseArgs({ options: { ...numbers, data: text, out: text, help: { type: 'boolean' } } })
  const read = (name: keyof typeof numbers, otherwise: number, least: number, isWhole = true): number => {
    const value = values[name] === '' ? Number.NaN : Number(values[name] ?? otherwise)
    if (value >= least && (isWhole ? Number.isSafeInteger(value) : value < Infinity)) return value
    throw new Error(`--${name} must be a${isWhole ? ' whole' : ''} number, at least ${least}, not '${values[name]}'`)
  }
  const [epochs, batchSize] = [read('epochs', defaults.epochs, 1), read('batch-size', defaults.batchSize, 1)]
  const [learningRate, seed] = [read('learning-rate', defaults.learningRate, 0, false), read('seed', defaults.seed, 0)]
  return { ...values, training: { epochs, batchSize, learningRate, seed } }
}

/** Saves a model as model.json and weights.bin, which `tf.loadLayersModel` reads. */
async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  const save: tf.io.SaveHandler = async ({ modelTopology, weightSpecs, weightData }) => {
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
    writeFileSync(join(folder, 'weights.bin'), new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)))
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }))
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
  }
  await model.save(tf.io.withSaveHandler(save))
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) main().catch(reportFailure)

/** Prints an expected error in one line; rethrows anything else as a bug. */
function reportFailure(error: unknown): void {
  if (!(error instanceof Error) || (error.constructor !== Error && !('code' in error))) throw error
  process.stderr.write(`error: ${error.message.replaceAll('\n', ' ')}\n`)
  process.exitCode ??= 2
}
