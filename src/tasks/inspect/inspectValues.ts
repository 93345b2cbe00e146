/** Inspects an output that predicts values: errors, R², and the largest misses. */
import type { Answers } from './predictionCollector.ts'
import type { Miss, ValueInspection } from './inspection.ts'

/** The most points of the plot of targets and predictions. */
const pointsKept = 500

export function inspectValues(output: string, { rows, units }: Answers, labels: Float32Array): ValueInspection {
  const count = labels.length
  const mean = labels.reduce((total, value) => total + value, 0) / Math.max(1, count)
  let [absolute, squared, spread] = [0, 0, 0]
  for (let index = 0; index < count * units; index += 1) {
    const target = labels[Math.floor(index / units)]!
    const miss = rows[index]! - target
    absolute += Math.abs(miss)
    squared += miss ** 2
    spread += (target - mean) ** 2
  }
  const values = Math.max(1, count * units)
  const step = Math.max(1, Math.ceil(count / pointsKept))
  const chosen = units === 1 ? Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step) : []
  return {
    kind: 'values',
    output,
    meanAbsoluteError: absolute / values,
    rootMeanSquaredError: Math.sqrt(squared / values),
    r2: spread === 0 ? null : 1 - squared / spread,
    ...(units === 1 && { worst: largestMisses(rows, labels) }),
    points: chosen.map((sample) => [labels[sample]!, rows[sample]!]),
  }
}

/** The number of misses to keep. */
const missesKept = 10

function largestMisses(rows: Float32Array, labels: Float32Array): Miss[] {
  const misses = Array.from(labels, (target, index) => ({ index, target, prediction: rows[index]! }))
  const size = ({ target, prediction }: Miss) => Math.abs(prediction - target)
  return misses.toSorted((a, b) => size(b) - size(a) || a.index - b.index).slice(0, missesKept)
}
