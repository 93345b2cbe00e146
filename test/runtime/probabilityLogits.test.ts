// Losses of networks that end in softmax or sigmoid, where float32 probabilities are 0 or 1: what Keras 3.15 on TensorFlow
// 2.21 computes for the same weights and samples, its weights after a step of gradient descent, and that such networks learn.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { type Samples } from '../../src/runtime/data/samples.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { evaluateModel } from '../../src/runtime/training/evaluation.ts'
import { type Experiment } from '../../src/runtime/training/experiment.ts'
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  kullbackLeiblerDivergence,
  meanSquaredError,
} from '../../src/backends/generated/losses.ts'
import { accuracy, lossMetric } from '../../src/runtime/training/metrics.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { engineStarts } from './engineStarts.ts'
import { answers, bias, cases, classes, inputs, kernel, type SaturatedCase } from './saturatedCases.ts'

type Activation = 'softmax' | 'sigmoid'
type Head = (units: number, activation: Activation) => tf.layers.Layer[]

const initial = (units: number) => ({
  units,
  kernelInitializer: fixed(() => kernel.flatMap((row) => row.slice(0, units))),
  biasInitializer: fixed(() => bias.slice(0, units)),
})

/** Ways to end in an activation; each but the last has its logits in a layer that can be looked through. */
const heads: Readonly<Record<string, Head>> = {
  'an activation of dense': (units, activation) => [dense({ ...initial(units), activation })],
  'the layer activation': (units, activation) => [dense(initial(units)), tf.layers.activation({ activation })],
  'the layer softmax': (units, activation) => [
    dense(initial(units)),
    activation === 'softmax' ? tf.layers.softmax({ axis: -1 }) : tf.layers.activation({ activation }),
  ],
  'an activation of conv1d': (units, activation) => [
    tf.layers.reshape({ inputShape: [3], targetShape: [1, 3] }),
    tf.layers.conv1d({ ...withFilters(units), kernelSize: 1, activation }),
    tf.layers.flatten(),
  ],
  'an activation of conv2d': (units, activation) => [
    tf.layers.reshape({ inputShape: [3], targetShape: [1, 1, 3] }),
    tf.layers.conv2d({ ...withFilters(units), kernelSize: 1, activation }),
    tf.layers.reshape({ targetShape: [units] }),
  ],
  timeDistributed: (units, activation) => [
    tf.layers.reshape({ inputShape: [3], targetShape: [1, 3] }),
    tf.layers.timeDistributed({ layer: tf.layers.dense({ ...initial(units), activation }) }),
    tf.layers.flatten(),
  ],
}

function dense(options: Parameters<typeof tf.layers.dense>[0]): tf.layers.Layer {
  return tf.layers.dense({ ...options, inputShape: [3] })
}

function withFilters(units: number) {
  const { units: filters, ...rest } = initial(units)
  return { ...rest, filters }
}

/** tf.layers has no initializer for stated values. */
function fixed(values: () => number[]) {
  const initializer = tf.initializers.zeros()
  initializer.apply = (shape) => tf.tensor(values(), shape as number[])
  return initializer
}

function samplesOf(labels: Uint8Array): Samples {
  return { inputs: Float32Array.from(inputs.flat()), sampleShape: [3], scale: 1, labels, count: 4, classes: 3 }
}

function experimentOf(
  { loss, units, labels }: Pick<SaturatedCase, 'loss' | 'units' | 'labels'>,
  head: Head,
): Experiment {
  const activation = loss.name === 'binaryCrossentropy' ? 'sigmoid' : 'softmax'
  return {
    name: 'saturated',
    buildModel: () => tf.sequential({ layers: head(units, activation) }),
    loadData: async () => ({ train: samplesOf(labels), classNames: ['0', '1', '2'] }),
    createOptimizer: () => sgd({ learningRate: 0.01 }),
    loss,
    metrics: [lossMetric({ ...loss, name: 'beside' })],
    training: { epochs: 1, batchSize: 4, seed: 1, shuffle: false, validationSplit: 0 },
  }
}

const close = (values: readonly number[], digits: number) => values.map((value) => expect.closeTo(value, digits))

