/** Predicts files with the network of a saved run. */
import * as tf from '@tensorflow/tfjs'
import type { Program } from '../../program/program.ts'
import { BatchReader } from '../../runtime/data/batches.ts'
import { channelNormalization } from '../../runtime/data/normalize.ts'
import { fetchValues } from '../../runtime/engines/fetchValues.ts'
import type { EngineChoice } from '../../system/engineNames.ts'
import type { EngineInfo } from '../../runtime/engines/engineInfo.ts'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import type { ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { sequentialIndices } from '../../script/random.ts'
import { givesLogits } from '../inspect/givesLogits.ts'
import { confidencesOf, namesClasses } from '../inspect/inspectClasses.ts'
import { buildModel } from '../../backends/interpret/interpret.ts'
import { loadRunWeights } from './runWeights.ts'
import type { PredictedOutput, Prediction, ReadSample, UnreadInput } from './prediction.ts'
import { createInputReader, type InputForm } from './readInputs.ts'

export type { ModelMetadata } from '../../runtime/runs/modelMetadata.ts'

/** The network of a run, which is built again to load the saved weights. */
export interface PredictedNetwork {
  buildModel(): tf.LayersModel
  /** Whether an output gives logits, which a softmax or sigmoid turns into probabilities. */
  givesLogits(output: string): boolean
}

export function networkOf(program: Program): PredictedNetwork {
  return { buildModel: () => buildModel(program, 0), givesLogits: (output) => givesLogits(program, output) }
}

export interface PredictionRequest extends Pick<InputForm, 'fit' | 'invert' | 'table'> {
  readonly engine: EngineChoice
  /** The paths of images, tables, and .npy files of samples. */
  readonly inputs: readonly string[]
  /** The metadata of the saved model: classes and preprocessing. */
  readonly metadata: ModelMetadata
  /** The name of the checkpoint to use instead of the final weights. */
  readonly checkpoint?: string
  /** The number of classes in the result. */
  readonly top: number
  onEngine(engine: EngineInfo): void
}

/** The number of samples that are predicted at once. */
const batchSize = 32

/**
 * Yields the predictions in the order of the inputs, as they are ready.
 *
 * @throws KnownError if the engine does not start or a file of the run is damaged.
 */
export async function* predictRun(
  network: PredictedNetwork,
  folder: string,
  request: PredictionRequest,
): AsyncGenerator<Prediction | UnreadInput> {
  const { inputs, metadata, fit, invert, table } = request
  const read = createInputReader({ shape: metadata.preprocessing.shape, fit, invert, ...(table && { table }) })
  request.onEngine(await startEngine(request.engine))
  const model = network.buildModel()
  try {
    await loadRunWeights(model, folder, request.checkpoint)
    for (let start = 0; start < inputs.length; start += batchSize) {
      const found = (await Promise.all(inputs.slice(start, start + batchSize).map(read))).flat().map(refuseNotFinite)
      for (let first = 0; first < found.length; first += batchSize) {
        yield* answerAll(found.slice(first, first + batchSize), (samples) =>
          predictSamples(model, network, samples, request),
        )
      }
    }
  } finally {
    model.dispose()
  }
}

/** A sample with NaN or an infinite number counts as unread, because every output would be NaN. */
function refuseNotFinite(found: ReadSample | UnreadInput): ReadSample | UnreadInput {
  if ('problem' in found) return found
  const { numbers, ...place } = found
  const index = numbers.findIndex((value) => !Number.isFinite(value))
  if (index < 0) return found
  return { ...place, problem: `value ${index} is ${numbers[index]}, which is not a finite number` }
}

/** Predicts the samples that could be read, and yields unread inputs at their positions. */
async function* answerAll(
  found: readonly (ReadSample | UnreadInput)[],
  predict: (samples: readonly ReadSample[]) => Promise<Prediction[]>,
): AsyncGenerator<Prediction | UnreadInput> {
  const samples = found.filter((one): one is ReadSample => 'numbers' in one)
  const answers = (samples.length === 0 ? [] : await predict(samples)).values()
  for (const one of found) yield 'problem' in one ? one : answers.next().value!
}

export async function predictSamples(
  model: tf.LayersModel,
  network: PredictedNetwork,
  samples: readonly ReadSample[],
  { metadata, top }: Pick<PredictionRequest, 'metadata' | 'top'>,
): Promise<Prediction[]> {
  const { classNames } = metadata
  const answers = await applyNetwork(model, samples, metadata)
  const outputs = model.outputNames.map((output, index) => {
    const { values: rows } = answers[index]!
    const units = rows.length / samples.length
    const fromLogits = network.givesLogits(output)
    return namesClasses(units, classNames.length)
      ? classesOf(output, confidencesOf({ units, rows, classNames, fromLogits }), classNames, top)
      : valuesOf(output, units, rows)
  })
  return samples.map(({ input, row }, sample) => ({
    input,
    ...(row !== undefined && { row }),
    outputs: outputs.map((predictionFor) => predictionFor(sample)),
  }))
}

/** An output of a network for all samples. */
export interface NetworkOutput {
  /** The sizes for one sample. */
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Returns what each output of a network is for samples, which are scaled and normalized as in training. */
export async function applyNetwork(
  model: tf.LayersModel,
  samples: readonly ReadSample[],
  metadata: ModelMetadata,
): Promise<NetworkOutput[]> {
  const answers = tf.tidy(() => {
    const batch = inputsOf(samples, metadata)
    const given = model.inputs.length === 1 ? batch : model.inputs.map(() => batch)
    return [model.apply(given, { training: false }) as tf.Tensor | tf.Tensor[]].flat()
  })
  await fetchValues(answers)
  const read = answers.map((tensor) => ({ shape: tensor.shape.slice(1), values: tensor.dataSync() as Float32Array }))
  tf.dispose(answers)
  return read
}

function inputsOf(
  samples: readonly ReadSample[],
  { classNames, preprocessing: { shape, scale, mean, std } }: ModelMetadata,
): tf.Tensor {
  const count = samples.length
  const size = shape.reduce((product, length) => product * length, 1)
  const inputs = new Float32Array(count * size)
  for (const [index, { numbers }] of samples.entries()) inputs.set(numbers, index * size)
  const labels = new Uint8Array(count)
  const normalization = mean && std && channelNormalization({ mean, std })
  const reader = new BatchReader({
    inputs,
    sampleShape: shape,
    scale,
    ...(normalization && { normalization }),
    labels,
    count,
    classes: classNames.length,
  })
  return reader.read(sequentialIndices(count), 0, count).inputs
}

function classesOf(
  output: string,
  { confidences, isProbability }: ReturnType<typeof confidencesOf>,
  classNames: readonly string[],
  top: number,
): (sample: number) => PredictedOutput {
  return (sample) => {
    const own = confidences.subarray(sample * classNames.length, (sample + 1) * classNames.length)
    const ranked = Array.from(own, (confidence, index) => ({ class: index, name: classNames[index]!, confidence }))
    return { output, top: ranked.toSorted((a, b) => b.confidence - a.confidence).slice(0, top), isProbability }
  }
}

function valuesOf(output: string, units: number, rows: Float32Array): (sample: number) => PredictedOutput {
  return (sample) => ({ output, values: [...rows.subarray(sample * units, (sample + 1) * units)] })
}
