/** The logs of training and evaluation: means over samples, accumulated from the means of batches. */
import type * as tf from '@tensorflow/tfjs'

export type Logs = Record<string, number>

/** Adds the means of a batch to the logs, weighted by its `share` of all samples. */
export function addMeans(logs: Logs, measures: Record<string, tf.Tensor>, share: number): void {
  for (const [name, mean] of Object.entries(measures)) logs[name] = (logs[name] ?? 0) + mean.dataSync()[0]! * share
}

export function prefixLogs(prefix: string, logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [prefix + name, value]))
}
