/** The plain formula of each loss, which scripts link, gives the values and gradients of the loss that `train` minimizes. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { binaryCrossentropy, binaryCrossentropyOfSoftmax } from '../../../src/parts/losses/binaryCrossentropy.run.ts'
import { categoricalCrossentropy } from '../../../src/parts/losses/categoricalCrossentropy.run.ts'
import { huberLoss } from '../../../src/parts/losses/huberLoss.run.ts'
import { divergenceOfLogarithms } from '../../../src/parts/losses/kullbackLeiblerDivergence.run.ts'
import { meanAbsolutePercentageError } from '../../../src/parts/losses/meanAbsolutePercentageError.run.ts'
import { startWasmEngine } from '../../../src/runtime/engines/wasmEngine.ts'
import type { Loss } from '../../../src/runtime/training/loss.ts'
import * as trained from '../../../src/backends/generated/losses.ts'

beforeAll(startWasmEngine)

type Formula = (targets: tf.Tensor, predictions: tf.Tensor) => tf.Tensor

const smoothing = { labelSmoothing: 0.1 }

/** Those that `train` computes in another form than the file of the loss. */
const cases: Readonly<Record<string, readonly [Formula, Loss]>> = {
  categoricalCrossentropy: [categoricalCrossentropy, trained.categoricalCrossentropy()],
  'categoricalCrossentropy with smoothing': [
    (targets, predictions) => categoricalCrossentropy(targets, predictions, smoothing),
    trained.categoricalCrossentropy(smoothing),
  ],
  'categoricalCrossentropy of logits': [
    (targets, logits) => tf.losses.softmaxCrossEntropy(targets, logits),
    trained.categoricalCrossentropy().ofLogits!.softmax!,
  ],
  'categoricalCrossentropy of logits with smoothing': [
    (targets, logits) => tf.losses.softmaxCrossEntropy(targets, logits, undefined, 0.1),
    trained.categoricalCrossentropy(smoothing).ofLogits!.softmax!,
  ],
  binaryCrossentropy: [binaryCrossentropy, trained.binaryCrossentropy()],
  'binaryCrossentropy of softmax': [
    (targets, logits) => binaryCrossentropyOfSoftmax(targets, logits, smoothing),
    trained.binaryCrossentropy(smoothing).ofLogits!.softmax!,
  ],
  'binaryCrossentropy of sigmoid': [
    (targets, logits) => tf.losses.sigmoidCrossEntropy(targets, logits, undefined, 0.1),
    trained.binaryCrossentropy(smoothing).ofLogits!.sigmoid!,
  ],
  'kullbackLeiblerDivergence of softmax': [
    (targets, logits) => divergenceOfLogarithms(targets, tf.logSoftmax(logits)),
    trained.kullbackLeiblerDivergence().ofLogits!.softmax!,
  ],
  'kullbackLeiblerDivergence of sigmoid': [
    (targets, logits) => divergenceOfLogarithms(targets, tf.logSigmoid(logits)),
    trained.kullbackLeiblerDivergence().ofLogits!.sigmoid!,
  ],
  huberLoss: [
    (targets, predictions) => huberLoss(targets, predictions, { delta: 0.3 }),
    trained.huberLoss({ delta: 0.3 }),
  ],
  'huberLoss of TensorFlow.js': [
    (targets, predictions) => tf.losses.huberLoss(targets, predictions, undefined, 0.3),
    trained.huberLoss({ delta: 0.3 }),
  ],
  meanSquaredError: [
    (targets, predictions) => tf.losses.meanSquaredError(targets, predictions),
    trained.meanSquaredError(),
  ],
  meanAbsoluteError: [
    (targets, predictions) => tf.losses.absoluteDifference(targets, predictions),
    trained.meanAbsoluteError(),
  ],
  meanAbsolutePercentageError: [meanAbsolutePercentageError, trained.meanAbsolutePercentageError()],
}

describe.each(['cpu', 'wasm'])('on %s', (engine) => {
  it.each(Object.entries(cases))('%s', async (name, [formula, loss]) => {
    await tf.setBackend(engine)
    const classes = tf.tensor1d([0, 1, 4, 3, 2, 2, 1], 'int32')
    const targets = tf.cast(tf.oneHot(classes, 5), 'float32')
    const values = tf.randomNormal([7, 5], 0, 2, 'float32', 3)
    const predictions = name.includes(' of s') || name.includes('logits') ? values : tf.softmax(values)
    const plain = tf.valueAndGrad((given) => tf.mean(formula(targets, given as tf.Tensor)))(predictions)
    const fast = tf.valueAndGrad((given) => loss.compute(classes, given as tf.Tensor))(predictions)
    const scale = Math.max(1, Math.abs(fast.value.dataSync()[0]!))
    expect(Math.abs(plain.value.dataSync()[0]! - fast.value.dataSync()[0]!)).toBeLessThanOrEqual(1e-6 * scale)
    const difference = tf.norm(tf.sub(plain.grad, fast.grad)).dataSync()[0]!
    expect(difference).toBeLessThanOrEqual(1e-5 * tf.norm(fast.grad).dataSync()[0]! + 1e-7)
  })
})
