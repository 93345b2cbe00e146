import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ClassWeights, weighClasses } from '../../src/runtime/training/classWeights.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { type Experiment } from '../../src/runtime/training/experiment.ts'
import * as losses from '../../src/backends/generated/losses.ts'
import { type Loss } from '../../src/runtime/training/loss.ts'
import { accuracy, lossMetric } from '../../src/runtime/training/metrics.ts'
import { accumulateGradients } from '../../src/runtime/training/gradientRules.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'
import { createRandom } from '../../src/script/random.ts'
import { type RunOptions, trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { type InMemory } from './datasets/laggingStream.ts'
import { balancedExperiment } from './threads/threadedExperiment.ts'
import { denseModel, tinyExperiment } from './tinyExperiment.ts'

beforeAll(async () => {
  await startEngine('cpu')
})

const { categoricalCrossentropy } = losses
const weightsOfClasses = { rare: 4, usual: 0.5, none: 1.25 }
const numbers = [4, 0.5, 1.25]

/** Samples of three classes, a few of the first. */
function unevenSamples(count: number, seed = 1, classes = 3): InMemory {
  const random = createRandom(seed)
  const inputs = Float32Array.from({ length: count * 2 }, random)
  const labels = Uint8Array.from({ length: count }, (_, index) => (index % 7 === 0 ? 0 : 1 + (index % (classes - 1))))
  return { inputs, sampleShape: [2], scale: 1, labels, count, classes }
}

const uneven = { train: unevenSamples(40), classNames: Object.keys(weightsOfClasses) }

const experimentWith = (changes: Partial<Experiment>, units = 3): Experiment =>
  tinyExperiment({
    buildModel: (seed) => denseModel(seed, { units }),
    loadData: async () => uneven,
    training: { epochs: 2, batchSize: 8, seed: 42, shuffle: false, validationSplit: 0 },
    ...changes,
  })

async function outcomeOf(experiment: Experiment, options: RunOptions = {}) {
  const { model, history } = await trainExperiment(experiment, options)
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
  model.dispose()
  return { weights, history }
}

function expectClose(given: readonly number[], wanted: readonly number[], difference = 1e-6): void {
  expect(given.length).toBe(wanted.length)
  expect(Math.max(...given.map((value, index) => Math.abs(value - wanted[index]!)))).toBeLessThan(difference)
}

describe('classes with weights', () => {
  it.each<[string, 1 | 3, Experiment['loss'], string]>([
    ['one-hot labels', 3, categoricalCrossentropy(), 'categoricalCrossentropy'],
    ['sparse labels', 3, losses.sparseCategoricalCrossentropy(), 'sparseCategoricalCrossentropy'],
    ['squares', 3, losses.meanSquaredError(), 'meanSquaredError'],
    ['one unit', 1, losses.binaryCrossentropy(), 'binaryCrossentropy'],
  ])('are trained as by model.fit of tf.layers with classWeight: %s', async (_what, units, loss, name) => {
    const activation = units === 1 ? 'sigmoid' : 'softmax'
    const data = units === 1 ? { train: unevenSamples(40, 1, 2), classNames: ['no', 'yes'] } : uneven
    const weights = units === 1 ? { no: 4, yes: 0.5 } : weightsOfClasses
    const buildModel = (seed: number) => denseModel(seed, { units, activation })
    const weighed = weighClasses(loss as Loss, weights)
    const { weights: own, history } = await outcomeOf(experimentWith({ buildModel, loss: weighed, metrics: [] }), {
      data,
    })

    const model = buildModel(42)
    model.compile({ optimizer: tf.train.sgd(0.1), loss: name })
    const inputs = tf.tensor2d(data.train.inputs as Float32Array, [40, 2])
    const labels = tf.tensor1d([...data.train.labels], name.startsWith('sparse') ? 'float32' : 'int32')
    const targets =
      units === 1
        ? tf.reshape(tf.cast(labels, 'float32'), [40, 1])
        : name.startsWith('sparse')
          ? labels
          : tf.cast(tf.oneHot(labels, 3), 'float32')
    const classWeight = units === 1 ? { 0: 4, 1: 0.5 } : { 0: 4, 1: 0.5, 2: 1.25 }
    const fitted = await model.fit(inputs, targets, { epochs: 2, batchSize: 8, shuffle: false, classWeight })
    expectClose(
      own,
      model.getWeights().flatMap((weight) => [...weight.dataSync()]),
    )
    expectClose(
      history.map((logs) => logs.loss),
      fitted.history['loss'] as number[],
    )
  })

  /** What each loss is of each sample by itself, weighted, and divided by the number of samples. */
  it.each<[string, Loss]>([
    ...Object.values(losses)
      .filter((make) => typeof make === 'function')
      .map((make): [string, Loss] => [make.name, (make as (options: object) => Loss)({})]),
    ['logits', categoricalCrossentropy({ fromLogits: true })],
    ['logits of answers', losses.binaryCrossentropy({ fromLogits: true })],
    ['smoothed', categoricalCrossentropy({ labelSmoothing: 0.2 })],
  ])('count as the weighted sum over the samples, divided by their number: %s', (_name, loss) => {
    const labels = tf.tensor1d([0, 1, 2, 1], 'int32')
    const predictions = tf.softmax(tf.tensor2d([...'120301221013'].map(Number), [4, 3]))
    const single = [0, 1, 2, 1].map(
      (label, row) =>
        numbers[label]! * loss.compute(tf.slice(labels, row, 1), tf.slice(predictions, row, 1)).dataSync()[0]!,
    )
    const { fitted } = weighClasses(loss, weightsOfClasses)
    const whole = fitted!.compute(labels, predictions, numbers).dataSync()[0]!
    const wanted = single.reduce((sum, value) => sum + value, 0) / 4
    expect(Math.abs(whole - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)))
  })

  it('change neither validation, nor tests, nor metrics', async () => {
    const data = { ...uneven, validation: unevenSamples(20, 2) }
    const metrics = [accuracy(), lossMetric(categoricalCrossentropy())]
    const rest = { metrics, createOptimizer: () => sgd({ learningRate: 0 }) }
    const plain = await outcomeOf(experimentWith(rest), { data })
    const weighed = await outcomeOf(
      experimentWith({ ...rest, loss: weighClasses(categoricalCrossentropy(), weightsOfClasses) }),
      { data },
    )
    const { loss, seconds: _time, imagesPerSecond: _speed, ...logs } = weighed.history[0]!
    expect(plain.history[0]).toMatchObject(logs)
    expect(loss).not.toBeCloseTo(plain.history[0]!.loss, 2)
  })

  it('of 1 each change nothing, and a class that is not named counts 1', async () => {
    const plain = await outcomeOf(experimentWith({}))
    for (const weights of [{ rare: 1, usual: 1, none: 1 }, { usual: 1 }]) {
      const weighed = await outcomeOf(experimentWith({ loss: weighClasses(categoricalCrossentropy(), weights) }))
      expectClose(weighed.weights, plain.weights)
    }
  })

  it('that are accumulated are those of the larger batch', async () => {
    const loss = weighClasses(categoricalCrossentropy(), weightsOfClasses)
    const large = await outcomeOf(experimentWith({ loss }), { training: { batchSize: 16 } })
    const createOptimizer = () => accumulateGradients(sgd({ learningRate: 0.1 }), 4)
    const small = await outcomeOf(experimentWith({ loss, createOptimizer }), { training: { batchSize: 4 } })
    expectClose(small.weights, large.weights)
  })
})

