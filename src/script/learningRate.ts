/** Learning rates that change. */
import type * as tf from '@tensorflow/tfjs'

/** Sets the learning rate of the steps to come, which TensorFlow.js offers for some optimizers only. */
export function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  if ('setLearningRate' in optimizer) (optimizer as tf.SGDOptimizer).setLearningRate(learningRate)
  else Object.assign(optimizer, { learningRate })
}
