/** Metrics that are computed from counts, such as precision, not as means over samples. */
import * as tf from '@tensorflow/tfjs'
import { addMeans, type Logs } from './measures.ts'

/** The counts of a batch, and how the metric is computed from their sums over all batches. */
export interface Counted {
  counts: tf.Scalar[]
  /** Converts the counts of a batch to the summed values; by default, the counts are summed. */
  sums?: (counts: number[]) => number[]
  result: (sums: number[]) => number
}

/** The sums so far, by their logs. */
const sumsOf = new WeakMap<Logs, Record<string, number[]>>()

/** Like `addMeans`, but also for metrics from counts. */
export function addCountedMeasures(logs: Logs, measures: Record<string, tf.Tensor | Counted>, share: number): void {
  const all = sumsOf.get(logs) ?? {}
  sumsOf.set(logs, all)
  for (const [name, value] of Object.entries(measures)) {
    if (value instanceof tf.Tensor) addMeans(logs, { [name]: value }, share)
    else {
      const { counts, sums = (numbers) => numbers, result } = value
      const own = sums(counts.map((count) => count.dataSync()[0]!))
      all[name] = own.map((number, place) => number + (all[name]?.[place] ?? 0))
      logs[name] = result(all[name])
    }
  }
}
