/** The state of a run: its position, logs and callbacks. */
import * as tf from '@tensorflow/tfjs'
import { type Batch, BatchReader } from '../data/batches.ts'
import { type Callback, type CallbackRun, type TrainingEnd } from './callback.ts'
import { captureRun } from '../runs/checkpoint.ts'
import { fetchValues } from '../engines/fetchValues.ts'
import { writeCheckpoint } from '../runs/checkpointFolder.ts'
import { seedOfStep } from '../../script/draws.ts'
import { type OutputObjective } from './objective.ts'
import { type Logs, RunningLogs } from './runningLogs.ts'
import { type RunParts, type RunState } from './runState.ts'
import { type EpochLogs, type TrainingPlan } from './trainingListener.ts'

/** The progress of a run. It also calls the callbacks. */
export class TrainingRun implements CallbackRun, RunState {
  readonly parts: RunParts
  readonly history: EpochLogs[] = []
  epoch = 1
  step = 0
  seconds = 0
  lastRate = Number.NaN
  stopped: string | undefined
  readonly running: RunningLogs
  /** Whether the first step was started. */
  hasBegun = false
  /** The range of the current step in the sample order of the epoch. */
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

  /** Whether there is an epoch to begin or to continue. */
  get hasEpochLeft(): boolean {
    return this.epoch <= this.plan.epochs && this.stopped === undefined && !this.parts.signal.aborted
  }

  /** The learning rate of the next step: that of the schedule, multiplied by the factors of callbacks. */
  get learningRate(): number {
    const { experiment, learningRate, callbacks } = this.parts
    const position = { step: this.stepsDone, stepsPerEpoch: this.plan.steps, epochs: this.plan.epochs }
    const scheduled = experiment.schedule?.(learningRate, position) ?? learningRate
    return callbacks.reduce((product, { rateFactor = 1 }) => product * rateFactor, scheduled)
  }

  /** The learning rate of the last step, for the logs; empty if it cannot change. */
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
    if (this.folder === undefined) return
    await this.running.settle()
    await fetchValues([...this.model.weights.map((weight) => weight.read()), ...this.parts.updater.state])
    await writeCheckpoint(this.folder, name, captureRun(this))
  }

  async begin(): Promise<void> {
    for (const callback of this.parts.callbacks) await callback.onTrainBegin?.(this)
  }

  beginStep(order: Int32Array, start: number, end: number): void {
    this.#batch = { order, start, end }
    this.hasBegun = true
    for (const callback of this.#atStepBegin) callback.onStepBegin?.(this)
  }

  /** Counts the step. Returns a promise only if callbacks follow steps. */
  endStep(): undefined | Promise<void> {
    this.step++
    return this.#afterStep.length + this.#atRest.length > 0 ? this.#notifyOfStep() : undefined
  }

  async #notifyOfStep(): Promise<void> {
    // Only then is the loss of the step known.
    if (this.#afterStep.length > 0) await this.running.settle()
    for (const callback of this.#afterStep) await callback.onStepEnd?.(this)
    for (const callback of this.#atRest) await callback.onRest?.(this)
  }

  /** Records an epoch that is trained and validated, and moves to the next. */
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
    const isPaused = signal.aborted || this.hasEpochLeft
    const end: TrainingEnd = isPaused ? 'interrupted' : this.stopped === undefined ? 'finished' : 'stopped'
    if (this.stopped !== undefined) this.note(`Stopped by ${this.stopped}.`)
    for (const callback of callbacks) await callback.onTrainEnd?.(end, this)
    listener.onTrainEnd?.(this.history, signal.aborted)
  }

  dispose(): void {
    for (const callback of this.parts.callbacks) callback.dispose?.()
  }
}
