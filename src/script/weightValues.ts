import * as tf from '@tensorflow/tfjs'

/** The values of weights, in the order of the model, away from the engine. */
export type WeightValues = readonly tf.TypedArray[]

/** A copy of the model's weights, those that training leaves alone included. */
export function copyWeights(model: tf.LayersModel): WeightValues {
  return model.weights.map((weight) => weight.read().dataSync().slice())
}

/** Gives the model weights that were copied from it, or from one like it: bit for bit, past all constraints. */
export function assignWeights(model: tf.LayersModel, values: WeightValues): void {
  for (const [index, weight] of model.weights.entries()) assignValues(weight.read() as tf.Variable, values[index]!)
}

/** Gives a variable of the engine other values. */
export function assignValues(variable: tf.Variable, values: tf.TypedArray): void {
  const { shape, dtype } = variable
  const assigned = tf.tensor(values, shape, dtype)
  variable.assign(assigned)
  assigned.dispose()
}
