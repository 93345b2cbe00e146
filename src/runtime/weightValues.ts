import * as tf from '@tensorflow/tfjs'

/** The values of weights, in the order of the model, away from the engine. */
export type WeightValues = readonly tf.TypedArray[]

/** A copy of the model's weights, those that training leaves alone included. */
export function copyWeights(model: tf.LayersModel): WeightValues {
  return model.getWeights().map((weight) => weight.dataSync().slice())
}

/** Gives the model weights that were copied from it, or from one like it. */
export function assignWeights(model: tf.LayersModel, values: WeightValues): void {
  tf.tidy(() => {
    const tensors = model.getWeights().map(({ shape, dtype }, index) => tf.tensor(values[index]!, shape, dtype))
    model.setWeights(tensors)
  })
}