describe('balanced classes', () => {
  const fit = (weights: ClassWeights, classNames: readonly string[] = uneven.classNames) =>
    weighClasses(categoricalCrossentropy(), weights).fitted!.fit(uneven.train, classNames)

  it('have the weights of scikit-learn: compute_class_weight("balanced", ...)', () => {
    // 40 samples: 6 of the first class, 17 of the second, 17 of the third.
    const counts = [0, 1, 2].map((label) => [...uneven.train.labels].filter((one) => one === label).length)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40)
    expect(fit('balanced')).toEqual(counts.map((count) => 40 / (3 * count)))
  })

  it('leave out classes that do not occur', () => {
    const { fitted } = weighClasses(categoricalCrossentropy(), 'balanced')
    expect(fitted!.fit({ ...uneven.train, classes: 4 }, [])).toEqual([...fit('balanced'), 1])
  })

  it('count the training samples, not those that are held out', async () => {
    const data = { train: unevenSamples(40), classNames: uneven.classNames }
    // The last fifth is of the second and the third class.
    const split = await outcomeOf(experimentWith({ loss: weighClasses(categoricalCrossentropy(), 'balanced') }), {
      data,
      training: { validationSplit: 0.2 },
    })
    const counts = [0, 1, 2].map(
      (label) => [...data.train.labels.subarray(0, 32)].filter((one) => one === label).length,
    )
    const stated = Object.fromEntries(counts.map((count, index) => [uneven.classNames[index]!, 32 / (3 * count)]))
    const told = await outcomeOf(experimentWith({ loss: weighClasses(categoricalCrossentropy(), stated) }), {
      data,
      training: { validationSplit: 0.2 },
    })
    expect(split.weights).toEqual(told.weights)
  })

  it('are those of all samples in threads too', async () => {
    await startEngine('wasm')
    const experiment = balancedExperiment()
    const one = await outcomeOf(experiment, { training: { threads: 1 } })
    const two = await outcomeOf(experiment, { training: { threads: 2 } })
    const plain = await outcomeOf({ ...experiment, loss: categoricalCrossentropy() }, { training: { threads: 1 } })
    await startEngine('cpu')
    expectClose(two.weights, one.weights, 1e-4)
    expect(one.weights).not.toEqual(plain.weights)
    expectClose(
      two.history.map(({ loss }) => loss),
      one.history.map(({ loss }) => loss),
      1e-4,
    )
  })

  it('may be named by index, unless classes are called by numbers', () => {
    expect(fit({ 0: 4, none: 2 })).toEqual([4, 1, 2])
    expect(fit({ 2: 5 }, ['1', '2', '3'])).toEqual([1, 5, 1])
    expect(() => fit({ 0: 5 }, ['1', '2', '3'])).toThrow(/contains 0, which is not a class of the dataset/)
    expect(() => fit({ 3: 5 })).toThrow(/contains 3, which is not a class/)
    expect(() => fit({ often: 5 })).toThrow(/contains often, which is not a class/)
    const { classes: _none, ...values } = uneven.train
    const { fitted } = weighClasses(categoricalCrossentropy(), 'balanced')
    expect(() => fitted!.fit({ ...values, labels: new Float32Array(40) }, [])).toThrow(/needs class labels/)
  })
})
