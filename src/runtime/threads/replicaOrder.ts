/** How the main thread starts a replica, and how the replica receives its order. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Precision } from '../kernels/precision.ts'
import { type WeightValues } from '../../script/weightValues.ts'
import { type ReplicaMemory } from './replicaMemory.ts'

/** The worker data with which a replica thread starts. */
export interface ReplicaTask {
  /** The URL of the module that calls `serveReplica`. */
  readonly replicaEntry: string
  /** Other plain data for that module. */
  readonly data: unknown
}

/** The message to a replica once the data are loaded. Until then, the replica starts its engine. */
export interface ReplicaOrder {
  /** The number of the thread; the main thread is 0. */
  readonly thread: number
  /** The seed of the run, which determines dropout and the initial weights. */
  readonly seed: number
  readonly precision: Precision | undefined
  /** The shape of one sample. */
  readonly sampleShape: readonly number[]
  /** The fitted values of each output's loss. */
  readonly numbers: readonly (readonly number[] | undefined)[]
  readonly memory: ReplicaMemory
  /** The values of the weights that are not trained, if they are not those of the untrained network. */
  readonly fixedWeights?: WeightValues | undefined
}

/** Returns the task of this thread; undefined if it is not a replica. */
export function readReplicaTask(): ReplicaTask | undefined {
  const given: unknown = workerData
  const isTask = typeof given === 'object' && given !== null && 'replicaEntry' in given
  return isTask ? (given as ReplicaTask) : undefined
}

/**
 * Waits for the order of the main thread.
 *
 * @throws RangeError if this thread is not a replica.
 */
export async function awaitReplicaOrder(): Promise<ReplicaOrder> {
  const port = parentPort
  if (port === null || readReplicaTask() === undefined) throw new RangeError('this thread is no replica')
  return await new Promise((resolve) => {
    port.once('message', resolve)
  })
}

/**
 * Whether this thread is a replica that the given module serves.
 *
 * @param url The module's `import.meta.url`.
 */
export function isReplicaOf(url: string): boolean {
  const task = readReplicaTask()
  return task !== undefined && new URL(task.replicaEntry).pathname === new URL(url).pathname
}
