/** The interface of callbacks, and of the run that they observe. */
import * as tf from '@tensorflow/tfjs'
import { type Batch } from '../data/batches.ts'
import { type OutputObjective } from './objective.ts'
import { type EpochLogs, type TrainingPlan } from './trainingListener.ts'
import { type WeightValues } from '../../script/weightValues.ts'

/** A part that acts during training: it can observe the run, keep state, and end training. Every hook is optional. */
export interface Callback {
  /** Identifies its state in checkpoints, and is reported if it ends a run. */
  readonly name: string

  /** A factor of the learning rate, read before each step; the factors of all callbacks are multiplied. */
  readonly rateFactor?: number

  /** Called before the first step, and after `restore` if the run is resumed. */
  onTrainBegin?(run: CallbackRun): void | Promise<void>

  /** Called before each step, once the batch is chosen. */
  onStepBegin?(run: CallbackRun): void

  /** Called after each step. Reading from the engine costs time. */
  onStepEnd?(run: CallbackRun): void | Promise<void>

  /** Called after each epoch and its validation, if any. */
  onEpochEnd?(logs: EpochLogs, run: CallbackRun): void | Promise<void>

  /**
   * Called when the state of the run is consistent: after each step and each epoch, once every callback has run. A
   * checkpoint that is saved now can be resumed.
   */
  onRest?(run: CallbackRun): void | Promise<void>

  /** Called when training has ended, unless it failed. */
  onTrainEnd?(end: TrainingEnd, run: CallbackRun): void | Promise<void>

  /** Returns its state for a checkpoint. */
  save?(): CallbackState

  /** Restores the state that `save` returned. */
  restore?(state: CallbackState): void

  /** Frees its tensors; called at the very end, even after a failure. */
  dispose?(): void
}

/** The part of a run that callbacks can read and change. */
export interface CallbackRun {
  readonly plan: TrainingPlan
  readonly model: tf.LayersModel
  /** The run folder, if any. */
  readonly folder: string | undefined
  /** The completed epochs. */
  readonly history: readonly EpochLogs[]
  /** The current epoch, from 1. */
  readonly epoch: number
  /** The completed steps of the current epoch; 0 between two epochs. */
  readonly step: number
  /** Steps over all epochs. */
  readonly stepsDone: number
  /** The learning rate of the next step. */
  readonly learningRate: number
  /** Why a callback has ended the run. */
  readonly stopped: string | undefined

  /** The objective of each output of the model. */
  readonly objectives: readonly OutputObjective[]

  /** The mean loss over this epoch so far; reading it waits for the engine. */
  readLoss(): number
  /** Reads the samples of the last step; the caller disposes them. */
  readBatch(): Promise<Batch>
  /** Returns the seed of the last step's random numbers; the caller disposes it. */
  readStepSeed(): tf.Scalar
  /** Ends training after the current epoch, or at once if that has ended. */
  stop(reason: string): void
  /** Writes a checkpoint of this name, if the run has a folder. Call it only in `onRest` and `onTrainEnd`. */
  saveCheckpoint(name: string): Promise<void>
  /** Shows a message to the user. */
  note(text: string): void
}

/** How training ended: through all epochs, by a callback, or before the last epoch by the user or `stopAfter`. */
export type TrainingEnd = 'finished' | 'stopped' | 'interrupted'

/** Data that JSON can represent. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

export interface CallbackState {
  readonly values: JsonValue
  /** Weights of the network that it keeps. */
  readonly weights?: WeightValues
}
