import * as tf from '@tensorflow/tfjs'
import { type Samples } from './datasets/samples.ts'
import { type Experiment, type TrainingOptions } from './experiment.ts'
import { type OutputObjective } from './objective.ts'
import { type WeightUpdater } from './optimizers/weightUpdater.ts'
import { type RunningLogs } from './runningLogs.ts'

/** What is trained: a network, what changes its weights, and the samples. */
export interface TrainedParts {
  readonly experiment: Experiment
  /** That of each output. */
  readonly objectives: readonly OutputObjective[]
  readonly training: TrainingOptions
  readonly train: Samples
  readonly model: tf.LayersModel
  readonly updater: WeightUpdater
}

/** Trains step by step, in one thread or several. Whoever takes one stops it. */
export interface Trainer {
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

/** One step. */
export interface StepPlan {
  /** The samples are those whose numbers stand in `order` from `start` up to, not including, `end`. */
  readonly order: Int32Array
  readonly start: number
  readonly end: number
  /** Counts over all epochs. */
  readonly step: number
  readonly learningRate: number
}
