/** Layers that merge inputs value by value, with equal shapes or shapes that broadcast as in NumPy. */
import { cannotBroadcast } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, knownSize, sameDim, sameShape, type Dim, type Shape } from '../../language/dims.ts'
import { defineLayer, ok, problem, type NodePatch, type Result } from '../../language/layerDef.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'

/**
 * Broadcasts two shapes, aligned at their last axes: a size of 1 stretches to the other's (tf.layers, `Merge`).
 *
 * @returns The common shape, or undefined if the shapes do not fit.
 */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  if (a.length < b.length) return broadcast(b, a)
  const offset = a.length - b.length
  const joined = a.map((size, axis) => (axis < offset ? size : joinSizes(size, b[axis - offset]!)))
  return joined.every((size) => size !== undefined) ? (joined as Shape) : undefined
}

function joinSizes(a: Dim, b: Dim): Dim | undefined {
  if (sameDim(a, b)) return a
  if (!isKnown(a)) return a
  if (!isKnown(b)) return b
  if (a === 1) return b
  return b === 1 ? a : undefined
}

function joinShapes(layer: string, [first, ...others]: readonly [Shape, ...Shape[]]): Result<Shape> {
  let joined = first
  for (const shape of others) {
    const next = broadcast(joined, shape)
    if (next === undefined) {
      return problem({
        ...cannotBroadcast({ layer, left: formatShape(joined), right: formatShape(shape) }),
        option: 'inputs',
      })
    }
    joined = next
  }
  return ok(joined)
}

/**
 * Defines a merge.
 *
 * @param patchesForBroadcast The patches that inputs of different shapes need.
 */
export function defineMerge(
  factory: 'add' | 'average' | 'multiply' | 'maximum' | 'minimum',
  description: string,
  patchesForBroadcast: readonly NodePatch[] = [],
) {
  const schema = fieldsOf({}, description)
  return defineLayer({
    schema,
    arity: { least: 2, most: Number.POSITIVE_INFINITY },
    shape: (_options, inputs) => joinShapes(factory, inputs),
    weights: () => [],
    flops(_options, inputs, output) {
      return knownSize(output) * (inputs.length - 1)
    },
    masks: () => ({ joins: 'stretched' }),
    inputsAgreeIn: () => 'commonRank',
    nodePatches: (_options, [first, ...others]) =>
      others.every((shape) => sameShape(first, shape)) ? [] : patchesForBroadcast,
    lower: () => layerCall(factory),
  })
}
