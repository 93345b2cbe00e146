/** What leads to no output is not in the model: tf.layers would make its weights, and nothing would dispose them. */
import type { ProgramLayer } from './program.ts'

/**
 * The layers that the outputs depend on, with the inputs of the network. Of one that is applied elsewhere, while nothing
 * depends on what it gives in its own place, the layer stays and the place goes.
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
