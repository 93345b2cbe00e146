/** Finds kernels of hidden layers that are initialized to one value everywhere. */
import type { ChoiceValue } from '../language/schema.ts'
import { activationFacts } from '../language/activations.ts'
import { constantValueOf } from '../language/initializers.ts'
import { layerDef } from '../parts/layers/table.ts'
import { toFix, type ShapedNode } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'
import { activationOf } from './activationOf.ts'
import { readersOf } from './checkedNetwork.ts'

export const constantKernel = defineRule({
  codes: ['meaning/constant-kernel'],
  check({ shaped, source }) {
    const constants = shaped.nodes.filter((node) => node.trainableParams > 0 && constantOf(node) !== undefined)
    if (constants.length === 0) return []
    const readers = readersOf(shaped)
    return constants.flatMap((node) => {
      const why = whyStuck(node, readers, constantOf(node)!)
      if (why === undefined || shaped.outputs.includes(node.name)) return []
      const path = [...node.layer.path, 'kernelInitializer']
      return {
        path,
        message: `the kernel of \`${node.name}\` is initialized ${why}`,
        help: 'use a random initializer: `glorotUniform`, or `heNormal` before `relu`',
        fixes: toFix({ kind: 'remove', option: 'kernelInitializer' }, node.layer, source),
      }
    })
  },
})

/** The value of all elements, if the initializer is constant. */
function constantOf({ layer }: ShapedNode): number | undefined {
  const chosen = layer.options['kernelInitializer'] as ChoiceValue | undefined
  return chosen === undefined ? undefined : constantValueOf(chosen)
}

/** Describes why a constant kernel cannot learn. A layer of zeros without a rectifier can: residual branches often begin as zeros. */
function whyStuck(
  node: ShapedNode,
  readers: ReadonlyMap<string, readonly ShapedNode[]>,
  value: number,
): string | undefined {
  const { options } = node.layer
  if (value !== 0) {
    const units = node.shape.at(-1)
    // The units of the last layer differ by their targets, those of a recurrent layer by its recurrent kernel.
    const unitsDiffer = units === 1 || 'recurrentInitializer' in options || !leadsToWeights(node, readers)
    return unitsDiffer ? undefined : `to ${value} everywhere, so its ${String(units)} units all learn the same`
  }
  const bias = options['biasInitializer'] as ChoiceValue | undefined
  const isBiased = options['useBias'] === true && bias !== undefined && constantValueOf(bias) !== 0
  const next = readers.get(node.name) ?? []
  const activations = next.length === 1 && layerDef(next[0]!.layer.type).role === 'activation' ? [next[0]!] : []
  const isRectified = [node, ...activations].some(
    (one) => activationFacts(activationOf(one)?.activation ?? '').rectifies,
  )
  return isRectified && !isBiased ? 'to 0, where `relu` has no gradient, so it never learns' : undefined
}

function leadsToWeights(from: ShapedNode, readers: ReadonlyMap<string, readonly ShapedNode[]>): boolean {
  const seen = new Set([from])
  for (const node of seen) {
    for (const reader of readers.get(node.name) ?? []) {
      if (reader.params > 0) return true
      seen.add(reader)
    }
  }
  return false
}
