/** Layers with an `activityRegularizer`. */
import * as tf from '@tensorflow/tfjs'

/** A layer whose output adds a penalty to the loss. */
interface PenalizedLayer extends tf.layers.Layer {
  /** The penalties of its uses in the present pass; undefined while nobody counts. */
  outputPenalties: tf.Scalar[] | undefined
}

interface Regularizer {
  apply(values: tf.Tensor): tf.Scalar
}

/**
 * Carries out a layer's `activityRegularizer`: the penalty on its output, divided by the samples of the batch as in Keras,
 * is added to the loss. The stock layer throws when it is applied.
 */
export function penalizeOutput(stock: tf.layers.Layer): tf.layers.Layer {
  const layer: PenalizedLayer = Object.assign(stock, { outputPenalties: undefined })
  const regularizer = layer.activityRegularizer as unknown as Regularizer
  Object.assign(layer, { activityRegularizer: null })
  const run = layer.call.bind(layer)
  layer.call = (tensors, settings) => {
    const output = run(tensors, settings) as tf.Tensor
    // A model disposes what its layers made besides their outputs.
    layer.outputPenalties?.push(tf.keep(tf.tidy(() => regularizer.apply(output).div<tf.Scalar>(output.shape[0]!))))
    return output
  }
  return layer
}

/** Runs a model, and returns beside its result the penalties of its layers' outputs in this pass. */
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