describe.each(['cpu', 'wasm', 'node'] as const)('on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  describe.each(Object.entries(heads))('%s', (_name, head) => {
    it.skipIf(!works).each(Object.entries(cases))('%s', async (_loss, one) => {
      await startEngine(engine)
      const experiment = experimentOf(one, head)
      const { train } = await experiment.loadData()
      const untrained = experiment.buildModel(1)
      const tensors = tf.memory().numTensors
      const evaluated = await evaluateModel(untrained, train, experiment, 4)
      expect(evaluated).toEqual({ loss: expect.closeTo(one.evaluated, 4), beside: expect.closeTo(one.evaluated, 4) })
      expect(tf.memory().numTensors).toBe(tensors)
      untrained.dispose()
      const { model, history } = await trainExperiment(experiment)
      expect(history[0]!.loss).toBeCloseTo(one.trained, 4)
      const [trainedKernel, trainedBias] = model.getWeights().map((weight) => [...weight.dataSync()])
      expect(trainedKernel).toEqual(close(one.kernel.flat(), 5))
      expect(trainedBias).toEqual(close(one.bias, 5))
      model.dispose()
    })
  })

  // Thirty steps, most of which repeat the record of the third.
  it.skipIf(!works).each([
    ['categoricalCrossentropy', categoricalCrossentropy(), 3, classes, 'softmax'],
    ['kullbackLeiblerDivergence', kullbackLeiblerDivergence(), 3, classes, 'softmax'],
    ['binaryCrossentropy of softmax', binaryCrossentropy(), 3, classes, 'softmax'],
    ['binaryCrossentropy', binaryCrossentropy(), 1, answers, 'sigmoid'],
    ['kullbackLeiblerDivergence of sigmoid', kullbackLeiblerDivergence(), 3, classes, 'sigmoid'],
  ] as const)('learns from a saturated start with %s', async (_name, loss, units, labels, activation) => {
    await startEngine(engine)
    const experiment: Experiment = {
      ...experimentOf({ loss, units, labels }, heads['an activation of dense']!),
      buildModel: () => tf.sequential({ layers: [dense({ ...initial(units), activation })] }),
      createOptimizer: () => sgd({ learningRate: 2 }),
      metrics: loss.name === 'kullbackLeiblerDivergence' ? [] : [accuracy()],
    }
    const { model, history } = await trainExperiment(experiment, { training: { epochs: 30 } })
    expect(history[0]!.loss).toBeGreaterThan(5)
    expect(history.at(-1)!.loss).toBeLessThan(0.5)
    model.dispose()
  })
})

/** log(e^x + ...) in float64. */
function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values)
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}

describe('losses of the logits of softmax', () => {
  const rows = [
    [40, -20, 3],
    [0.5, 0.5, -1],
    [2, 2, 2],
    [-90, 30, 5],
    [1.5, 0.2, -0.4],
  ]
  const targets = [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
    [0.2, 0.3, 0.5],
  ]
  const formulas = {
    kullbackLeiblerDivergence: (row: number[], wanted: number[]) =>
      wanted.reduce((sum, t, unit) => {
        const bounded = Math.max(t, 1e-7)
        return sum + bounded * (Math.log(bounded) - (row[unit]! - logSumExp(row)))
      }, 0),
    binaryCrossentropy: (row: number[], wanted: number[]) =>
      wanted.reduce((sum, t, unit) => {
        const others = logSumExp(row.filter((_, other) => other !== unit))
        return sum - (t * row[unit]! + (1 - t) * others - logSumExp(row)) / wanted.length
      }, 0),
  }
  it.each([kullbackLeiblerDivergence(), binaryCrossentropy()])('$name', async ({ name, ofLogits }) => {
    const formula = formulas[name as keyof typeof formulas]
    const mean = (given: number[][]) =>
      given.reduce((sum, row, sample) => sum + formula(row, targets[sample]!), 0) / given.length
    for (const engine of ['cpu', 'wasm'] as const) {
      await startEngine(engine)
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => ofLogits!.softmax!.compute(tf.tensor2d(targets), x))(
        tf.tensor2d(rows),
      )
      expect(value.dataSync()[0]).toBeCloseTo(mean(rows), 4)
      const slopes = rows.flatMap((row, sample) =>
        row.map((_, unit) => {
          const moved = (by: number) =>
            rows.map((one, index) => (index === sample ? one.with(unit, one[unit]! + by) : one))
          return (mean(moved(1e-4)) - mean(moved(-1e-4))) / 2e-4
        }),
      )
      expect([...grad.dataSync()]).toEqual(close(slopes, 4))
    }
  })
})

