/**
 * Replaces the `call` of one layer while a step runs, to read the values before its activation.
 *
 * Upstream: none; tf.layers does not return the values before an activation
 * Test: test/runtime/probabilityLogits.test.ts
 * Until: the last activation is a separate layer in every network
 */
import type * as tf from '@tensorflow/tfjs'

type LayerCall = tf.layers.Layer['call']

/** @returns A function that restores the layer. */
export function replaceCall(
  layer: tf.layers.Layer,
  replacement: (call: LayerCall, ...given: Parameters<LayerCall>) => ReturnType<LayerCall>,
): () => void {
  const hadOwnCall = Object.hasOwn(layer, 'call')
  const { call } = layer
  layer.call = (inputs, settings) => replacement(call.bind(layer), inputs, settings)
  return () => {
    if (hadOwnCall) layer.call = call
    else Reflect.deleteProperty(layer, 'call')
  }
}
