/** Finds out whether an input has its channels after the batch, as PyTorch has images, or last. */
import type { OnnxNode } from './decodeModel.ts'
import { reducedAxes, type OnnxGraph } from './graph.ts'

/** Operators that need the channels after the batch, and those that do not care about the order of axes. */
const wantChannelsFirst: ReadonlySet<string> = new Set(
  'Conv ConvTranspose MaxPool AveragePool GlobalMaxPool GlobalAveragePool BatchNormalization InstanceNormalization Resize Upsample MinPool'.split(
    ' ',
  ),
)
const neutral: ReadonlySet<string> = new Set(
  'Identity Cast Dropout Pad Relu Sigmoid Tanh LeakyRelu Elu Clip Add Sub Mul Div'.split(' '),
)

/** Whether the first operator that cares about the order of the axes of a tensor wants its channels first. */
export function wantsChannelsFirst(graph: OnnxGraph, tensor: string): boolean {
  const seen = new Set<string>()
  const waiting = [tensor]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const node of graph.consumers(name)) {
      const wantsFirst = wantChannelsFirst.has(node.operator) || isMeanOfImage(graph, node)
      if (wantsFirst && node.inputs[0] === name) return true
      if (neutral.has(node.operator)) waiting.push(...node.outputs)
    }
  }
  return false
}

function isMeanOfImage(graph: OnnxGraph, { operator, outputs }: OnnxNode): boolean {
  return (
    operator === 'ReduceMean' &&
    /^(2,3|-2,-1)$/.test(
      reducedAxes(graph, outputs[0])
        .toSorted((a, b) => a - b)
        .join(),
    )
  )
}