describe('layers whose call is not that of tf.layers', () => {
  it('what is around the activation sees its probabilities', async () => {
    await startEngine('cpu')
    const seen: number[] = []
    const watched = () => {
      const layer = dense({ ...initial(3), activation: 'softmax' })
      const run = layer.call.bind(layer)
      layer.call = (tensors, settings) => {
        const output = run(tensors, settings) as tf.Tensor
        seen.push(...output.sum(-1).dataSync())
        return output
      }
      return layer
    }
    const one = cases['categoricalCrossentropy']!
    const model = tf.sequential({ layers: [watched()] })
    const { call } = model.layers[0]!
    const logs = await evaluateModel(model, samplesOf(classes), experimentOf(one, heads['timeDistributed']!), 4)
    expect(logs['loss']).toBeCloseTo(24.17535, 4)
    expect(seen).toEqual(close([1, 1, 1, 1], 6))
    expect(model.layers[0]!.call).toBe(call)
  })

  it('probabilities that change after the activation are taken as they are', async () => {
    await startEngine('cpu')
    const layer = dense({ ...initial(3), activation: 'softmax' })
    const run = layer.call.bind(layer)
    layer.call = (tensors, settings) => tf.add(tf.mul(run(tensors, settings) as tf.Tensor, 0.7), 0.1)
    const model = tf.sequential({ layers: [layer] })
    const one = cases['categoricalCrossentropy']!
    const logs = await evaluateModel(model, samplesOf(classes), experimentOf(one, heads['timeDistributed']!), 4)
    // For the first sample, the logits of the right class and another are 7 and 8.5; the right class of the others has 0.
    const first = 0.1 + 0.7 / (1 + Math.exp(1.5))
    expect(logs['loss']).toBeCloseTo(-(Math.log(first) + 3 * Math.log(0.1)) / 4, 5)
  })
})

describe('outputs that others use', () => {
  it('an output that feeds another output takes both gradients', async () => {
    await startEngine('cpu')
    const build = (fromLogits: boolean) => {
      const input = tf.input({ shape: [3] })
      const logits = tf.layers.dense({ name: 'logits', ...initial(3) }).apply(input)
      const softmax = tf.layers.activation({ name: 'kind', activation: 'softmax' }).apply(logits) as tf.SymbolicTensor
      const sum = tf.layers.dense({ name: 'sum', units: 3, kernelInitializer: 'ones' }).apply(softmax)
      const first = fromLogits ? logits : softmax
      return tf.model({ inputs: input, outputs: [first as tf.SymbolicTensor, sum as tf.SymbolicTensor] })
    }
    const train = async (fromLogits: boolean) => {
      const experiment: Experiment = {
        ...experimentOf(cases['categoricalCrossentropy']!, heads['timeDistributed']!),
        buildModel: () => build(fromLogits),
        loss: { kind: categoricalCrossentropy({ fromLogits }), sum: meanSquaredError() },
        metrics: {},
      }
      const { model, history } = await trainExperiment(experiment, { training: { epochs: 3 } })
      const { seconds: _s, imagesPerSecond: _i, ...logs } = history.at(-1)!
      return { weights: model.getWeights().flatMap((weight) => [...weight.dataSync()]), logs: Object.values(logs) }
    }
    const [recovered, stated] = [await train(false), await train(true)]
    expect(recovered.weights).toEqual(close(stated.weights, 5))
    expect(recovered.logs).toEqual(close(stated.logs, 4))
  })

  it('a layer that is used twice gives each output its own logits', async () => {
    await startEngine('cpu')
    const build = () => {
      const input = tf.input({ shape: [3] })
      const shared = tf.layers.dense({ name: 'shared', ...initial(3), activation: 'softmax' })
      const half = tf.layers.dense({
        name: 'half',
        units: 3,
        kernelInitializer: tf.initializers.identity({ gain: 0.5 }),
      })
      const outputs = [shared.apply(input), shared.apply(half.apply(input) as tf.SymbolicTensor)] as tf.SymbolicTensor[]
      return tf.model({ inputs: input, outputs })
    }
    const experiment: Experiment = {
      ...experimentOf(cases['categoricalCrossentropy']!, heads['timeDistributed']!),
      buildModel: build,
      loss: { whole: categoricalCrossentropy(), half: categoricalCrossentropy() },
      metrics: {},
    }
    const logs = await evaluateModel(build(), samplesOf(classes), experiment, 4)
    const halved = inputs.map((row) =>
      kernel[0]!.map((_, unit) => row.reduce((sum, x, i) => sum + (x / 2) * kernel[i]![unit]!, bias[unit]!)),
    )
    const wanted = halved.reduce((sum, row, sample) => sum + logSumExp(row) - row[classes[sample]!]!, 0) / 4
    expect(logs).toEqual({
      loss: expect.closeTo(24.17535 + wanted, 4),
      whole_loss: expect.closeTo(24.17535, 4),
      half_loss: expect.closeTo(wanted, 4),
    })
  })
})
