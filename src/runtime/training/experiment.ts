/** The type of an experiment: a model, its data and how it is trained. */
import * as tf from '@tensorflow/tfjs'
import { type SampleChange } from '../../script/augmentation.ts'
import { type Callback } from './callback.ts'
import { type DatasetSplits } from '../data/samples.ts'
import { type Precision } from '../kernels/precision.ts'
import { type Objective } from './objective.ts'
import { type UpdateRule } from '../../script/updateRule.ts'
import { type Schedule } from '../../script/schedule.ts'
import { type Replicas } from '../threads/team.ts'

/**
 * A model, its data and the way to train it: everything that the training loop needs. The interpreter builds one from a
 * spec in memory, and package scripts declare one in their text.
 */
export interface Experiment extends Objective {
  /** Names the run folder. */
  readonly name: string

  /**
   * Builds the untrained network. Every layer has an explicit name, because tfjs numbers nameless ones by a counter of
   * the whole process; every initializer has a seed derived from `seed` and never 0, because the normal distributions
   * of tfjs read 0 as no seed.
   */
  buildModel(seed: number): tf.LayersModel

  /**
   * Reads the dataset into memory.
   *
   * @param folder The folder of its files; by default the usual places of the dataset.
   * @throws KnownError if a file is missing or damaged.
   */
  loadData(folder?: string): Promise<DatasetSplits>

  /** The operations of the forward pass for one sample, if they are known; a multiply-add counts as two. */
  readonly flops?: number

  /** The augmentation of training batches. */
  readonly augment?: SampleChange

  /** @param learningRate Overrides the optimizer's own. */
  createOptimizer(learningRate?: number): UpdateRule
  readonly training: TrainingOptions

  /** The learning rate schedule; without one the rate is constant. */
  readonly schedule?: Schedule

  /** Factors of the learning rate by the name of the layer; 1 for all others. */
  readonly learningRates?: Readonly<Record<string, number>>

  /** The trained weights to start from; by default, training starts from those of `buildModel`. */
  readonly weights?: InitialWeights

  /** Creates the callbacks; called once per run. */
  createCallbacks?(): readonly Callback[]
}

/** Trained weights in a file. */
export interface InitialWeights {
  /** A run folder, a file in the format safetensors, or `model.json` of TensorFlow.js. */
  readonly from: string
  /** The names of the layers that take their weights from it. */
  readonly layers: readonly string[]
}

/** An experiment that several threads can train. */
export interface ReplicatedExperiment extends Experiment {
  /** Gives other threads the same experiment; if absent, one thread trains. */
  readonly replicas?: Replicas
}

/** The length of training, the size of batches, and the order of samples. */
export interface TrainingOptions {
  /** Passes over the training samples. */
  readonly epochs: number
  /** Samples per batch; the last batch of an epoch may be smaller. */
  readonly batchSize: number
  /** Determines the initial weights, the order of the samples and dropout. */
  readonly seed: number
  /** Overrides the optimizer's own learning rate. */
  readonly learningRate?: number
  /** Whether each epoch visits the samples in a new random order. */
  readonly shuffle: boolean
  /** The share of the training samples, taken from their end, that is held out for validation; 0 for none. */
  readonly validationSplit: number
  /**
   * The number of threads that share each step on the wasm engine; 1 by default. `auto` chooses by cores and batch
   * size. Weights are the same in each run with the same number of threads; another number changes their last digits.
   * Batch normalization uses the samples of each thread by itself, and keeps the moving averages of the first thread.
   */
  readonly threads?: number | 'auto'
  /** How sums of products are rounded on the wasm engine; `strict` by default. */
  readonly precision?: Precision | undefined
}
