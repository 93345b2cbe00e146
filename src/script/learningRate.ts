/** Learning rates that change. */
import * as tf from '@tensorflow/tfjs'

/** Sets the learning rate of the steps to come, which TensorFlow.js offers for some optimizers only. */
export function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  if (optimizer instanceof tf.SGDOptimizer) optimizer.setLearningRate(learningRate)
  else Object.assign(optimizer, { learningRate })
}
