import * as tf from '@tensorflow/tfjs'
import { availableParallelism } from 'node:os'
import { type TrainingOptions } from '../training/experiment.ts'
import { readReplicaTask } from './replicaOrder.ts'

/**
 * The number of training threads. Only the wasm engine uses them: the node engine has its own threads. `auto` is one
 * thread per core, at most 4, and at least 16 samples of a batch for each. More threads than cores would not be faster.
 */
export function countThreads({ threads = 1, batchSize }: Pick<TrainingOptions, 'threads' | 'batchSize'>): number {
  if (tf.getBackend() !== 'wasm' || readReplicaTask() !== undefined) return 1
  if (threads !== 'auto') return Math.min(threads, batchSize, availableParallelism())
  return Math.max(1, Math.min(availableParallelism(), 4, Math.floor(batchSize / 16)))
}
