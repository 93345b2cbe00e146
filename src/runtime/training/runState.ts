import { type Callback } from './callback.ts'
import { type ExperimentDescription } from '../runs/experimentDescription.ts'
import { type Samples } from '../data/samples.ts'
import { type RunningLogs } from './runningLogs.ts'
import { type TrainedParts } from './trainer.ts'
import { type EpochLogs, type TrainingListener, type TrainingPlan } from './trainingListener.ts'

/** The parts of a run, which stay the same from the first step to the last. */
export interface RunParts extends TrainedParts {
  /** The optimizer's own learning rate. */
  readonly learningRate: number
  readonly validation: Samples | undefined
  /** The values that a checkpoint must share with the run that resumes from it. */
  readonly description: ExperimentDescription
  readonly plan: TrainingPlan
  readonly callbacks: readonly Callback[]
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly listener: TrainingListener
}

/** The progress of a run: what a checkpoint holds besides weights. */
export interface RunState {
  readonly parts: RunParts
  readonly history: EpochLogs[]
  /** The loss and metrics of the current epoch. */
  readonly running: RunningLogs
  /** The current epoch, from 1. */
  epoch: number
  /** The completed steps of the current epoch; all of them if only its validation is left. */
  step: number
  /** Seconds spent on the steps of the current epoch. */
  seconds: number
  /** The learning rate of the last step. */
  lastRate: number
  /** Why a callback ended the run. */
  stopped: string | undefined
}
