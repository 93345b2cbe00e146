import { workerData } from 'node:worker_threads'
import { type ReplicaMemory } from './replicaMemory.ts'

/** What a thread is started with to be a replica. */
export interface ReplicaOrder {
  /** The URL of the module that serves it. */
  readonly replicaEntry: string
  /** What that module needs to know besides; plain data. */
  readonly data: unknown
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
export function readReplicaOrder(): ReplicaOrder | undefined {
  const given: unknown = workerData
  const isOrder = typeof given === 'object' && given !== null && 'replicaEntry' in given
  return isOrder ? (given as ReplicaOrder) : undefined
}

/**
 * Whether this thread is a replica that the module is to serve.
 *
 * @param url The module's `import.meta.url`.
 */
export function isReplicaOf(url: string): boolean {
  const order = readReplicaOrder()
  return order !== undefined && new URL(order.replicaEntry).pathname === new URL(url).pathname
}
