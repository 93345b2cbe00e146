/** Copies the weights of models. */
import * as tf from '@tensorflow/tfjs'

/** The values of weights, in the order of the model, outside the engine. */
export type WeightValues = readonly tf.TypedArray[]

/** Copies all weights of a model, including non-trainable ones. */
export function copyWeights(model: tf.LayersModel): WeightValues {
  return model.weights.map((weight) => weight.read().dataSync().slice())
}

/** Assigns copied weights to their model or an equal one, bit for bit and without applying constraints. */
export function assignWeights(model: tf.LayersModel, values: WeightValues): void {
  for (const [index, weight] of model.weights.entries()) assignValues(weight.read() as tf.Variable, values[index]!)
}

/** Assigns values to a variable of the engine. */
export function assignValues(variable: tf.Variable, values: tf.TypedArray): void {
  const { shape, dtype } = variable
  const assigned = tf.tensor(values, shape, dtype)
  variable.assign(assigned)
  assigned.dispose()
}
