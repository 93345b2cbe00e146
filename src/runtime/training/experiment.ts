/** The type of an experiment: a model, its data and how it is trained. */
import * as tf from '@tensorflow/tfjs'
import { type SampleChange } from '../../script/augmentation.ts'
import { type Callback } from './callback.ts'
import { type DatasetSplits } from '../data/samples.ts'
import { type Objective } from './objective.ts'
import { type UpdateRule } from '../../script/updateRule.ts'
import { type Schedule } from '../../script/schedule.ts'
import { type Replicas } from '../threads/team.ts'

/**
 * A model, its data and the way to train it: all that the training loop needs to know. The interpreter builds one from
 * a spec in memory, and every compiled script states one in its text.
 */
export interface Experiment extends Objective {
  /** Names the run folder. */
  readonly name: string

  /**
   * Builds the untrained network. Every layer has an explicit name, because tfjs numbers nameless ones by a counter of
   * the whole process; every initializer has a seed derived from `seed` and never 0, because tfjs takes 0 for "none" in
   * its normal distributions.
   */
  buildModel(seed: number): tf.LayersModel

  /**
   * Reads the dataset into memory.
   *
   * @param folder Where its files are; by default where the dataset is usually found.
   * @throws KnownError where a file is missing or damaged.
   */
  loadData(folder?: string): Promise<DatasetSplits>

  /** What changes the samples of training batches. */
  readonly augment?: SampleChange

  /** @param learningRate In place of its own. */
  createOptimizer(learningRate?: number): UpdateRule
  readonly training: TrainingOptions

  /** How the learning rate changes; without it, it does not. */
  readonly schedule?: Schedule

  /** What takes part in training besides, made anew for each run. */
  createCallbacks?(): readonly Callback[]
}

/** An experiment that several threads can train. */
export interface ReplicatedExperiment extends Experiment {
  /** How other threads get the same experiment. Without it, one thread trains. */
  readonly replicas?: Replicas
}

/** How long and in which order to train. */
export interface TrainingOptions {
  /** Passes over the training samples. */
  readonly epochs: number
  /** Samples a step; the last step of an epoch takes what is left. */
  readonly batchSize: number
  /** Decides initial weights, order of samples and dropout. */
  readonly seed: number
  /** The optimizer's, in place of its own. */
  readonly learningRate?: number
  /** Whether each epoch visits the samples in a new random order. */
  readonly shuffle: boolean
  /** Share of the training samples, taken from their end, that is held out to validate each epoch; 0 for none. */
  readonly validationSplit: number
  /**
   * How many threads share the work of each step on the wasm engine; 1 by default; `auto` decides by cores and batch
   * size. Weights are the same in each run with as many threads, and differ by rounding from those of another number;
   * batch normalization sees the samples of its thread, and keeps the moving averages of the first.
   */
  readonly threads?: number | 'auto'
}
