/** Several outputs: what Keras makes of a loss, a weight and metrics for each. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startCpuEngine } from '../../src/runtime/engines/cpuEngine.ts'
import { evaluateModel } from '../../src/runtime/training/evaluation.ts'
import { categoricalCrossentropy } from '../../src/backends/generated/losses.ts'
import { accuracy } from '../../src/runtime/training/metrics.ts'
import { objectivesOf } from '../../src/runtime/training/objective.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { tinyData, tinyExperiment } from './tinyExperiment.ts'
import { twoHeads } from './twoHeads.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'

beforeAll(startCpuEngine)

const inOrder = { epochs: 2, shuffle: false }

/** What tf.layers makes of the same network, data and weights of losses. */
async function fitReference(weights: number[]) {
  const { train } = tinyData(50)
  const model = twoHeads().buildModel(42)
  const samples = tf.tensor2d([...train.inputs], [50, 2]).mul(train.scale)
  const labels = tf.tensor1d([...train.labels], 'int32')
  model.compile({
    optimizer: tf.train.sgd(0.1),
    loss: ['categoricalCrossentropy', 'meanSquaredError'],
  })
  // `lossWeights` of tf.layers 4.22 is not implemented: scale the losses themselves.
  const losses = model.lossFunctions
  model.lossFunctions = losses.map((loss, index) => (y, p) => tf.mul(loss(y, p), weights[index]!))
  const targets = [tf.oneHot(labels, 2).cast('float32'), labels.cast('float32').reshape([50, 1])]
  await model.fit([samples, samples], targets, { ...inOrder, batchSize: 8, verbose: 0 })
  return model.getWeights().map((weight) => [...weight.dataSync()])
}

describe('several outputs', () => {
  it.each([
    [{ value: 0.25 }, [1, 0.25]],
    [{ answer: 0.5, value: 3 }, [0.5, 3]],
    [{}, [1, 1]],
  ])('are trained on the sum of their losses weighted by %j, as tf.layers does', async (lossWeights, weights) => {
    const { model } = await trainExperiment(twoHeads({ lossWeights }), { training: inOrder })
    const expected = await fitReference(weights)
    for (const [index, weight] of model.getWeights().entries()) {
      for (const [at, value] of [...weight.dataSync()].entries()) expect(value).toBeCloseTo(expected[index]![at]!, 5)
    }
    model.dispose()
  })

  it('are logged as Keras names them, and `loss` is what the parts add up to', async () => {
    const { model, history } = await trainExperiment(twoHeads(), { training: { validationSplit: 0.2 } })
    const { epoch, seconds, imagesPerSecond, ...logs } = history[0]!
    expect([epoch, seconds > 0, imagesPerSecond > 0]).toEqual([1, true, true])
    const names = ['loss', 'answer_loss', 'value_loss', 'answer_accuracy', 'value_precision']
    expect(Object.keys(logs)).toEqual([...names, ...names.map((name) => `val_${name}`)])
    const evaluated = await evaluateModel(model, tinyData(50).train, twoHeads(), 8)
    const charge = model.calculateLosses().reduce((sum, penalty) => sum + penalty.dataSync()[0]!, 0)
    const { loss, answer_loss: answer, value_loss: value } = evaluated
    expect(loss).toBeCloseTo(answer! + 0.25 * value! + charge, 5)
    model.dispose()
  })

  it('do not train what has the weight 0', async () => {
    const fresh = twoHeads().buildModel(42)
    const { model } = await trainExperiment(twoHeads({ lossWeights: { value: 0 } }), {
      training: { epochs: 1 },
    })
    // Its bias: the kernel is regularized.
    const bias = (one: tf.LayersModel, layer: string) => [...one.getLayer(layer).getWeights()[1]!.dataSync()]
    expect(bias(model, 'value')).toEqual(bias(fresh, 'value'))
    expect(bias(model, 'answer')).not.toEqual(bias(fresh, 'answer'))
    fresh.dispose()
    model.dispose()
  })

  it('leave no tensors behind', async () => {
    const before = tf.memory().numTensors
    const { model } = await trainExperiment(twoHeads(), { training: { validationSplit: 0.2 } })
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('fail where the losses are not as many', async () => {
    const failing = trainExperiment(twoHeads({ loss: categoricalCrossentropy(), metrics: [] }))
    await expect(failing).rejects.toThrow('The model two-heads has 2 outputs, but the experiment has 1 loss.')
  })
})

describe('one output', () => {
  it('may have a weight, and its logs keep their names', async () => {
    const [plain, halved] = [tinyExperiment(), tinyExperiment({ loss: { answer: categoricalCrossentropy() } })]
    const once = { training: { epochs: 1, shuffle: false } }
    const first = await trainExperiment(plain, once)
    const second = await trainExperiment(
      { ...halved, createOptimizer: () => sgd({ learningRate: 0.2 }), lossWeights: { answer: 0.5 } },
      once,
    )
    expect(Object.keys(second.history[0]!)).toEqual(Object.keys(first.history[0]!))
    expect(second.history[0]!.loss).toBeCloseTo(first.history[0]!.loss / 2, 5)
    first.model.dispose()
    second.model.dispose()
  })

  it('may be called as a part of a loss is', () => {
    const loss = categoricalCrossentropy()
    const metrics = [accuracy()]
    expect(objectivesOf({ loss: { compute: loss }, metrics: { compute: metrics } })).toEqual([
      { prefix: '', loss, weight: 1, metrics },
    ])
  })
})
