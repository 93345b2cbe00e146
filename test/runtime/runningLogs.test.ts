// What logs say after many batches, and of numbers far from 0: the same as float64 does over all samples at once.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { evaluateModel } from '../../src/runtime/training/evaluation.ts'
import { categoricalCrossentropy, meanSquaredError } from '../../src/backends/generated/losses.ts'
import { accuracy, binaryAccuracy, r2Score } from '../../src/runtime/training/metrics.ts'
import { objectivesOf } from '../../src/runtime/training/objective.ts'
import { RunningLogs } from '../../src/runtime/training/runningLogs.ts'
import { engineStarts } from './engineStarts.ts'
import { Random } from './onBackends.ts'

/** 1 - Σ(target - prediction)² / Σ(target - mean)² in float64. */
function r2(targets: readonly number[], predictions: readonly number[]): number {
  const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length
  const squares = (from: (index: number) => number) =>
    targets.reduce((sum, target, index) => sum + (target - from(index)) ** 2, 0)
  return 1 - squares((index) => predictions[index]!) / squares(() => mean)
}

describe.each(['cpu', 'wasm', 'node'] as const)('r2Score on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  it.skipIf(!works).each([
    { center: 0, spread: 1, batchSize: 32 },
    { center: 10_000, spread: 1, batchSize: 1 },
    { center: 10_000, spread: 1, batchSize: 7 },
    { center: 10_000, spread: 1, batchSize: 500 },
    { center: -250_000, spread: 30, batchSize: 16 },
    { center: 1e6, spread: 50, batchSize: 500 },
  ])('of targets about $center ± $spread in batches of $batchSize', async ({ center, spread, batchSize }) => {
    await startEngine(engine)
    const random = new Random(3)
    const targets = Array.from({ length: 500 }, () => Math.fround(center + spread * (2 * random.uniform() - 1)))
    const predictions = targets.map((target) => Math.fround(target + spread * 0.9 * (random.uniform() - 0.5)))
    // A network that gives its input.
    const layer = tf.layers.activation({ activation: 'linear', inputShape: [1] })
    const model = tf.sequential({ layers: [layer] })
    const inputs = Float32Array.from(predictions)
    const samples = { inputs, sampleShape: [1], scale: 1, labels: Float32Array.from(targets), count: 500 }
    const objective = { loss: meanSquaredError(), metrics: [r2Score()] }
    const logs = await evaluateModel(model, samples, objective, batchSize)
    const wanted = r2(targets, predictions)
    expect(wanted).toBeGreaterThan(0.7)
    expect(logs['r2Score']).toBeCloseTo(wanted, 4)
  })

  it.skipIf(!works)('is 0 where all targets are the same, far from 0', async () => {
    await startEngine(engine)
    const running = new RunningLogs(objectivesOf({ loss: meanSquaredError(), metrics: [r2Score()] }))
    const labels = tf.tensor1d([10_001, 10_001, 10_001, 10_001])
    const counts = tf.tidy(() =>
      r2Score()
        .count(labels, tf.zeros([4, 1]))
        .map((count) => count.dataSync()[0]!),
    )
    for (let batch = 0; batch < 3; batch++) running.add([0, ...counts], 4)
    expect(running.read()['r2Score']).toBe(0)
  })
})

describe('a million batches of one sample', () => {
  it.each<[string, (batch: number) => number, number]>([
    ['the same loss', () => 0.1, 0.1],
    ['losses of mixed sizes', (batch) => (batch % 1000 === 0 ? 10_000 : 0.001), 10 + 0.999 * 0.001],
    ['ever smaller losses', (batch) => 1000 / (batch + 1) ** 2, (1000 * Math.PI ** 2) / 6 / 1e6],
  ])('%s', (_name, lossOf, wanted) => {
    const running = new RunningLogs(objectivesOf({ loss: categoricalCrossentropy(), metrics: [accuracy()] }))
    for (let batch = 0; batch < 1e6; batch++) running.add([lossOf(batch), batch % 4 === 0 ? 1 : 0], 1)
    const logs = running.read()
    expect(logs['loss']! / wanted).toBeCloseTo(1, 5)
    expect(logs['accuracy']).toBe(0.25)
  })

  it('counts beyond 2^24 samples', () => {
    const running = new RunningLogs(objectivesOf({ loss: categoricalCrossentropy(), metrics: [accuracy()] }))
    running.add([1, 2 ** 24], 2 ** 24)
    for (let batch = 0; batch < 1000; batch++) running.add([1, 1], 1)
    expect(running.save()).toEqual({ sums: [2 ** 24 + 1000, 2 ** 24 + 1000], samples: 2 ** 24 + 1000 })
    expect(running.read()).toEqual({ loss: 1, accuracy: 1 })
  })

  it('binaryAccuracy of three units is exact', async () => {
    await startEngine('cpu')
    const running = new RunningLogs(objectivesOf({ loss: categoricalCrossentropy(), metrics: [binaryAccuracy()] }))
    const counts = tf.tidy(() =>
      binaryAccuracy()
        .count(tf.tensor2d([[1, 0, 0]]), tf.tensor2d([[0.9, 0.9, 0.9]]))
        .map((count) => count.dataSync()[0]!),
    )
    for (let batch = 0; batch < 1e5; batch++) running.add([0, ...counts], 1)
    expect(running.read()['binaryAccuracy']).toBeCloseTo(1 / 3, 10)
  })
})
