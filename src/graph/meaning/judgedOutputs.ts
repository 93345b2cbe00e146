/** The outputs of a network that a loss judges, and the layers that decide what they are. */
import type { DatasetDef } from '../../datasets/datasetDef.ts'
import { layerDef } from '../../layers/table.ts'
import { lossTable, type LossDef } from '../../losses/table.ts'
import type { ShapedNode } from '../shapes.ts'
import { activationOf, type NodeActivation } from './activationOf.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export interface JudgedOutput {
  readonly output: ShapedNode
  readonly lossName: string
  readonly loss: LossDef
}

/** None while a shape is missing: what the output will be is not known then. */
export function judgedOutputs({ spec, shaped, byName }: CheckedNetwork): JudgedOutput[] {
  const loss = spec.loss && lossTable[spec.loss.type]
  if (loss === undefined || !shaped.complete) return []
  return shaped.outputs.flatMap((name) => {
    const output = byName.get(name)
    return output === undefined ? [] : [{ output, lossName: spec.loss!.type, loss }]
  })
}

/** Whether the loss takes labels of the kind that the dataset has: one of its classes. */
export function fitsLabels({ loss }: JudgedOutput, dataset: DatasetDef | undefined): boolean {
  return dataset === undefined || loss.labels === 'classes' || dataset.classes === 2
}

/** Whether the last axis of an output is what it will be compared by: a vector's, or that of the layer that will make one. */
export function hasFinalUnits({ output }: JudgedOutput, network: CheckedNetwork): boolean {
  if (network.dataset === undefined || output.shape.length === 1) return true
  return 'units' in (unitsOf(output, network)?.layer.options ?? {})
}

/** The last activation that the output has been through, looking through layers that pass values on. */
export function finalActivation(output: ShapedNode, { byName }: CheckedNetwork): NodeActivation | undefined {
  for (let node: ShapedNode | undefined = output; node; node = byName.get(node.inputs[0] ?? '')) {
    const found = activationOf(node)
    const { role } = layerDef(node.layer.type)
    if (found && !(role === 'activation' && found.activation === 'linear')) return found
    if (found === undefined && role !== 'rearranging' && role !== 'noise') return undefined
  }
  return undefined
}

/** The layer that decides how many values the output has. */
export function unitsOf(output: ShapedNode, { byName }: CheckedNetwork): ShapedNode | undefined {
  for (let node: ShapedNode | undefined = output; node; node = byName.get(node.inputs[0] ?? '')) {
    if ('units' in node.layer.options || 'filters' in node.layer.options) return node
    if (node.layer.type === 'flatten') return undefined
  }
  return undefined
}
