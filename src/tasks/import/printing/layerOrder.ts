/**
 * Orders the layers of a network so that each branch is written from its beginning to its end. Files list layers in other
 * orders: Keras by their distance from the output, so that two branches alternate, and no run of layers is in one place.
 */
import { isInput } from '../../../parts/layers/table.ts'
import type { ImportedLayer, ImportedNetwork } from '../importedNetwork.ts'

/**
 * Returns the inputs, then the layers that each output needs, each after the layers that it takes and applies, and as late as
 * possible. Layers that no output needs come last.
 */
export function orderLayers({ layers, outputs }: ImportedNetwork): ImportedLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const ordered = new Set(layers.filter(({ type }) => isInput(type)))
  for (const name of [...outputs, ...layers.map((layer) => layer.name)]) {
    // Not recursive, since a chain may have 100,000 layers.
    const waiting = [byName.get(name)!]
    while (waiting.length > 0) {
      const layer = waiting.at(-1)!
      const needed = neededBy(layer).map((one) => byName.get(one)!)
      const next = needed.find((one) => !ordered.has(one))
      if (next !== undefined) waiting.push(next)
      else ordered.add(waiting.pop()!)
    }
  }
  return [...ordered]
}

function neededBy({ applies, inputs }: ImportedLayer): readonly string[] {
  return applies === undefined ? inputs : [applies, ...inputs]
}
