import { type Callback } from './callback.ts'
import { type ExperimentDescription } from '../runs/experimentDescription.ts'
import { type Samples } from '../data/samples.ts'
import { type RunningLogs } from './runningLogs.ts'
import { type TrainedParts } from './trainer.ts'
import { type EpochLogs, type TrainingListener, type TrainingPlan } from './trainingListener.ts'

/** What a run is made of; all of it stays the same from the first step to the last. */
export interface RunParts extends TrainedParts {
  /** The optimizer's own. */
  readonly learningRate: number
  readonly validation: Samples | undefined
  /** What a checkpoint of it must have in common with a run that goes on from there. */
  readonly description: ExperimentDescription
  readonly plan: TrainingPlan
  readonly callbacks: readonly Callback[]
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly listener: TrainingListener
}

/** How far a run has come: what a checkpoint holds beside weights. */
export interface RunState {
  readonly parts: RunParts
  readonly history: EpochLogs[]
  /** The loss and metrics of the epoch under way. */
  readonly running: RunningLogs
  /** The epoch under way, from 1. */
  epoch: number
  /** The steps of it that are done; as many as it has where only its validation is left. */
  step: number
  /** Spent on the steps of the epoch under way. */
  seconds: number
  /** The learning rate of the step that was taken last. */
  lastRate: number
  /** Why a callback ended the run. */
  stopped: string | undefined
}
