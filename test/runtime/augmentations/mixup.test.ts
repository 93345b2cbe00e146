import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { augmentImages, type SampleChange, changeInTurn } from '../../../src/script/augmentation.ts'
import { mixup } from '../../../src/parts/augmentations/mixup.run.ts'
import { randomBrightness } from '../../../src/parts/augmentations/randomBrightness.run.ts'
import { randomFlip } from '../../../src/parts/augmentations/randomFlip.run.ts'
import { BatchReader } from '../../../src/runtime/data/batches.ts'
import { channelNormalization } from '../../../src/runtime/data/normalize.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { categoricalAccuracy, topKCategoricalAccuracy } from '../../../src/runtime/training/metrics.ts'
import { type Metric } from '../../../src/runtime/training/metric.ts'
import { sequentialIndices } from '../../../src/script/random.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { type InMemory, lagging } from '../datasets/laggingStream.ts'
import { threadedExperiment } from '../threads/threadedExperiment.ts'
import { tinyData } from '../tinyExperiment.ts'

beforeAll(async () => {
  await startEngine('wasm')
})

/** Rows of the identity, so that a mixed one tells how much of which sample it is, and as many classes. */
function identity(count: number): InMemory {
  const inputs = new Float32Array(count * count)
  for (let row = 0; row < count; row++) inputs[row * (count + 1)] = 1
  const labels = Uint8Array.from({ length: count }, (_, row) => row)
  return { inputs, sampleShape: [count], scale: 1, labels, count, classes: count }
}

/** What the reader makes of the samples in the given order, row by row. */
function readRows(samples: InMemory, change: SampleChange, { step = 0, seed = 7 } = {}) {
  const reader = new BatchReader(samples, { change, seed })
  const order = sequentialIndices(samples.count)
  void reader.prepare(order, 0, samples.count, step)
  const { inputs, labels } = reader.read(order, 0, samples.count)
  const rows = [inputs, labels].map((tensor) => (tensor as tf.Tensor2D).arraySync())
  tf.dispose([inputs, labels])
  return { inputs: rows[0]!, labels: rows[1]! }
}

