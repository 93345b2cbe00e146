/** Changes of the learning rate. */
import type * as tf from '@tensorflow/tfjs'

/** Sets the learning rate of the next steps, also for optimizers without `setLearningRate`. */
export function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  if ('setLearningRate' in optimizer) (optimizer as tf.SGDOptimizer).setLearningRate(learningRate)
  else Object.assign(optimizer, { learningRate })
}
