/** Runs `train` and records the batches, and the loss, weights and slots after each step, to compare a script with them. */
import * as tf from '@tensorflow/tfjs'
import { BatchReader, type BatchValues } from '../../src/runtime/data/batches.ts'
import type { DatasetSplits } from '../../src/runtime/data/samples.ts'
import type { Callback, CallbackRun } from '../../src/runtime/training/callback.ts'
import type { Experiment } from '../../src/runtime/training/experiment.ts'
import type { RunState } from '../../src/runtime/training/runState.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import type { UpdateRule } from '../../src/script/updateRule.ts'
import { assignValues } from '../../src/script/weightValues.ts'

export interface Trace {
  /** The completed steps. */
  readonly steps: readonly TracedStep[]
  /** The states before the first step and after each step. */
  readonly states: readonly TracedState[]
  /** The names of the weights. */
  readonly names: readonly string[]
  /** The error that ended training before the last step. */
  readonly failure?: string
}

export interface TracedStep {
  readonly batches: readonly TracedBatch[]
  /** The mean loss over the samples of the step, before the weights changed. */
  readonly loss: number
  /** The norms of the gradients before they are clipped, in the order of the trainable weights. */
  readonly norms: readonly number[]
}

export interface TracedBatch {
  readonly count: number
  readonly inputs: tf.TypedArray
  readonly labels: tf.TypedArray
}

export interface TracedState {
  /** The weights in the order of the model, the trainable ones first. */
  readonly weights: readonly tf.TypedArray[]
  /** The slots of each trainable weight, then the numbers that all weights share. */
  readonly slots: readonly tf.TypedArray[]
}

export interface TraceOptions {
  readonly data: DatasetSplits
  readonly epochs: number
  readonly steps: number
  /** The state to start each step from, instead of the state after the previous step. */
  readonly startOf?: (step: number) => TracedState
  /** Moves each gradient by this share of its norm, spread over its values: away from 0, or towards it if negative. */
  readonly gradientShift?: number
}

/** Trains in one thread, as `train` does, including recording and replay. */
export async function traceTraining(experiment: Experiment, options: TraceOptions): Promise<Trace> {
  const recorder = new Recorder(options)
  const traced = {
    ...experiment,
    createOptimizer: (rate?: number) => recorder.watchGradients(experiment.createOptimizer(rate)),
    createCallbacks: () => [...(experiment.createCallbacks?.() ?? []), recorder.callback],
  }
  const restore = watchBatches((batch) => recorder.addBatch(batch))
  try {
    const { data, epochs } = options
    const training = { epochs, threads: 1 }
    const { model } = await trainExperiment(traced, { data, training, signal: recorder.stop.signal })
    model.dispose()
    return recorder.trace()
  } catch (error) {
    return recorder.trace(error instanceof Error ? error.message : String(error))
  } finally {
    restore()
    recorder.dispose()
  }
}

class Recorder {
  readonly stop = new AbortController()
  readonly callback: Callback
  readonly #options: TraceOptions
  readonly #steps: TracedStep[] = []
  readonly #states: TracedState[] = []
  #names: readonly string[] = []
  #norms: tf.Variable[] = []
  /** The batches of the current step. */
  #batches: TracedBatch[] | undefined
  /** The sum over the samples of the epoch so far. */
  #loss = { sum: 0, samples: 0 }

  constructor(options: TraceOptions) {
    this.#options = options
    this.callback = {
      name: 'trace',
      onTrainBegin: (run) => this.#begin(run),
      onStepBegin: (run) => this.#beginStep(run),
      onStepEnd: (run) => this.#endStep(run),
    }
  }

  /** Wraps an update rule to store the norms of gradients in variables, which replayed steps assign as well, and to shift gradients. */
  watchGradients(rule: UpdateRule): UpdateRule {
    const { gradientShift } = this.#options
    return {
      ...rule,
      treatGradients: (gradients) => {
        if (this.#norms.length === 0) this.#norms = gradients.map(() => tf.variable(tf.scalar(0), false))
        for (const [index, gradient] of gradients.entries())
          if (gradient) this.#norms[index]!.assign(tf.sqrt(tf.sum(tf.square(gradient))))
        const given =
          gradientShift === undefined
            ? gradients
            : gradients.map((gradient) => gradient && shiftGradient(gradient, gradientShift))
        return rule.treatGradients?.(given) ?? given
      },
    }
  }

  addBatch({ inputs, labels, count }: BatchValues): void {
    this.#batches?.push({ count, inputs: inputs.values.slice(), labels: labels.values.slice() })
  }

  trace(failure?: string): Trace {
    return { steps: this.#steps, states: this.#states, names: this.#names, ...(failure !== undefined && { failure }) }
  }

  dispose(): void {
    tf.dispose(this.#norms)
  }

  #begin(run: CallbackRun): void {
    this.#names = run.model.weights.map(({ originalName }) => originalName)
    this.#addState(run)
  }

  #beginStep(run: CallbackRun): void {
    this.#batches = []
    const start = this.#options.startOf?.(this.#steps.length)
    for (const [index, weight] of start ? run.model.weights.entries() : [])
      assignValues(weight.read() as tf.Variable, start!.weights[index]!)
    for (const [index, values] of (start?.slots ?? []).entries())
      if (values.length > 0) assignValues(slotsOf(run)[index]!, values)
    if (run.step === 0) this.#loss = { sum: 0, samples: 0 }
  }

  #endStep(run: CallbackRun): void {
    const batches = this.#batches ?? []
    const samples = this.#loss.samples + batches.reduce((sum, { count }) => sum + count, 0)
    const sum = run.readLoss() * samples
    const loss = (sum - this.#loss.sum) / (samples - this.#loss.samples)
    const norms = this.#norms.map((norm) => norm.dataSync()[0]!)
    this.#steps.push({ batches, loss, norms })
    this.#loss = { sum, samples }
    this.#batches = undefined
    this.#addState(run)
    if (this.#steps.length === this.#options.steps) this.stop.abort()
  }

  #addState(run: CallbackRun): void {
    const copy = (tensor: tf.Tensor) => tensor.dataSync().slice()
    this.#states.push({ weights: run.model.getWeights().map(copy), slots: slotsOf(run).map(copy) })
  }
}

/** Leaves zeros as they are: rounding does not change the gradient of what a batch does not use. */
function shiftGradient(gradient: tf.Tensor, share: number): tf.Tensor {
  const rootMeanSquare = tf.sqrt(tf.mean(tf.square(gradient)))
  // Instead of `tf.sign`, which is 0 for values below 1.2e-7 on the WASM backend.
  const sign = tf.sub(tf.step(gradient), tf.step(tf.neg(gradient)))
  return tf.add(gradient, tf.mul(sign, tf.mul(rootMeanSquare, share)))
}

function slotsOf(run: CallbackRun): readonly tf.Variable[] {
  return (run as unknown as RunState).parts.updater.state
}

/** @returns A function that stops watching. */
function watchBatches(see: (batch: BatchValues) => void): () => void {
  const { readValues } = BatchReader.prototype
  BatchReader.prototype.readValues = function (...given) {
    const batch = readValues.apply(this, given)
    see(batch)
    return batch
  }
  return () => {
    BatchReader.prototype.readValues = readValues
  }
}
