import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startCpuEngine } from '../../src/runtime/engines/cpuEngine.ts'
import { evaluateModel } from '../../src/runtime/training/evaluation.ts'
import { type Experiment } from '../../src/runtime/training/experiment.ts'
import { meanSquaredError } from '../../src/backends/generated/losses.ts'
import { shuffledIndices } from '../../src/script/random.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { type RunOptions, trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { lagging } from './datasets/laggingStream.ts'
import { denseModel, tinyData, tinyExperiment, tinySamples } from './tinyExperiment.ts'
import { adam } from '../../src/parts/optimizers/adam.run.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'
import { Draws } from '../../src/script/draws.ts'

beforeAll(startCpuEngine)

async function digestOf(experiment: Experiment, options: RunOptions = {}): Promise<string> {
  const { model } = await trainExperiment(experiment, options)
  const digest = weightsDigest(model)
  model.dispose()
  return digest
}

const plain = tinyExperiment({ buildModel: denseModel })
const once = { epochs: 1, batchSize: 50, shuffle: false }

describe('reproducibility', () => {
  it('gives the same weights for the same seed', async () => {
    expect(await digestOf(tinyExperiment())).toBe(await digestOf(tinyExperiment()))
  })

  it.each<[string, Partial<Experiment['training']>]>([
    ['seed', { seed: 43 }],
    ['number of epochs', { epochs: 3 }],
    ['batch size', { batchSize: 16 }],
    ['order', { shuffle: false }],
    ['validation split', { validationSplit: 0.1 }],
  ])('gives other weights for another %s', async (_name, training) => {
    expect(await digestOf(tinyExperiment(), { training })).not.toBe(await digestOf(tinyExperiment()))
  })

  it('gives the same weights of samples that are read as they are needed, as of those in memory', async () => {
    const training = { validationSplit: 0.2 }
    const { train } = tinyData(50)
    const data = { ...tinyData(50), train: lagging(train) }
    expect(await digestOf(tinyExperiment(), { training, data })).toBe(await digestOf(tinyExperiment(), { training }))
  })

  it('does not depend on observers', async () => {
    const { model } = await trainExperiment(tinyExperiment(), {}, { onProgress: () => {}, onEpochEnd: async () => {} })
    expect(weightsDigest(model)).toBe(await digestOf(tinyExperiment()))
    model.dispose()
  })
})

