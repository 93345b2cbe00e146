import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { KnownError } from '../../../src/system/knownError.ts'
import { terminateOnNaN } from '../../../src/parts/callbacks/terminateOnNaN.fast.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { type Experiment } from '../../../src/runtime/training/experiment.ts'
import { meanSquaredError } from '../../../src/backends/generated/losses.ts'
import { sgd } from '../../../src/parts/optimizers/sgd.run.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { denseModel, tinyData, tinyExperiment } from '../tinyExperiment.ts'

beforeAll(startCpuEngine)

const watched = (changes: Partial<Experiment>): Experiment =>
  tinyExperiment({ ...changes, createCallbacks: () => [terminateOnNaN()] })

/** Two dense layers, the first with these weights everywhere. */
const withWeights = (value: number) => (seed: number) =>
  tf.sequential({
    name: 'two',
    layers: [
      tf.layers.dense({
        name: 'first',
        inputShape: [2],
        units: 3,
        kernelInitializer: tf.initializers.constant({ value }),
        biasInitializer: tf.initializers.constant({ value }),
      }),
      tf.layers.dense({
        name: 'second',
        units: 2,
        kernelInitializer: tf.initializers.constant({ value: value === 0 ? seed : value }),
      }),
    ],
  })

async function failureOf(experiment: Experiment): Promise<KnownError> {
  const before = tf.memory().numTensors
  const failure = await trainExperiment(experiment).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'training' })
  expect(tf.memory().numTensors).toBe(before)
  return failure as KnownError
}

describe('terminateOnNaN says where it began:', () => {
  it('in a layer whose values overflow, with the largest before it', async () => {
    const { message, help } = await failureOf(watched({ buildModel: withWeights(1e20), loss: meanSquaredError() }))
    expect(message).toMatch(
      /^The loss became (NaN|Infinity) in step 1 of epoch 1: it started in the layer second \(Dense\), whose output is NaN or infinite; the largest value before it is \d\.\d+e\+20, out of first\.$/,
    )
    expect(help).toMatch(/grow from layer to layer: lower the learning rate/)
  })

  it('in the samples', async () => {
    const data = tinyData(50)
    const inputs = Float32Array.from(data.train.inputs as Uint8Array, (value, index) =>
      index === 61 ? Number.NaN : value,
    )
    const loadData = async () => ({ ...data, train: { ...data.train, inputs } })
    const { message, help } = await failureOf(watched({ loadData }))
    expect(message).toMatch(/in step \d of epoch 1: it started in the data: the samples of this batch/)
    expect(help).toMatch(/missing values/)
  })

  it('in the loss', async () => {
    const loss = { name: 'logOfNothing', compute: () => tf.log(tf.scalar(-1)) as tf.Scalar }
    const addLoss = {
      ...loss,
      compute: (_labels: tf.Tensor, predictions: tf.Tensor) =>
        tf.add(tf.mean(predictions), loss.compute()) as tf.Scalar,
    }
    const { message } = await failureOf(watched({ loss: addLoss, buildModel: denseModel }))
    expect(message).toMatch(/it started in the loss, logOfNothing, with predictions up to 0\.\d+\.$/)
  })

  it('in a gradient, of the layer nearest to the output', async () => {
    // The square root of 0 is 0, and its gradient infinite.
    const loss = {
      name: 'rootOfSquares',
      compute: (_labels: tf.Tensor, predictions: tf.Tensor) => tf.mean(tf.sqrt(tf.mul(predictions, 0))) as tf.Scalar,
    }
    const { message, help } = await failureOf(watched({ loss, buildModel: denseModel }))
    expect(message).toMatch(
      /^The weights became NaN or infinite in step 1 of epoch 1: it started in backpropagation, in the gradient of answer\/bias of the layer answer \(Dense\)/,
    )
    expect(help).toMatch(/clip the gradients/)
  })

  it('in the step, where the learning rate is too large, later in the run', async () => {
    const { message } = await failureOf(
      watched({
        buildModel: (seed) => denseModel(seed, { activation: 'linear' }),
        loss: meanSquaredError(),
        createOptimizer: () => sgd({ learningRate: 1e5 }),
        training: { epochs: 2, batchSize: 10, seed: 42, shuffle: true, validationSplit: 0 },
      }),
    )
    expect(message).toMatch(/in step [2-5] of epoch [12]: it started/)
  })
})

it('does not change a run without NaN', async () => {
  const [one, other] = [await trainExperiment(watched({})), await trainExperiment(tinyExperiment())]
  expect(weightsDigest(one.model)).toBe(weightsDigest(other.model))
  for (const { model } of [one, other]) model.dispose()
})
