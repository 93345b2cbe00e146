/** Dropout that blots out predictions. */
import { layerDef } from '../parts/layers/table.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'
import { judgedOutputs } from './judgedOutputs.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

export const dropoutBeforeOutput = defineRule({
  codes: ['meaning/dropout-before-output'],
  check(network) {
    return judgedOutputs(network).flatMap(({ output }) => {
      const dropout = dropoutBehindWeights(output, network)
      if (dropout === undefined) return []
      const message =
        dropout === output
          ? `this ${dropout.layer.type} is the output: it blots out predictions while training`
          : `this ${dropout.layer.type} stands behind the last layer with weights: it blots out predictions while training`
      return { path: dropout.item.path, message, atKey: true, help: 'put it before the last layer with weights' }
    })
  },
})

/** The first such layer behind the last weights, seen from the output. */
function dropoutBehindWeights(output: ShapedNode, { byName }: CheckedNetwork): ShapedNode | undefined {
  for (let node: ShapedNode | undefined = output; node; node = byName.get(node.inputs[0] ?? '')) {
    const { role } = layerDef(node.layer.type)
    if (role === 'noise') return node
    if ((role !== 'activation' && role !== 'rearranging') || node.params > 0) return undefined
  }
  return undefined
}