describe('trainExperiment', () => {
  it('learns', async () => {
    const data = tinyData(200)
    const { model, history, steps } = await trainExperiment(
      { ...plain, createOptimizer: () => sgd({ learningRate: 0.5 }) },
      {
        data,
        training: { epochs: 10 },
      },
    )
    expect(steps).toBe(10 * 25)
    expect(history).toHaveLength(10)
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss)
    const logs = await evaluateModel(model, data.test, plain, 7)
    expect(logs['accuracy']).toBeGreaterThan(0.9)
    model.dispose()
  })

  it('does exactly what plain gradient descent does', async () => {
    const data = tinyData(10)
    const { model } = await trainExperiment(plain, { data, training: { epochs: 2, batchSize: 4 } })
    const reference = denseModel(42)
    const optimizer = tf.train.sgd(0.1)
    const inputs = tf.tensor2d(
      Float32Array.from(data.train.inputs, (value) => value / 255),
      [10, 2],
    )
    for (const epoch of [1, 2]) {
      const order = shuffledIndices(10, 42, epoch)
      for (const [start, end] of [
        [0, 4],
        [4, 8],
        [8, 10],
      ] as const) {
        const rows = tf.tensor1d(order.slice(start, end), 'int32')
        const targets = tf.oneHot(
          [...rows.dataSync()].map((row) => data.train.labels[row]!),
          2,
        )
        optimizer.minimize(() => {
          const output = reference.apply(tf.gather(inputs, rows)) as tf.Tensor
          return tf.metrics.categoricalCrossentropy(targets, output).mean()
        })
      }
    }
    const [expected, actual] = [reference, model].map((each) =>
      each.getWeights().flatMap((weight) => Array.from(weight.dataSync())),
    )
    for (const [index, value] of expected!.entries()) expect(actual![index]).toBeCloseTo(value, 5)
    reference.dispose()
    model.dispose()
  })

  it('updates the moving statistics of batch normalization, and uses them in evaluation', async () => {
    const { model } = await trainExperiment(tinyExperiment())
    const [, , mean, variance] = model.getLayer('norm').getWeights()
    expect(mean!.dataSync().every((value) => value !== 0)).toBe(true)
    expect(variance!.dataSync().every((value) => value !== 1)).toBe(true)
    // An evaluation of single samples could not work with statistics of the batch.
    const { test } = tinyData(1)
    const [single, whole] = [
      await evaluateModel(model, test, tinyExperiment(), 1),
      await evaluateModel(model, test, tinyExperiment(), 20),
    ]
    expect(single['loss']).toBeCloseTo(whole['loss']!, 5)
    expect(single['accuracy']).toBe(whole['accuracy'])
    model.dispose()
  })

  it('draws a new dropout mask each step, repeated ones too, and leaves the seed as it was', async () => {
    new Draws(1).uniform([1]).dispose()
    const kernel = tf.getKernel('SeededDraw', 'cpu')
    const masks: string[] = []
    tf.unregisterKernel('SeededDraw', 'cpu')
    tf.registerKernel({
      ...kernel,
      kernelFunc(call) {
        const mask = kernel.kernelFunc(call) as tf.TensorInfo
        masks.push(String((call.backend as tf.KernelBackend).readSync(mask.dataId)))
        return mask
      },
    })
    const { model, steps } = await trainExperiment(tinyExperiment())
    tf.unregisterKernel('SeededDraw', 'cpu')
    tf.registerKernel(kernel)
    expect(masks).toHaveLength(steps)
    expect(new Set(masks).size).toBe(steps)
    expect(model.getLayer('drop').getConfig()['seed']).toBe(5)
    model.dispose()
  })

  it('adds what regularizers charge to the loss', async () => {
    const l2 = 0.5
    const buildModel = (seed: number): tf.LayersModel =>
      denseModel(seed, { kernelRegularizer: tf.regularizers.l2({ l2 }) })
    const [without, withL2] = [plain, tinyExperiment({ buildModel })]
    const fresh = denseModel(42)
    const charge = l2 * fresh.getWeights()[0]!.square().sum().dataSync()[0]!
    fresh.dispose()
    const losses: number[] = []
    for (const experiment of [without, withL2]) {
      const { model, history } = await trainExperiment(experiment, { training: once })
      losses.push(history[0]!.loss)
      model.dispose()
    }
    expect(losses[1]! - losses[0]!).toBeCloseTo(charge, 4)
  })

  it('validates on the last samples after each epoch', async () => {
    const data = tinyData(50)
    const { model, history } = await trainExperiment(plain, { data, training: { epochs: 1, validationSplit: 0.2 } })
    const held = {
      ...data.train,
      inputs: data.train.inputs.subarray(80),
      labels: data.train.labels.subarray(40),
      count: 10,
    }
    const logs = await evaluateModel(model, held, plain, 8)
    expect(history[0]).toMatchObject({ val_loss: logs['loss'], val_accuracy: logs['accuracy'] })
    model.dispose()
  })

  it('notifies the listener in order', async () => {
    const told: string[] = []
    const { model, history } = await trainExperiment(
      tinyExperiment(),
      { training: { validationSplit: 0.2 } },
      {
        onTrainBegin: (plan) =>
          void told.push(`begin ${plan.samples} + ${plan.validationSamples} x ${plan.epochs}, ${plan.steps} steps`),
        onEpochBegin: (epoch, epochs) => void told.push(`epoch ${epoch} of ${epochs}`),
        onProgress: (step, steps, logs) => void (step === steps && told.push(`step ${step}: ${Object.keys(logs)}`)),
        onEpochEnd: (epoch, logs) => void told.push(`end of ${epoch}: ${Object.keys(logs)}`),
        onTrainEnd: (all, interrupted) => void told.push(`end after ${all.length}, ${interrupted}`),
      },
    )
    const end = 'epoch,loss,accuracy,seconds,imagesPerSecond,val_loss,val_accuracy'
    expect(told).toEqual([
      'begin 40 + 10 x 2, 5 steps',
      'epoch 1 of 2',
      'step 5: loss,accuracy',
      `end of 1: ${end}`,
      'epoch 2 of 2',
      'step 5: loss,accuracy',
      `end of 2: ${end}`,
      'end after 2, false',
    ])
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2])
    model.dispose()
  })

  it('holds weights to what their layer constrains them to, after each step', async () => {
    const kernelConstraint = tf.constraints.maxNorm({ maxValue: 0.1, axis: 0 })
    const { model } = await trainExperiment(
      tinyExperiment({ buildModel: (seed) => denseModel(seed, { kernelConstraint }) }),
      { data: tinyData(50) },
    )
    const norms = tf.tidy(() => [...tf.norm(model.getWeights()[0]!, 2, 0).dataSync()])
    expect(Math.max(...norms)).toBeCloseTo(0.1, 5)
    model.dispose()
  })

  it('keeps the number of tensors flat', async () => {
    const data = tinyData(50)
    const counts: number[] = []
    const before = tf.memory().numTensors
    const { model } = await trainExperiment(
      tinyExperiment({ createOptimizer: () => adam({ learningRate: 0.01 }) }),
      { data, training: { epochs: 4, validationSplit: 0.2 } },
      { onEpochEnd: () => void counts.push(tf.memory().numTensors) },
    )
    expect(new Set(counts).size).toBe(1)
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('interruption', () => {
  it('stops after the step under way', async () => {
    const interruption = new AbortController()
    let taken = 0
    const onStepEnd = (): void => {
      taken += 1
      if (taken === 9) interruption.abort()
    }
    const experiment = tinyExperiment({ createCallbacks: () => [{ name: 'counted', onStepEnd }] })
    const { model, history, steps, interrupted } = await trainExperiment(experiment, { signal: interruption.signal })
    // Seven steps make an epoch of 50 samples; the second step of the second epoch is the last.
    expect([history.length, steps, interrupted]).toEqual([1, 9, true])
    model.dispose()
  })

  it('lets signals through while it trains', async () => {
    const interruption = new AbortController()
    setTimeout(() => interruption.abort(), 100)
    const { model, interrupted } = await trainExperiment(plain, {
      signal: interruption.signal,
      training: { epochs: 1e6 },
    })
    expect(interrupted).toBe(true)
    model.dispose()
  })
})

describe('failures', () => {
  it.each<[string, Partial<Experiment>, RegExp, RegExp]>([
    [
      'a loss beyond all numbers',
      {
        loss: meanSquaredError(),
        buildModel: (seed) => denseModel(seed, { activation: 'linear' }),
        createOptimizer: () => sgd({ learningRate: 1e20 }),
      },
      /The loss became (NaN|Infinity) in epoch 1/,
      /Lower the learning rate/,
    ],
    [
      'nothing to train',
      { buildModel: (seed) => denseModel(seed, { trainable: false }) },
      /no trainable weights/,
      /trainable/,
    ],
    [
      'no samples',
      { loadData: async () => ({ ...tinyData(1), train: tinySamples(0, 1) }) },
      /no training samples/,
      /validationSplit/,
    ],
  ])('reports %s, and frees the model', async (_name, changes, message, help) => {
    const before = tf.memory().numTensors
    const failure = await trainExperiment(tinyExperiment(changes)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'training' })
    expect(failure).toMatchObject({ message: expect.stringMatching(message), help: expect.stringMatching(help) })
    expect(tf.memory().numTensors).toBe(before)
  })
})
