import { type ReplicaMemory, type ReplicaSizes } from './replicaMemory.ts'

/** What the replicas of a run have in common. */
export interface TeamPlan {
  /** Of all threads, the main thread included. */
  readonly threads: number
  readonly seed: number
  readonly sampleShape: readonly number[]
  /** What the loss of each output was fitted to. */
  readonly numbers: readonly (readonly number[] | undefined)[]
  readonly sizes: ReplicaSizes
}

/** Threads beside the main one, each with a replica of the network. Whoever starts a team stops it. */
export interface Team {
  /** That of thread 1 first. */
  readonly memories: readonly ReplicaMemory[]

  /** Sets all replicas to work on what stands in their memories. */
  ask(): void

  /**
   * Waits until all have answered; a promise only where that takes long.
   *
   * @throws KnownError where a thread has failed.
   */
  answers(): undefined | Promise<void>

  /** Ends the threads, whatever they are doing. */
  stop(): Promise<void>
}

/** Starts replicas of an experiment's network. */
export interface Replicas {
  /** Has the threads of a team start while others read the data. */
  prepareTeam(threads: number): void

  /** @throws KnownError where a thread does not start. */
  startTeam(plan: TeamPlan): Promise<Team>

  /** Ends the threads that are in no team. */
  release(): Promise<void>
}
