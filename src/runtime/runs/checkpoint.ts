/** What a checkpoint holds of a run, and how a run is restored from it. */
import * as tf from '@tensorflow/tfjs'
import { type Callback, type CallbackState, type JsonValue } from '../training/callback.ts'
import { type TrainingOptions } from '../training/experiment.ts'
import { type RunState } from '../training/runState.ts'
import { type EpochLogs } from '../training/trainingListener.ts'
import { assignValues, assignWeights, type WeightValues } from '../../script/weightValues.ts'
import { parseRecord } from '../../system/parseRecord.ts'
import { type ExperimentDescription } from './experimentDescription.ts'
import { DamagedFileError, type SavedTensor, type TensorFile } from './tensorFile.ts'

/**
 * What a run has come to, beside the numbers of its tensors. Random numbers need no state: all follow from the seed, the
 * epoch and the step.
 */
export interface SavedRun {
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
export function captureRun(run: RunState): TensorFile {
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
export function readSavedRun({ metadata }: TensorFile): SavedRun {
  if (metadata['format'] !== checkpointFormat) {
    throw new DamagedFileError(`it is not a ${checkpointFormat}, but ${metadata['format'] ?? 'something else'}`)
  }
  const state = parseRecord<SavedRun>(metadata['state'] ?? '', {
    description: 'object',
    stated: 'object',
    training: { epochs: 'number' },
    engine: 'string',
    threads: 'number',
    epoch: 'number',
    step: 'number',
    seconds: 'number',
    lastRate: 'string',
    samples: 'number',
    'stopped?': 'string',
    history: [{ '*': 'string' }],
    callbacks: 'object',
  })
  if (state === undefined) throw new DamagedFileError('its state is incomplete')
  return state
}

/** Gives a model the weights of a checkpoint. */
export function restoreWeights(model: tf.LayersModel, file: TensorFile): void {
  assignWeights(
    model,
    model.weights.map(({ originalName }) => valuesOf(file, `weights/${originalName}`)),
  )
}

/** Brings a run to where the checkpoint was taken; its model has the weights already. */
export function restoreRun(run: RunState, file: TensorFile): void {
  const saved = readSavedRun(file)
  run.epoch = saved.epoch
  run.step = saved.step
  run.seconds = saved.seconds
  run.lastRate = Number(saved.lastRate)
  run.stopped = saved.stopped
  run.history.push(...saved.history.map(readLogs))
  run.running.restore({ sums: [...valuesOf(file, 'logs/sums')], samples: saved.samples })
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
  if (found === undefined) throw new DamagedFileError(`${name} is missing`)
  return found.values as Float32Array
}

/** The engine's own types of arrays are all that tensors consist of here. */
function asSaved(values: tf.TypedArray | SavedTensor['values']): Float32Array | Int32Array | Uint8Array {
  return values as Float32Array | Int32Array | Uint8Array
}
