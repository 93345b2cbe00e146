/** Finds dropout that zeroes predictions. */
import { layerDef } from '../parts/layers/table.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'
import { trainedOutputs } from './trainedOutputs.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

export const dropoutBeforeOutput = defineRule({
  codes: ['meaning/dropout-before-output'],
  check(network) {
    return trainedOutputs(network).flatMap(({ output }) => {
      const dropout = dropoutAfterWeights(output, network)
      if (dropout === undefined) return []
      const message =
        dropout === output
          ? `this ${dropout.layer.type} layer is the output, so it zeroes predictions during training`
          : `this ${dropout.layer.type} layer follows the last layer with weights, so it zeroes predictions during training`
      return { path: dropout.item.path, message, atKey: true, help: 'move it before the last layer with weights' }
    })
  },
})

/** The dropout after the last layer with weights that is nearest to the output. */
function dropoutAfterWeights(output: ShapedNode, { byName }: CheckedNetwork): ShapedNode | undefined {
  for (let node: ShapedNode | undefined = output; node; node = byName.get(node.inputs[0] ?? '')) {
    const { role } = layerDef(node.layer.type)
    if (role === 'noise') return node
    if ((role !== 'activation' && role !== 'rearranging') || node.params > 0) return undefined
  }
  return undefined
}
