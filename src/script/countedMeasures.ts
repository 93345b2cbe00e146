/** Measures of which some are no means over samples. */
import * as tf from '@tensorflow/tfjs'
import { addMeasures, type Logs } from './measures.ts'

/** What a batch counts, and the value that is made of the sums over all batches. */
export interface Counted {
  counts: tf.Scalar[]
  /** What is added up, from the counts of a batch; the counts themselves by default. */
  sums?: (counts: number[]) => number[]
  result: (sums: number[]) => number
}

/** The sums so far, by the logs that they are for. */
const sumsOf = new WeakMap<Logs, Record<string, number[]>>()

/** As `addMeasures`, with those that are counted. */
export function addCountedMeasures(logs: Logs, measures: Record<string, tf.Tensor | Counted>, share: number): void {
  const all = sumsOf.get(logs) ?? {}
  sumsOf.set(logs, all)
  for (const [name, measure] of Object.entries(measures)) {
    if (measure instanceof tf.Tensor) addMeasures(logs, { [name]: measure }, share)
    else {
      const { counts, sums = (numbers) => numbers, result } = measure
      const own = sums(counts.map((count) => count.dataSync()[0]!))
      all[name] = own.map((number, place) => number + (all[name]?.[place] ?? 0))
      logs[name] = result(all[name])
    }
  }
}
