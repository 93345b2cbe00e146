/** Computes the cost of a network and of its layers: parameters, memory and operations. */
import { isFullyKnown, knownSize } from '../language/dims.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import type { Spec } from '../validation/spec.ts'
import { sum, type ShapedGraph, type ShapedNode } from './shapes.ts'

const bytesOfFloat = 4

export interface ModelCost {
  readonly params: number
  readonly trainableParams: number
  /** The size of the weights in bytes. */
  readonly weightBytes: number
  /** The memory of a training step in bytes: weights, gradients, optimizer slots, and activations with their gradients. */
  readonly stepBytes: number
  /** Operations of the forward pass for one sample; a multiply-add counts as two. */
  readonly flops: number
  /** Operations of a training step of one batch: the backward pass takes about twice as many as the forward pass. */
  readonly stepFlops: number
  readonly batchSize: number
}

/** The memory of one layer in a training step: a part that is independent of the batch, and a part for each sample. */
export interface LayerBytes {
  readonly fixed: number
  readonly perSample: number
}

/** Computes the cost of a network. Shapes with sizes known only at run time count as 0; `hasUnknownSize` finds their layers. */
export function costOf(spec: Spec, shaped: ShapedGraph): ModelCost {
  const params = sum(shaped.nodes.map((node) => node.params))
  const trainableParams = sum(shaped.nodes.map((node) => node.trainableParams))
  const flops = sum(shaped.nodes.map((node) => node.flops))
  const { batchSize } = spec.training
  const bytes = shaped.nodes.map((node) => bytesOfLayer(node, spec))
  return {
    params,
    trainableParams,
    weightBytes: bytesOfFloat * params,
    stepBytes: sum(bytes.map(({ fixed, perSample }) => fixed + perSample * batchSize)),
    flops,
    stepFlops: 3 * flops * batchSize,
    batchSize,
  }
}

/** The memory of a layer: 4 · (weights + trained weights · (1 + slots)) bytes, and 4 · 2 · output values for each sample. */
export function bytesOfLayer({ params, trainableParams, shape }: ShapedNode, { optimizer }: Spec): LayerBytes {
  const slots = (optimizer && optimizerTable[optimizer.type]?.slots(optimizer.options)) ?? 0
  return {
    fixed: bytesOfFloat * (params + trainableParams * (1 + slots)),
    perSample: bytesOfFloat * 2 * knownSize(shape),
  }
}

/** The least memory of a training step on any engine: weights and layer outputs, which the backward pass needs, but not the gradients of the outputs. */
export function minBytesOf(spec: Spec, shaped: ShapedGraph): LayerBytes {
  const bytes = shaped.nodes.map((node) => bytesOfLayer(node, spec))
  return { fixed: sum(bytes.map(({ fixed }) => fixed)), perSample: sum(bytes.map(({ perSample }) => perSample)) / 2 }
}

/** Whether the cost of a layer depends on sizes known only at run time. */
export function hasUnknownSize({ shape, inputShapes }: ShapedNode): boolean {
  return ![shape, ...inputShapes].every(isFullyKnown)
}
