/** The interface of callbacks, and of the run that they observe. */
import * as tf from '@tensorflow/tfjs'
import { type Batch } from '../data/batches.ts'
import { type OutputObjective } from './objective.ts'
import { type EpochLogs, type TrainingPlan } from './trainingListener.ts'
import { type WeightValues } from '../../script/weightValues.ts'

/** What takes part in training beside the loop: it looks on, remembers, and may end it. Every hook is optional. */
export interface Callback {
  /** Tells its state in checkpoints from that of others, and who ended a run. */
  readonly name: string

  /** What the learning rate is multiplied by; read before each step, and multiplied over all callbacks. */
  readonly rateFactor?: number

  /** Called before the first step, after `restore` where the run goes on from a checkpoint. */
  onTrainBegin?(run: CallbackRun): void | Promise<void>

  /** Called before each step, once the batch is chosen. */
  onStepBegin?(run: CallbackRun): void

  /** Called after each step. What it reads from the engine costs time. */
  onStepEnd?(run: CallbackRun): void | Promise<void>

  /** Called after each epoch's validation, where there is one. */
  onEpochEnd?(logs: EpochLogs, run: CallbackRun): void | Promise<void>

  /**
   * Called when the state of the run is whole: after each step and after each epoch, when every callback has had its
   * turn. What is saved now can be gone on from.
   */
  onRest?(run: CallbackRun): void | Promise<void>

  /** Called when training is over, and not where it failed. */
  onTrainEnd?(end: TrainingEnd, run: CallbackRun): void | Promise<void>

  /** What it remembers, for a checkpoint. */
  save?(): CallbackState

  /** Takes up what `save` gave. */
  restore?(state: CallbackState): void

  /** Frees what it holds on the engine; called at the very end, after a failure too. */
  dispose?(): void
}

/** What a callback sees of the run, and what it may do. */
export interface CallbackRun {
  readonly plan: TrainingPlan
  readonly model: tf.LayersModel
  /** Where the run keeps its files, if anywhere. */
  readonly folder: string | undefined
  /** The epochs that are done. */
  readonly history: readonly EpochLogs[]
  /** The epoch under way, from 1. */
  readonly epoch: number
  /** The steps of it that are done; 0 between two epochs. */
  readonly step: number
  /** Steps over all epochs. */
  readonly stepsDone: number
  /** Of the next step. */
  readonly learningRate: number
  /** Why a callback has ended the run. */
  readonly stopped: string | undefined

  /** That of each output of the model. */
  readonly objectives: readonly OutputObjective[]

  /** The mean loss over this epoch so far; it waits for the engine. */
  readLoss(): number
  /** The samples of the step that was taken last; whoever takes them disposes them. */
  readBatch(): Promise<Batch>
  /** What the random numbers of that step followed from; whoever takes it disposes it. */
  readStepSeed(): tf.Scalar
  /** Ends training after the epoch under way, or at once where that has ended. */
  stop(reason: string): void
  /** Writes a checkpoint of this name, where the run keeps files. Only in `onRest` and `onTrainEnd`. */
  saveCheckpoint(name: string): Promise<void>
  /** Tells the user. */
  note(text: string): void
}

/** How training came to its end: through all epochs, by a callback, or by the user. */
export type TrainingEnd = 'finished' | 'stopped' | 'interrupted'

/** Data that JSON holds as it is. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

export interface CallbackState {
  readonly values: JsonValue
  /** Weights of the network that it keeps. */
  readonly weights?: WeightValues
}
