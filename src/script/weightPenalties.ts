/** Adds the penalties of regularizers on weights to the loss. */
import type * as tf from '@tensorflow/tfjs'

/** A layer with layers in it: `bidirectional`, `timeDistributed`, a recurrent layer, or the cells of one. */
interface OuterLayer extends tf.layers.Layer {
  readonly forwardLayer?: OuterLayer
  readonly backwardLayer?: OuterLayer
  readonly layer?: OuterLayer
  readonly cell?: OuterLayer
  readonly cells?: readonly OuterLayer[]
}

/**
 * Returns the penalties on the weights of a network, of each weight once. `calculateLosses` of TensorFlow.js leaves out
 * those of recurrent cells, and counts those of a layer again for each use; Keras does neither.
 */
export function weightPenalties(network: tf.LayersModel): tf.Scalar[] {
  return network.layers.flatMap(penaltiesOf)
}

function penaltiesOf(layer: OuterLayer): tf.Scalar[] {
  const { forwardLayer, backwardLayer, layer: wrapped, cell, cells = [] } = layer
  // The layer that `bidirectional` was given has no weights, only its two copies do.
  const inner = forwardLayer ? [forwardLayer, backwardLayer] : [wrapped, cell, ...cells]
  const owners = inner.filter((one) => one !== undefined)
  return owners.length > 0 ? owners.flatMap(penaltiesOf) : layer.calculateLosses()
}
