/** The interfaces between training and the threads that compute shares of its batches. */
import { type Precision } from '../kernels/precision.ts'
import { type WeightValues } from '../../script/weightValues.ts'
import { type ReplicaMemory, type ReplicaSizes } from './replicaMemory.ts'

/** The parameters that all replicas of a run share. */
export interface TeamPlan {
  /** The number of threads, including the main thread. */
  readonly threads: number
  readonly seed: number
  readonly precision: Precision | undefined
  readonly sampleShape: readonly number[]
  /** The fitted values of each output's loss. */
  readonly numbers: readonly (readonly number[] | undefined)[]
  readonly sizes: ReplicaSizes
  /** The values of the weights that are not trained, if they are not those of the untrained network. */
  readonly fixedWeights?: WeightValues | undefined
}

/** The threads besides the main thread, each with a replica of the network. The caller that starts a team stops it. */
export interface Team {
  /** The memories of the replicas, from thread 1 on. */
  readonly memories: readonly ReplicaMemory[]

  /** Lets all replicas compute the step that is in their memories. */
  ask(): void

  /**
   * Waits until all replicas have answered; returns a promise only if that takes long.
   *
   * @throws KnownError if a thread has failed.
   */
  answers(): undefined | Promise<void>

  /** Terminates the threads, even in the middle of a step. */
  stop(): Promise<void>
}

/** Starts replicas of an experiment's network. */
export interface Replicas {
  /** Starts the threads of a team early, for example while the data load. */
  prepareTeam(threads: number): void

  /** @throws KnownError if a thread does not start. */
  startTeam(plan: TeamPlan): Promise<Team>

  /** Terminates the threads that are not in a team. */
  release(): Promise<void>
}
