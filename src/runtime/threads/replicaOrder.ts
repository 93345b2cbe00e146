import { parentPort, workerData } from 'node:worker_threads'
import { type ReplicaMemory } from './replicaMemory.ts'

/** What a thread is started with to be a replica. */
export interface ReplicaTask {
  /** The URL of the module that serves it. */
  readonly replicaEntry: string
  /** What that module needs to know besides; plain data. */
  readonly data: unknown
}

/** What a replica is told once the data of the run are known: until then, it starts its engine. */
export interface ReplicaOrder {
  /** Counts the threads; the main thread is 0. */
  readonly thread: number
  /** Of the run: decides dropout, and the weights that the network is built with. */
  readonly seed: number
  /** The shape of one sample. */
  readonly sampleShape: readonly number[]
  /** What the loss of each output was fitted to. */
  readonly numbers: readonly (readonly number[] | undefined)[]
  readonly memory: ReplicaMemory
}

/** What this thread was started with, where it was started to be a replica. */
export function readReplicaTask(): ReplicaTask | undefined {
  const given: unknown = workerData
  const isTask = typeof given === 'object' && given !== null && 'replicaEntry' in given
  return isTask ? (given as ReplicaTask) : undefined
}

/**
 * What the main thread orders, as soon as it does.
 *
 * @throws RangeError where this thread is no replica.
 */
export async function awaitReplicaOrder(): Promise<ReplicaOrder> {
  const port = parentPort
  if (port === null || readReplicaTask() === undefined) throw new RangeError('this thread is no replica')
  return await new Promise((resolve) => {
    port.once('message', resolve)
  })
}

/**
 * Whether this thread is a replica that the module is to serve.
 *
 * @param url The module's `import.meta.url`.
 */
export function isReplicaOf(url: string): boolean {
  const task = readReplicaTask()
  return task !== undefined && new URL(task.replicaEntry).pathname === new URL(url).pathname
}
