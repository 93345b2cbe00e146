/** Chooses the layers that start from trained weights. */
import { matchesAny } from '../language/layerPattern.ts'
import type { WeightsSpec } from '../validation/spec.ts'
import type { ShapedNode } from './shapes.ts'

/** Returns the layers that take their weights from the file of `weights`. */
export function pretrainedLayers(
  nodes: readonly ShapedNode[],
  { layers: patterns = ['*'], except }: WeightsSpec,
): readonly ShapedNode[] {
  return nodes.filter(
    ({ name, weights }) => weights.length > 0 && matchesAny(patterns, name) && !matchesAny(except, name),
  )
}
