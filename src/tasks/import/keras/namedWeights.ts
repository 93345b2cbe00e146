/** Finds weights by name, as TensorFlow.js does: those of a layer begin with its name. */
import type { KerasLayer, KerasModel } from './kerasModel.ts'
import { shareByOrder, type WeightSource } from './assignWeights.ts'
import type { StoredArray } from './storedArray.ts'

export function namedWeights(arrays: readonly StoredArray[], model: KerasModel): WeightSource {
  return (leaves) => {
    const byName = new Map(leaves.map(({ layer }) => [layer.name, layer]))
    const found = new Map<KerasLayer, StoredArray[]>(leaves.map(({ layer }) => [layer, []]))
    // Nested models may have layers of equal names, whose arrays then only differ in their order.
    const isAmbiguous = byName.size < leaves.length
    for (const array of isAmbiguous ? [] : arrays) {
      const owner = ownerOf(array.name, byName)
      if (owner !== undefined) found.get(owner)!.push(array)
    }
    if (leaves.every(({ layer, expected }) => found.get(layer)!.length === expected.length)) return found
    const order = new Map(layersOf(model).map((layer, place) => [layer, place]))
    const ordered = leaves.toSorted((a, b) => order.get(a.layer)! - order.get(b.layer)!)
    return shareByOrder(ordered, arrays, ({ config }) => config['trainable'] === false) ?? found
  }
}

/** The layer with the longest name that the name of an array begins with. */
function ownerOf(name: string, layers: ReadonlyMap<string, KerasLayer>): KerasLayer | undefined {
  const steps = name.split('/')
  for (let length = steps.length - 1; length > 0; length -= 1) {
    const layer = layers.get(steps.slice(0, length).join('/'))
    if (layer !== undefined) return layer
  }
  return undefined
}

function layersOf(model: KerasModel): KerasLayer[] {
  return model.layers.flatMap((layer) => (layer.model ? layersOf(layer.model) : [layer]))
}
