/** Adds the penalties of layers with an `activityRegularizer` to the loss. */
import * as tf from '@tensorflow/tfjs'

/** A layer whose output adds a penalty to the loss. */
interface PenalizedLayer extends tf.layers.Layer {
  /** The penalties of the current forward pass, one per application; undefined outside `withOutputPenalties`. */
  outputPenalties: tf.Scalar[] | undefined
}

interface Regularizer {
  apply(values: tf.Tensor): tf.Scalar
}

/**
 * Implements a layer's `activityRegularizer`, for which the stock layer throws: the penalty on its output, divided by the
 * batch size as in Keras, is added to the loss.
 */
export function penalizeOutput(stock: tf.layers.Layer): tf.layers.Layer {
  const layer: PenalizedLayer = Object.assign(stock, { outputPenalties: undefined })
  const regularizer = layer.activityRegularizer as unknown as Regularizer
  Object.assign(layer, { activityRegularizer: null })
  const run = layer.call.bind(layer)
  layer.call = (tensors, settings) => {
    const output = run(tensors, settings) as tf.Tensor
    // A model disposes all tensors of its layers except their outputs, so the penalty is kept.
    layer.outputPenalties?.push(tf.keep(tf.tidy(() => regularizer.apply(output).div<tf.Scalar>(output.shape[0]!))))
    return output
  }
  return layer
}

/** Runs a model and returns its result with the penalties of its layers' outputs. */
export function withOutputPenalties<Result>(
  model: tf.LayersModel,
  run: () => Result,
): { readonly result: Result; readonly penalties: tf.Scalar[] } {
  const penalized = model.layers.filter((layer): layer is PenalizedLayer => 'outputPenalties' in layer)
  for (const layer of penalized) layer.outputPenalties = []
  try {
    const result = run()
    return { result, penalties: penalized.flatMap((layer) => layer.outputPenalties!.map((kept) => tf.clone(kept))) }
  } finally {
    for (const layer of penalized) {
      tf.dispose(layer.outputPenalties)
      layer.outputPenalties = undefined
    }
  }
}
