// Metrics beyond accuracy, precision and recall: what Keras documents, and what tf.metrics answers.
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import * as lossFunctions from '../../src/backends/generated/losses.ts'
import * as metricFunctions from '../../src/runtime/training/metrics.ts'
import { type Loss } from '../../src/runtime/training/loss.ts'
import { type Metric } from '../../src/runtime/training/metric.ts'
import { Random, startBackends } from './onBackends.ts'

beforeAll(startBackends)

const {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  lossMetric,
  precision,
  r2Score,
  recall,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} = metricFunctions

interface Batch {
  readonly labels: number[] | number[][]
  readonly predictions: number[][]
}

/** The value over several batches, on an engine. */
async function measure(metric: Metric, batches: readonly Batch[], backend: 'cpu' | 'wasm' = 'wasm'): Promise<number> {
  await tf.setBackend(backend)
  const sums = Array.from({ length: metric.size }, () => 0)
  let samples = 0
  for (const { labels, predictions } of batches) {
    const counts = tf.tidy(() =>
      metric
        .count(
          tf.tensor(labels, undefined, typeof labels[0] === 'number' ? 'int32' : 'float32'),
          tf.tensor2d(predictions),
        )
        .map((count) => count.dataSync()[0]!),
    )
    const own = metric.float64?.sums(counts) ?? counts
    expect(own).toHaveLength(metric.size)
    for (const [index, sum] of own.entries()) sums[index]! += sum
    samples += predictions.length
  }
  return metric.result(sums, samples)
}

const three = [
  [0.1, 0.9, 0.8],
  [0.05, 0.95, 0],
]
const oneHot = [
  [0, 0, 1],
  [0, 1, 0],
]
const bits = [[1], [1], [0], [0]]

const documented: readonly [string, Metric, readonly Batch[], number][] = [
  ['BinaryAccuracy', binaryAccuracy(), [{ labels: bits, predictions: [[0.98], [1], [0], [0.6]] }], 0.75],
  [
    'a higher threshold',
    binaryAccuracy({ threshold: 0.7 }),
    [{ labels: bits, predictions: [[0.98], [1], [0], [0.6]] }],
    1,
  ],
  ['logits', binaryAccuracy({ threshold: 0 }), [{ labels: bits, predictions: [[0.2], [-3], [-1], [0]] }], 0.75],
  ['several units', binaryAccuracy(), [{ labels: oneHot, predictions: three }], 5 / 6],
  ['CategoricalAccuracy', categoricalAccuracy(), [{ labels: oneHot, predictions: three }], 0.5],
  ['SparseCategoricalAccuracy', sparseCategoricalAccuracy(), [{ labels: [2, 1], predictions: three }], 0.5],
  ['numbers of classes', categoricalAccuracy(), [{ labels: [2, 1], predictions: three }], 0.5],
  ['TopKCategoricalAccuracy', topKCategoricalAccuracy({ k: 1 }), [{ labels: oneHot, predictions: three }], 0.5],
  ['two of three', topKCategoricalAccuracy({ k: 2 }), [{ labels: oneHot, predictions: three }], 1],
  ['SparseTopK', sparseTopKCategoricalAccuracy({ k: 1 }), [{ labels: [2, 1], predictions: three }], 0.5],
  [
    'five by default',
    topKCategoricalAccuracy(),
    [
      {
        labels: [0, 1],
        predictions: [
          [1, 2, 3, 4, 5, 6],
          [1, 2, 3, 4, 5, 6],
        ],
      },
    ],
    0.5,
  ],
  ['R2Score', r2Score(), [{ labels: [[1], [4], [3]], predictions: [[2], [4], [4]] }], 0.57142854],
  [
    'R2Score in batches',
    r2Score(),
    [
      { labels: [[1], [4]], predictions: [[2], [4]] },
      { labels: [[3]], predictions: [[4]] },
    ],
    0.57142854,
  ],
  ['targets that are all the same', r2Score(), [{ labels: [[2], [2]], predictions: [[1], [3]] }], 0],
  [
    'a threshold of precision',
    precision({ threshold: 0 }),
    [{ labels: bits, predictions: [[1], [-1], [0.1], [-2]] }],
    0.5,
  ],
  ['a threshold of recall', recall({ threshold: 0 }), [{ labels: bits, predictions: [[1], [-1], [0.1], [-2]] }], 0.5],
  [
    'a loss over batches of different size',
    lossMetric(lossFunctions.meanAbsoluteError()),
    [
      { labels: [[1], [1], [1]], predictions: [[2], [2], [2]] },
      { labels: [[1]], predictions: [[6]] },
    ],
    2,
  ],
]

describe.each(['cpu', 'wasm'] as const)('what Keras documents, on %s', (backend) => {
  it.each(documented)('%s', async (_name, metric, batches, wanted) => {
    expect(await measure(metric, batches, backend)).toBeCloseTo(wanted, 5)
  })
})

describe('the metrics of TensorFlow.js', () => {
  const random = new Random(5)
  const rows = (draw: () => number, units = 4) =>
    Array.from({ length: 6 }, () => Array.from({ length: units }, () => Math.fround(draw())))
  const classes = () => rows(() => 0).map((row) => row.with(random.whole(0, 3), 1))
  const some = () => rows(() => 0.05 + 0.9 * random.uniform())
  const theirs = tf.metrics as unknown as Record<string, (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor>
  const ofLosses = (Object.values(lossFunctions) as (() => Loss)[]).map((make) => lossMetric(make()))
  const own = [binaryAccuracy(), categoricalAccuracy(), precision(), recall(), r2Score()]
  const compared = [...own, ...ofLosses].filter(({ name }) => Object.hasOwn(theirs, name))

  it.each(compared.map((metric) => [metric.name, metric] as const))('agree on %s', async (name, metric) => {
    const isOfAnswers = name === 'precision' || name === 'recall'
    const isOfValues = /^mean|^r2|^cosine/.test(name)
    const labels = isOfValues ? some() : name.startsWith('binary') ? rows(() => random.whole(0, 1)) : classes()
    const predictions = isOfAnswers ? rows(() => random.whole(0, 1)) : some()
    const ours = await measure(metric, [{ labels, predictions }])
    const [wanted] = tf.tidy(() => tf.mean(theirs[name]!(tf.tensor2d(labels), tf.tensor2d(predictions))).dataSync())
    expect(ours).toBeCloseTo(wanted!, 4)
  })

  it('are nearly all compared', () => {
    const names = new Set(compared.map(({ name }) => name))
    const left = Object.keys(theirs).filter((name) => !names.has(name) && !/^(mse|mape)$/i.test(name))
    // Its labels are numbers in both: see above.
    expect(left).toEqual(['sparseCategoricalAccuracy'])
  })

  it('agree on numbers of classes', async () => {
    const predictions = some()
    const labels = predictions.map(() => random.whole(0, 3))
    const right = tf.tidy(() =>
      tf.mean(tf.metrics.sparseCategoricalAccuracy(tf.tensor1d(labels), tf.tensor2d(predictions))).dataSync(),
    )
    for (const metric of [accuracy(), sparseCategoricalAccuracy()])
      expect(await measure(metric, [{ labels, predictions }])).toBeCloseTo(right[0]!, 6)
  })
})

it('leave nothing on the engine', () => {
  const labels = tf.tensor1d([1, 0], 'int32')
  const predictions = tf.tensor2d([
    [0.3, 0.7],
    [0.6, 0.4],
  ])
  const before = tf.memory().numTensors
  for (const [, metric] of documented) tf.tidy(() => void metric.count(labels, predictions))
  expect(tf.memory().numTensors).toBe(before)
})
