/** Whether a layer that is applied once more can take the inputs of this use, too. */
import { reusedAcrossShapes, reusedWeights } from '../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, productOf, sameDim, type Shape } from '../language/dims.ts'
import type { HeldTo, LayerProblem, Weight } from '../language/layerDef.ts'
import { layerDef } from '../parts/layers/table.ts'
import type { GraphNode } from './graph.ts'

/** A layer where it stands, with what its own inputs made of it. */
interface FirstUse {
  readonly name: string
  readonly inputShapes: readonly Shape[]
  readonly weights: readonly Weight[]
}

/**
 * The weights of a layer are made for the inputs that it has where it stands; the inputs of every other use must need
 * weights of the same shapes.
 * @param inputs The shapes that this use gives it.
 * @param weights Those that a layer made for these inputs would have.
 */
export function findMisuse(
  first: FirstUse,
  node: GraphNode,
  inputs: readonly Shape[],
  weights: readonly Weight[],
): LayerProblem | undefined {
  const name = first.name
  const made = first.inputShapes.map(formatShape).join(' and ')
  const given = inputs.map(formatShape).join(' and ')
  for (const [index, { name: weight, shape }] of weights.entries()) {
    const own = first.weights[index]?.shape ?? []
    if (own.length === shape.length && own.every((size, axis) => size === shape[axis])) continue
    return {
      ...reusedWeights({ name, weight, made, own: own.join('x'), given, needed: shape.join('x') }),
      option: 'inputs',
    }
  }
  const limit = layerDef(node.layer.type).heldTo?.(node.layer.options)
  if (limit === undefined || isAlike(limit, first.inputShapes, inputs)) return undefined
  return { ...reusedAcrossShapes({ name, type: node.layer.type, limit, made, given }), option: 'inputs' }
}

function isAlike(limit: HeldTo, made: readonly Shape[], given: readonly Shape[]): boolean {
  if (limit === 'commonRank') return !haveEqualRanks(made) || haveEqualRanks(given)
  if (made.length !== given.length) return false
  return made.every((shape, index) => {
    const other = given[index]!
    if (limit === 'elementCount') return haveAsManyValues(shape, other)
    if (shape.length !== other.length) return false
    return (
      limit === 'rank' ||
      shape.every((size, axis) => (limit === 'stepShape' && axis === 0) || mayBeSame(size, other[axis]!))
    )
  })
}

function haveEqualRanks(shapes: readonly Shape[]): boolean {
  return shapes.every(({ length }) => length === shapes[0]!.length)
}

/** Where the layer was made for a known number, an open one is another: the engine holds each sample to it. */
function haveAsManyValues(made: Shape, given: Shape): boolean {
  const values = productOf(made)
  return !isKnown(values) || sameDim(values, productOf(given))
}

/** The engine compares what it knows when the network is built. */
function mayBeSame(a: Shape[number], b: Shape[number]): boolean {
  return !isKnown(a) || !isKnown(b) || sameDim(a, b)
}
