/** Converts a run to the content of a checkpoint, and restores it from there. */
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
 * The state of a run in a checkpoint, besides its tensors. Random numbers need no state: they all follow from the seed,
 * the epoch and the step.
 */
export interface SavedRun {
  readonly description: ExperimentDescription
  /** The training options of the experiment, and those of the run. */
  readonly stated: TrainingOptions
  readonly training: TrainingOptions
  /** The engine and the number of threads, which change the last digits of results. */
  readonly engine: string
  readonly threads: number
  /** How steps run, which changes the last digits too. */
  readonly form?: string
  readonly epoch: number
  readonly step: number
  /** Seconds spent on the steps of the current epoch. */
  readonly seconds: number
  /** The learning rate of the last step. Numbers that may be NaN or infinite are text, since JSON has neither. */
  readonly lastRate: string
  /** The number of samples in the sums of the logs. */
  readonly samples: number
  readonly stopped?: string
  readonly history: readonly Readonly<Record<string, string>>[]
  /** The state of each callback that has one. */
  readonly callbacks: Readonly<Record<string, JsonValue>>
}

/** Captures a run between two steps. */
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
    ...(run.parts.plan.form && { form: run.parts.plan.form }),
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

/** @throws DamagedFileError if the file is not a checkpoint, or is of an unknown version. */
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
    'form?': 'string',
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

/** Restores a run from a checkpoint, except for the weights of its model; see `restoreWeights`. */
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

/**
 * Pairs callbacks with their keys: `callbacks/earlyStopping`, and `callbacks/earlyStopping-2` for the second of the
 * same name.
 */
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
  const ordered = kept.toSorted((a, b) => Number(a.name.slice(key.length + 1)) - Number(b.name.slice(key.length + 1)))
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

/** Narrows the type: the tensors here have only these types of arrays. */
function asSaved(values: tf.TypedArray | SavedTensor['values']): Float32Array | Int32Array | Uint8Array {
  return values as Float32Array | Int32Array | Uint8Array
}
