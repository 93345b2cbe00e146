/** Finds weights in the `model.weights.h5` of a .keras file, whose groups are named by the classes of layers. */
import type { Hdf5File } from './hdf5.ts'
import type { KerasLayer, KerasModel } from './kerasModel.ts'
import { operationOf } from './operations.ts'
import type { StoredArray, WeightSource } from './storedArray.ts'

export function archiveWeights(file: Hdf5File, model: KerasModel): WeightSource {
  const paths = new Map<KerasLayer, string>()
  placeLayers(model, '', file, paths)
  return (leaves) => new Map(leaves.map(({ layer }) => [layer, arraysIn(file, paths.get(layer) ?? '')]))
}

/** Computes the group of each layer: `layers/conv2d_1` for the second Conv2D of a model. */
function placeLayers(model: KerasModel, path: string, file: Hdf5File, paths: Map<KerasLayer, string>): void {
  // Keras 2.12 named the group after the attribute that holds the layers.
  const folder = file.names(path).includes('layers') ? 'layers' : '_layer_checkpoint_dependencies'
  const counts = new Map<string, number>()
  for (const layer of model.layers) {
    const isInput = layer.className === 'InputLayer' && model.isSequential
    if (isInput || operationOf(layer) !== undefined) continue
    const name = snakeCase(layer.className)
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    const own = `${path}/${folder}/${count === 0 ? name : `${name}_${count}`}`
    paths.set(layer, own)
    if (layer.model) placeLayers(layer.model, own, file, paths)
  }
}

/** `SeparableConv2D` → `separable_conv2d`, as Keras does. */
function snakeCase(className: string): string {
  const words = className.replaceAll(/\W+/g, '').replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
  return words.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
}

/** The parts of a layer that have weights of their own, in their order. */
const parts = ['cell', 'cells', 'forward_layer', 'backward_layer', 'layer']

/** The arrays of a layer, then those of its parts. */
function arraysIn(file: Hdf5File, path: string, depth = 0): StoredArray[] {
  const names = file.names(path)
  const own = numbered(file.names(`${path}/vars`)).map((name) => file.array(`${path}/vars/${name}`)!)
  if (depth > 4) return own
  const inner = parts
    .filter((part) => names.includes(part))
    .flatMap((part) =>
      part === 'cells'
        ? file
            .names(`${path}/cells`)
            .toSorted(byNumber)
            .flatMap((cell) => arraysIn(file, `${path}/cells/${cell}`, depth + 1))
        : arraysIn(file, `${path}/${part}`, depth + 1),
    )
  return [...own, ...inner]
}

function numbered(names: readonly string[]): string[] {
  return names.filter((name) => /^\d+$/.test(name)).toSorted((a, b) => Number(a) - Number(b))
}

/** `lstm_cell`, `lstm_cell_1`, `lstm_cell_2`. */
function byNumber(one: string, other: string): number {
  const numberOf = (name: string) => Number(/_(\d+)$/.exec(name)?.[1] ?? 0)
  return numberOf(one) - numberOf(other)
}
