/** The interface through which training reports its progress. */
import { type Logs } from './runningLogs.ts'

/** How a step runs on the node engine. */
export type StepForm = 'one TensorFlow graph' | 'single operations'

/** The size of a run: parameters, samples, epochs and steps. */
export interface TrainingPlan {
  readonly name: string
  /** The number of parameters, including frozen ones. */
  readonly parameters: number
  readonly samples: number
  readonly validationSamples: number
  readonly epochs: number
  /** Steps in each epoch. */
  readonly steps: number
  readonly batchSize: number
  /** The number of threads that share each step. */
  readonly threads: number
  /** How steps run, on engines that have several ways. */
  readonly form?: StepForm
}

/** The outcome of one epoch: a line of the history and of `metrics.jsonl`. */
export interface EpochLogs extends Logs {
  /** Counts from 1. */
  readonly epoch: number
  readonly loss: number
  /** Seconds of training, without validation. */
  readonly seconds: number
  readonly imagesPerSecond: number
}

/** Receives the progress of training. Every member is optional. */
export interface TrainingListener {
  onTrainBegin?(plan: TrainingPlan): void | Promise<void>
  /** Epochs count from 1. */
  onEpochBegin?(epoch: number, epochs: number): void
  /**
   * Called at most five times a second, since reading the logs waits for the engine, and after the last step of an
   * epoch.
   *
   * @param step The completed steps of this epoch, out of `steps`.
   * @param logs The loss and metrics over this epoch so far.
   * @param secondsLeft The time until the end of this epoch, at the speed so far.
   * @returns A promise to hold training at this step until it is resolved; the time does not count.
   */
  onProgress?(
    step: number,
    steps: number,
    logs: Logs,
    imagesPerSecond: number,
    secondsLeft: number,
  ): void | Promise<void>
  /** Called after the epoch's validation, if any. */
  onEpochEnd?(epoch: number, logs: EpochLogs): void | Promise<void>
  /** Called with a sentence for the user. */
  onNote?(text: string): void
  onTrainEnd?(history: readonly EpochLogs[], interrupted: boolean): void
}
