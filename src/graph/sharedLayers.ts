/** Checks whether a layer that is applied again accepts the inputs of this use. */
import { reusedAcrossShapes, reusedWeights } from '../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, productOf, sameDim, type Shape } from '../language/dims.ts'
import type { InputAgreement, LayerProblem, Weight } from '../language/layerDef.ts'
import { layerDef } from '../parts/layers/table.ts'
import type { GraphNode } from './graph.ts'

/** A layer at its own place, with the weights that its own inputs gave it. */
interface FirstUse {
  readonly name: string
  readonly inputShapes: readonly Shape[]
  readonly weights: readonly Weight[]
}

/**
 * Finds why a layer cannot be applied to the inputs of another use. Its weights are created for its own inputs, and every
 * other use must need weights of the same shapes.
 *
 * @param inputs The input shapes of this use.
 * @param weights The weights of a layer created for these inputs.
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
  const limit = layerDef(node.layer.type).inputsAgreeIn?.(node.layer.options, first.inputShapes)
  if (limit === undefined || isAlike(limit, first.inputShapes, inputs)) return undefined
  return { ...reusedAcrossShapes({ name, type: node.layer.type, limit, made, given }), option: 'inputs' }
}

function isAlike(limit: InputAgreement, made: readonly Shape[], given: readonly Shape[]): boolean {
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

/** Whether the numbers of values agree. A size known only at run time does not match a known one: the engine checks each sample. */
function haveAsManyValues(made: Shape, given: Shape): boolean {
  const values = productOf(made)
  return !isKnown(values) || sameDim(values, productOf(given))
}

/** Whether two sizes may be equal. The engine compares only the sizes that are known when the network is built. */
function mayBeSame(a: Shape[number], b: Shape[number]): boolean {
  return !isKnown(a) || !isKnown(b) || sameDim(a, b)
}
