/** Finds out which arrays of a file are the weights of which layer. */
import type { Weight } from '../../../language/layerDef.ts'
import type { ImportedWeight } from '../importedNetwork.ts'
import type { ImportProblems } from '../importError.ts'
import type { KerasLayer } from './kerasModel.ts'
import type { Leaf } from './flattenModel.ts'
import { formOf } from './layerForms.ts'
import type { StoredArray } from './storedArray.ts'

/** A layer of the file with the weights that the language gives it. */
export interface WeightedLeaf extends Leaf {
  readonly expected: readonly Weight[]
}

/** Returns the arrays of each layer, in the order in which its library has them. */
export type WeightSource = (leaves: readonly WeightedLeaf[]) => ReadonlyMap<KerasLayer, readonly StoredArray[]>

/** Reads the weights of all layers, and reports arrays that are missing or have another shape. */
export function assignWeights(
  leaves: readonly WeightedLeaf[],
  source: WeightSource,
  problems: ImportProblems,
): Map<string, ImportedWeight[]> {
  const stored = source(leaves)
  const weights = new Map<string, ImportedWeight[]>()
  for (const { layer, name, expected } of leaves) {
    const found = stored.get(layer) ?? []
    const arrays = formOf(layer.className)?.arrays?.(found, layer.config) ?? found
    if (arrays.length !== expected.length) {
      problems.add(layer.place, `the file has ${arrays.length} arrays for it, but it has ${expected.length} weights`)
      continue
    }
    const misfit = arrays.findIndex(({ shape }, index) => shape.join() !== expected[index]!.shape.join())
    if (misfit >= 0) {
      const [wanted, given] = [expected[misfit]!.shape, arrays[misfit]!.shape]
      problems.add(
        layer.place,
        `its weight \`${expected[misfit]!.name}\` has the shape ${wanted.join('x')}, but the array in the file ${given.join('x')}`,
      )
      continue
    }
    weights.set(
      name,
      arrays.map((array) => ({ shape: array.shape, values: array.read() })),
    )
  }
  return weights
}

/**
 * Gives arrays to layers by their order: the trainable ones of all layers, then the others. That is how Keras lists the
 * weights of a nested model.
 *
 * @returns Undefined if their numbers differ.
 */
export function shareByOrder(
  leaves: readonly WeightedLeaf[],
  arrays: readonly StoredArray[],
  isFrozen: (layer: KerasLayer) => boolean,
): ReadonlyMap<KerasLayer, readonly StoredArray[]> | undefined {
  const slots = leaves.flatMap(({ layer, expected }) =>
    expected.map(({ trainable }, index) => ({ layer, index, trainable: trainable && !isFrozen(layer) })),
  )
  if (slots.length !== arrays.length) return undefined
  const ordered = [...slots.filter(({ trainable }) => trainable), ...slots.filter(({ trainable }) => !trainable)]
  const shared = new Map<KerasLayer, StoredArray[]>(leaves.map(({ layer }) => [layer, []]))
  ordered.forEach(({ layer, index }, place) => {
    shared.get(layer)![index] = arrays[place]!
  })
  return shared
}
