/** The interface of trainers, which take the steps of a run, and the plan of a step. */
import * as tf from '@tensorflow/tfjs'
import { type Samples } from '../data/samples.ts'
import { type ReplicatedExperiment, type TrainingOptions } from './experiment.ts'
import { type OutputObjective } from './objective.ts'
import { type WeightUpdater } from './weightUpdater.ts'
import { type RunningLogs } from './runningLogs.ts'

/** What is trained: a network, what changes its weights, and the samples. */
export interface TrainedParts {
  readonly experiment: ReplicatedExperiment
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
   * @throws KnownError where a thread has failed.
   */
  step(plan: StepPlan, running: RunningLogs): undefined | Promise<void>

  /** Ends its threads. */
  stop(): Promise<void>
}

/** A step, or a batch of it. */
export interface StepPlan {
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
export function samplesPerStep({ training, updater }: TrainedParts): number {
  return training.batchSize * updater.batches
}

/** A step by its batches. */
export function batchesOf(plan: StepPlan): StepPlan[] {
  const { start, end, batchSize, step } = plan
  return Array.from({ length: Math.ceil((end - start) / batchSize) }, (_, index) => {
    const from = start + index * batchSize
    return { ...plan, start: from, end: Math.min(from + batchSize, end), step: step + index }
  })
}
