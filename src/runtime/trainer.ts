import * as tf from '@tensorflow/tfjs'
import { type Samples } from './datasets/samples.ts'
import { type Experiment, type TrainingOptions } from './experiment.ts'
import { type OutputObjective } from './objective.ts'
import { type RunningLogs } from './runningLogs.ts'

/** What is trained: a network, the optimizer with its state, and the samples. */
export interface TrainedParts {
  readonly experiment: Experiment
  /** That of each output. */
  readonly objectives: readonly OutputObjective[]
  readonly training: TrainingOptions
  readonly train: Samples
  readonly model: tf.LayersModel
  readonly optimizer: tf.Optimizer
}

/** Trains step by step, in one thread or several. Whoever takes one stops it. */
export interface Trainer {
  readonly threads: number

  /**
   * Trains on the samples whose numbers stand in `order` from `start` up to, not including, `end`, and adds the outcome
   * to the logs.
   *
   * @param step Counts over all epochs.
   * @returns A promise only where the step takes long.
   * @throws TrainingError where a thread has failed.
   */
  step(order: Int32Array, start: number, end: number, step: number, running: RunningLogs): undefined | Promise<void>

  /** Ends its threads. */
  stop(): Promise<void>
}