describe('mixup', () => {
  it('mixes two samples and their labels in the same proportion', () => {
    const { inputs, labels } = readRows(identity(40), mixup({ alpha: 1 }))
    expect(labels).toEqual(inputs)
    for (const row of inputs) {
      expect(row.filter((part) => part > 0).length).toBeLessThanOrEqual(2)
      expect(row.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 6)
    }
    // The others are the samples in another order: each is taken once.
    const own = inputs.map((row, index) => row[index]!)
    const taken = own.map((_, column) => inputs.reduce((sum, row) => sum + (row[column]! > 0 ? 1 : 0), 0))
    expect(Math.max(...taken)).toBe(2)
    expect(new Set(own.map((part) => part.toFixed(6))).size).toBeGreaterThan(30)
  })

  it.each([0.1, 0.2, 1, 4])('draws the parts from Beta(alpha, alpha): %f', (alpha) => {
    const count = 100
    const parts = Array.from({ length: 40 }, (_, step) =>
      readRows(identity(count), mixup({ alpha }), { step }).inputs.map((row, index) => row[index]!),
    ).flat()
    const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length
    const variance = parts.reduce((sum, part) => sum + (part - mean) ** 2, 0) / parts.length
    expect(parts.every(Number.isFinite)).toBe(true)
    // A hundredth of the samples is mixed with itself, and counts as 1.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
    expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.01)
  })

  it('follows from seed and step', () => {
    const rows = (options: Parameters<typeof readRows>[2]) => readRows(identity(8), mixup(), options)
    expect(rows({ step: 3 })).toEqual(rows({ step: 3 }))
    expect(rows({ step: 4 })).not.toEqual(rows({ step: 3 }))
    expect(rows({ step: 3, seed: 8 })).not.toEqual(rows({ step: 3 }))
  })

  it('mixes values as they are', () => {
    const { classes: _none, ...samples } = identity(12)
    const labels = Float32Array.from({ length: 12 }, (_, row) => 10 * row)
    const mixed = readRows({ ...samples, labels }, mixup({ alpha: 1 }))
    for (const [index, row] of mixed.inputs.entries()) {
      const wanted = row.reduce((sum, part, column) => sum + part * labels[column]!, 0)
      expect(mixed.labels[index]).toBeCloseTo(wanted, 4)
    }
  })

  it('is applied in order: augmentations before it change single images, those after it mixed ones', () => {
    const images: InMemory = { ...identity(16), sampleShape: [4, 4, 1] }
    const after = changeInTurn([mixup({ alpha: 1 }), augmentImages([randomFlip()], 1)])
    const before = changeInTurn([augmentImages([randomFlip()]), mixup({ alpha: 1 })])
    const plain = readRows(images, mixup({ alpha: 1 }))
    for (const change of [before, after]) {
      const { inputs, labels } = readRows(images, change)
      expect(labels).toEqual(plain.labels)
      expect(inputs).not.toEqual(plain.inputs)
    }
    const bright = changeInTurn([mixup({ alpha: 1 }), augmentImages([randomBrightness({ factor: 0.5 })], 1)])
    const other = augmentImages([randomBrightness({ factor: 0.5 })], 1)
    const both = readRows(images, changeInTurn([mixup({ alpha: 1 }), other]))
    expect(both).toEqual(readRows(images, bright))
  })

  it('comes before the inputs are normalized', () => {
    const normalization = channelNormalization({
      mean: Array.from({ length: 9 }, () => 0.5),
      std: [...'222222222'].map(Number),
    })
    const plain = readRows(identity(9), mixup({ alpha: 1 }))
    const normalized = readRows({ ...identity(9), normalization }, mixup({ alpha: 1 }))
    expect(normalized.labels).toEqual(plain.labels)
    expect(normalized.inputs.flat().map((value) => Number((value * 2 + 0.5).toFixed(5)))).toEqual(
      plain.inputs.flat().map((value) => Number(value.toFixed(5))),
    )
  })

  it('gives each thread its part of the same batch', () => {
    const samples = identity(10)
    const whole = readRows(samples, mixup({ alpha: 1 }), { step: 5 })
    const reader = new BatchReader(samples, { change: mixup({ alpha: 1 }), seed: 7 })
    const order = sequentialIndices(10)
    void reader.prepare(order, 0, 10, 5)
    const parts = [
      [0, 4],
      [4, 7],
      [7, 10],
    ].map(([from = 0, to = 0]) => {
      const [inputs, labels] = [new Float32Array((to - from) * 10), new Float32Array((to - from) * 10)]
      reader.gather(order, from, to, inputs, labels)
      return [[...inputs], [...labels]] as const
    })
    expect(parts.flatMap(([inputs]) => inputs)).toEqual(whole.inputs.flat())
    expect(parts.flatMap(([, labels]) => labels)).toEqual(whole.labels.flat())
  })
})

describe('training on mixed samples', () => {
  const train = async (threads: number, data = tinyData(50), augment: SampleChange | null = mixup({ alpha: 1 })) => {
    const training = { threads, validationSplit: 0.2, epochs: 2 }
    const experiment = { ...threadedExperiment(), ...(augment && { augment }) }
    const { model, history } = await trainExperiment(experiment, { training, data })
    const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
    model.dispose()
    return { weights, history: history.map(({ seconds: _time, imagesPerSecond: _speed, ...logs }) => logs) }
  }

  it('gives the same for any number of threads, within rounding, and of streams', async () => {
    const one = await train(1)
    for (const threads of [2, 3]) {
      const several = await train(threads)
      for (const [index, weight] of several.weights.entries()) expect(weight).toBeCloseTo(one.weights[index]!, 4)
    }
    const { train: inMemory, ...rest } = tinyData(50)
    const streamed = { ...rest, train: lagging(inMemory) } as unknown as ReturnType<typeof tinyData>
    expect(await train(1, streamed)).toEqual(one)
    expect((await train(1, tinyData(50), null)).weights).not.toEqual(one.weights)
  })

  it.each<[Metric, number]>([
    [categoricalAccuracy(), 0.5],
    [topKCategoricalAccuracy({ k: 2 }), 0.75],
  ])('is measured by the class of the largest part: $name', (metric, wanted) => {
    const labels = tf.tensor2d([
      [0.6, 0.4, 0],
      [0.3, 0, 0.7],
      [0, 0.9, 0.1],
      [0.2, 0.8, 0],
    ])
    // The second is right behind another, the last wholly wrong.
    const predictions = tf.tensor2d([
      [0.5, 0.4, 0.1],
      [0.5, 0.1, 0.4],
      [0.2, 0.7, 0.1],
      [0.5, 0.1, 0.4],
    ])
    const counts = metric.count(labels, predictions).map((count) => count.dataSync()[0]!)
    expect(metric.result(counts, 4)).toBe(wanted)
  })
})
