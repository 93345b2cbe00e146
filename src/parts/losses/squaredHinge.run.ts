import * as tf from '@tensorflow/tfjs'
import { hinge } from './hinge.run.ts'

/** max(0, 1 - target * prediction)² of each unit, for targets -1 and 1 (keras/src/losses/losses.py, squared_hinge). */
export function squaredHinge(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.square(hinge(targets, predictions))
}
