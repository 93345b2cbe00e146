/** The interface of trainers, which take the steps of a run, and the plan of a step. */
import * as tf from '@tensorflow/tfjs'
import { type Samples } from '../data/samples.ts'
import { type ReplicatedExperiment, type TrainingOptions } from './experiment.ts'
import { type OutputObjective } from './objective.ts'
import { type WeightUpdater } from './weightUpdater.ts'
import { type RunningLogs } from './runningLogs.ts'
import { type StepForm } from './trainingListener.ts'

/** A network with the updater of its weights and its training samples. */
export interface TrainedParts {
  readonly experiment: ReplicatedExperiment
  /** The objective of each output. */
  readonly objectives: readonly OutputObjective[]
  readonly training: TrainingOptions
  readonly train: Samples
  readonly model: tf.LayersModel
  readonly updater: WeightUpdater
}

/** Trains step by step, in one thread or several. Whoever creates a trainer stops it. */
export interface Trainer {
  readonly threads: number
  /** How steps run, on engines that have several ways, which round differently. */
  readonly form?: StepForm

  /**
   * Trains on the samples of a step, and adds the outcome to the logs.
   *
   * @returns A promise only if the step has to wait.
   * @throws KnownError if a thread has failed.
   */
  step(plan: StepPlan, running: RunningLogs): undefined | Promise<void>

  /** Ends its threads. */
  stop(): Promise<void>
}

/** A step, or a batch of it. */
export interface StepPlan {
  /** The samples are those with the indices `order[start]` up to, not including, `order[end]`. */
  readonly order: Int32Array
  readonly start: number
  readonly end: number
  /** The samples computed at once; the last batch of an epoch may be smaller. */
  readonly batchSize: number
  /** The number of batches before it, over all epochs. */
  readonly step: number
  readonly learningRate: number
}

/** The number of samples per step; the last step of an epoch may have fewer. */
export function samplesPerStep({ training, updater }: TrainedParts): number {
  return training.batchSize * updater.batches
}

/** Splits a step into its batches. */
export function batchesOf(plan: StepPlan): StepPlan[] {
  const { start, end, batchSize, step } = plan
  return Array.from({ length: Math.ceil((end - start) / batchSize) }, (_, index) => {
    const from = start + index * batchSize
    return { ...plan, start: from, end: Math.min(from + batchSize, end), step: step + index }
  })
}
