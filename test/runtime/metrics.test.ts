import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'
import { categoricalCrossentropy } from '../../src/backends/generated/losses.ts'
import { accuracy, precision, recall } from '../../src/runtime/training/metrics.ts'
import { type Metric } from '../../src/runtime/training/metric.ts'
import { objectivesOf } from '../../src/runtime/training/objective.ts'
import { countBatch, RunningLogs } from '../../src/runtime/training/runningLogs.ts'

beforeAll(startWasmEngine)

type Labelled = readonly [labels: number[] | number[][], predictions: number[][]]

/** What Keras 3 answers after the given batches. */
const cases: readonly [string, Metric, readonly Labelled[], number][] = [
  [
    'classes',
    accuracy(),
    [
      [
        [1, 0, 2],
        [
          [0.1, 0.8, 0.1],
          [0.3, 0.6, 0.1],
          [0, 0, 1],
        ],
      ],
    ],
    2 / 3,
  ],
  [
    'one-hot',
    accuracy(),
    [
      [
        [
          [0, 1],
          [1, 0],
        ],
        [
          [0.1, 0.9],
          [0.2, 0.8],
        ],
      ],
    ],
    0.5,
  ],
  [
    'one unit',
    accuracy(),
    [
      [
        [1, 0, 1, 0],
        [[0.9], [0.6], [0.5], [0.1]],
      ],
    ],
    0.5,
  ],
  [
    'batches of different size',
    accuracy(),
    [
      [
        [0, 0, 0],
        [
          [1, 0],
          [1, 0],
          [1, 0],
        ],
      ],
      [[0], [[0, 1]]],
    ],
    0.75,
  ],
  [
    'one unit',
    precision(),
    [
      [
        [0, 1, 1, 1],
        [[1], [0], [1], [1]],
      ],
    ],
    2 / 3,
  ],
  [
    'one unit',
    recall(),
    [
      [
        [0, 1, 1, 1],
        [[1], [0], [1], [1]],
      ],
    ],
    2 / 3,
  ],
  [
    'classes',
    precision(),
    [
      [
        [1, 0],
        [
          [0.1, 0.9],
          [0.4, 0.6],
        ],
      ],
    ],
    0.5,
  ],
  // The second sample predicts nothing above 0.5.
  [
    'classes, unsure',
    precision(),
    [
      [
        [1, 0],
        [
          [0.1, 0.9],
          [0.5, 0.5],
        ],
      ],
    ],
    1,
  ],
  [
    'classes, unsure',
    recall(),
    [
      [
        [1, 0],
        [
          [0.1, 0.9],
          [0.5, 0.5],
        ],
      ],
    ],
    0.5,
  ],
  ['no predicted positives', precision(), [[[1], [[0.2]]]], 0],
  ['no positives', recall(), [[[0], [[0.9]]]], 0],
  [
    'batches',
    precision(),
    [
      [[1], [[0.9]]],
      [[0], [[0.9]]],
    ],
    0.5,
  ],
]

describe('metrics', () => {
  it.each(cases.map(([name, metric, batches, expected]) => [metric.name, name, batches, expected, metric] as const))(
    '%s of %s',
    (_metric, _name, batches, expected, metric) => {
      const running = new RunningLogs(objectivesOf({ loss: categoricalCrossentropy(), metrics: [metric] }))
      for (const [labels, predictions] of batches) {
        tf.tidy(() => running.add(count([metric], tf.scalar(0), labels, predictions), labels.length))
      }
      expect(running.read()[metric.name]).toBeCloseTo(expected, 6)
    },
  )
})

describe('RunningLogs', () => {
  it('weights the loss by the size of the batch, and keeps nothing on the engine', () => {
    const labels = [0, 1]
    const predictions = [
      [0.6, 0.4],
      [0.7, 0.3],
    ]
    const before = tf.memory().numTensors
    const metrics = [accuracy(), precision(), recall()]
    const running = new RunningLogs(objectivesOf({ loss: categoricalCrossentropy(), metrics }))
    for (const [loss, samples] of [
      [1, 2],
      [4, 1],
    ] as const) {
      running.add(
        tf.tidy(() => count(metrics, tf.scalar(loss), labels, predictions)),
        samples,
      )
    }
    expect(running.read()).toEqual({ loss: 2, accuracy: 2 / 3, precision: 0.5, recall: 0.5 })
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has no value before the first batch', () => {
    const objectives = objectivesOf({ loss: categoricalCrossentropy(), metrics: [accuracy()] })
    expect(new RunningLogs(objectives).read()['loss']).toBeNaN()
  })
})

/** What a batch gives the logs. */
function count(
  metrics: readonly Metric[],
  loss: tf.Scalar,
  labels: readonly unknown[],
  predictions: number[][],
): number[] {
  const objectives = objectivesOf({ loss: categoricalCrossentropy(), metrics })
  const result = { loss, outputLosses: [], predictions: [tf.tensor2d(predictions)], logits: [undefined] }
  return countBatch(objectives, result, tf.tensor(labels as number[], undefined, 'int32')).map(
    (one) => one.dataSync()[0]!,
  )
}
