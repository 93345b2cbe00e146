import * as tf from '@tensorflow/tfjs'
import { availableParallelism } from 'node:os'
import { type TrainingOptions } from '../training/experiment.ts'
import { readReplicaTask } from './replicaOrder.ts'

/**
 * How many threads train. Only the wasm engine gains from them: node has its own. `auto` takes one for each core, up
 * to 4, as long as each has 16 samples of a batch to work on. More threads than cores would only take turns.
 */
export function countThreads({ threads = 1, batchSize }: Pick<TrainingOptions, 'threads' | 'batchSize'>): number {
  if (tf.getBackend() !== 'wasm' || readReplicaTask() !== undefined) return 1
  if (threads !== 'auto') return Math.min(threads, batchSize, availableParallelism())
  return Math.max(1, Math.min(availableParallelism(), 4, Math.floor(batchSize / 16)))
}
