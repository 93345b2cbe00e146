/** What a spec sets for layers by patterns of their names: the weights that they start from, and factors of the learning rate. */
import { pretrainedLayers } from '../graph/pretrainedLayers.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { valueOfLayer } from '../language/layerPattern.ts'
import type { Spec, WeightsSpec } from '../validation/spec.ts'

/** A file of trained weights, and the layers that take theirs from it. */
export interface WeightsOfLayers {
  readonly from: string
  readonly layers: readonly string[]
}

/** Returns the nodes whose layers are in the model. */
export function nodesInModel(
  nodes: readonly ShapedNode[],
  layers: readonly { readonly name: string }[],
): readonly ShapedNode[] {
  const names = new Set(layers.map(({ name }) => name))
  return nodes.filter(({ name }) => names.has(name))
}

/** @param nodes Those of the model. */
export function weightsOfLayers(weights: WeightsSpec, nodes: readonly ShapedNode[]): WeightsOfLayers {
  return { from: weights.from, layers: pretrainedLayers(nodes, weights).map(({ name }) => name) }
}

/**
 * Returns the factors of the layers that are trained, without those that are 1.
 *
 * @param nodes Those of the model.
 */
export function ratesOfLayers({ learningRates }: Spec, nodes: readonly ShapedNode[]): Readonly<Record<string, number>> {
  const factors = nodes.flatMap(({ name, trainableParams }): [string, number][] => {
    const factor = trainableParams > 0 ? valueOfLayer(learningRates, name) : undefined
    return factor === undefined || factor === 1 ? [] : [[name, factor]]
  })
  return Object.fromEntries(factors)
}
