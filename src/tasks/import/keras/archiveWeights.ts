/** Finds weights in the `model.weights.h5` of a .keras file, whose groups are named by the classes of layers. */
import { kerasGroups } from '../../../runtime/formats/kerasGroups.ts'
import { asList, asObject, asText, type Json, type JsonObject } from '../readJson.ts'
import type { Hdf5File } from './hdf5.ts'
import type { KerasLayer, KerasModel } from './kerasModel.ts'
import { operationOf } from './operations.ts'
import type { WeightSource } from './assignWeights.ts'
import type { StoredArray } from './storedArray.ts'

export function archiveWeights(file: Hdf5File, model: KerasModel): WeightSource {
  return (leaves) => {
    // Here, since the file is open until this returns or throws.
    const paths = new Map<KerasLayer, string>()
    placeLayers(model, '', file, paths)
    return new Map(leaves.map(({ layer }) => [layer, arraysIn(file, paths.get(layer) ?? '', layer.config)]))
  }
}

/** Computes the group of each layer: `layers/conv2d_1` for the second Conv2D of a model. */
function placeLayers(model: KerasModel, path: string, file: Hdf5File, paths: Map<KerasLayer, string>): void {
  // Keras 2.12 named the group after the attribute that holds the layers.
  const folder = file.names(path).includes('layers') ? 'layers' : '_layer_checkpoint_dependencies'
  const isStored = (layer: KerasLayer) =>
    operationOf(layer) === undefined && !(layer.className === 'InputLayer' && model.isSequential)
  const layers = model.layers.filter(isStored)
  const groups = kerasGroups(layers.map(({ className }) => className))
  for (const [index, layer] of layers.entries()) {
    const own = `${path}/${folder}/${groups[index]}`
    paths.set(layer, own)
    if (layer.model) placeLayers(layer.model, own, file, paths)
  }
}

/** The parts of a layer that have weights of their own, in their order. */
const parts = ['cell', 'forward_layer', 'backward_layer', 'layer']

/** The arrays of a layer, then those of its parts. */
function arraysIn(file: Hdf5File, path: string, config: JsonObject, depth = 0): StoredArray[] {
  const names = file.names(path)
  const own = numbered(file.names(`${path}/vars`)).flatMap((name) => file.array(`${path}/vars/${name}`) ?? [])
  if (depth > 4) return own
  const inner = parts
    .filter((part) => names.includes(part))
    .flatMap((part) => arraysIn(file, `${path}/${part}`, configOf(config[part] ?? config['layer']), depth + 1))
  // The groups of stacked cells are named by their classes, so only the config has their order.
  const cells = asList(config['cells']) ?? []
  const groups = kerasGroups(cells.map((cell) => asText(asObject(cell)?.['class_name']) ?? ''))
  const stacked = groups.flatMap((group, index) =>
    arraysIn(file, `${path}/cells/${group}`, configOf(cells[index]), depth + 1),
  )
  return [...own, ...inner, ...stacked]
}

function configOf(part: Json | undefined): JsonObject {
  return asObject(asObject(part)?.['config']) ?? {}
}

function numbered(names: readonly string[]): string[] {
  return names.filter((name) => /^\d+$/.test(name)).toSorted((a, b) => Number(a) - Number(b))
}
