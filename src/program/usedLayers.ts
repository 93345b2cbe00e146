/** Finds the layers that lead to an output. Others are omitted from the model: tf.layers would create weights for them that are never disposed. */
import type { ProgramLayer } from './program.ts'

/**
 * Returns the inputs of the network and the layers that the outputs depend on. A layer that is only applied elsewhere is
 * kept without its inputs and marked as unused at its own place.
 */
export function findUsedLayers(layers: readonly ProgramLayer[], outputs: readonly string[]): readonly ProgramLayer[] {
  const used = new Set(outputs)
  const applied = new Set<string>()
  for (const layer of layers.toReversed()) {
    if (!used.has(layer.name)) continue
    for (const name of layer.inputs) used.add(name)
    if ('applies' in layer) applied.add(layer.applies)
  }
  return layers.flatMap((layer) => {
    const isUsed = layer.inputs.length === 0 || used.has(layer.name)
    if (isUsed) return [layer]
    return applied.has(layer.name) ? [{ ...layer, inputs: [], isUsed }] : []
  })
}
