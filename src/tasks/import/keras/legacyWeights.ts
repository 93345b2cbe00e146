/** Finds weights in an .h5 file of Keras: a group for each layer of the model, with the names of its arrays in order. */
import type { Hdf5File } from './hdf5.ts'
import { misread, type KerasLayer, type KerasModel } from './kerasModel.ts'
import { shareByOrder, type WeightSource } from './assignWeights.ts'
import type { StoredArray } from './storedArray.ts'

/** @param root The group of the layers: `model_weights` in a file that has the model too. */
export function legacyWeights(file: Hdf5File, model: KerasModel, root: string, path: string): WeightSource {
  return (leaves) => {
    const found = new Map<KerasLayer, readonly StoredArray[]>()
    for (const layer of model.layers) {
      const inside = layersIn(layer)
      const own = leaves
        .filter((leaf) => inside.has(leaf.layer))
        .toSorted((a, b) => inside.get(a.layer)! - inside.get(b.layer)!)
      if (own.length === 0) continue
      const group = `${root}/${layer.name}`
      const arrays = (file.listAttribute(group, 'weight_names') ?? []).map((name) => {
        const array = file.array(`${group}/${name}`)
        if (array === undefined) throw misread(path, `the array \`${name}\` of \`${layer.name}\` is missing`)
        return array
      })
      const shared = shareByOrder(own, arrays, isFrozenIn(layer))
      // A single layer is reported with the number of its arrays.
      if (shared === undefined) own.forEach((leaf) => found.set(leaf.layer, own.length === 1 ? arrays : []))
      else for (const [one, list] of shared) found.set(one, list)
    }
    return found
  }
}

/** The layers in a layer that may be a model, with their places. */
function layersIn(layer: KerasLayer): Map<KerasLayer, number> {
  const flat = (one: KerasLayer): KerasLayer[] => (one.model ? one.model.layers.flatMap(flat) : [one])
  return new Map(flat(layer).map((one, place) => [one, place]))
}

/** Whether a layer, or a model that it is in, is frozen: all of its weights then count as not trainable. */
function isFrozenIn(outer: KerasLayer): (layer: KerasLayer) => boolean {
  const frozen = new Set<KerasLayer>()
  const visit = (one: KerasLayer, isFrozen: boolean): void => {
    const own = isFrozen || one.config['trainable'] === false
    if (own) frozen.add(one)
    one.model?.layers.forEach((inner) => visit(inner, own))
  }
  visit(outer, false)
  return (layer) => frozen.has(layer)
}
