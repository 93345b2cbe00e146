/** What a network costs: parameters, memory and operations, of each layer and of all. */
import { isFullyKnown, knownSize } from '../language/dims.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import type { Spec } from '../validation/spec.ts'
import { sum, type ShapedGraph, type ShapedNode } from './shapes.ts'

const bytesOfFloat = 4

export interface ModelCost {
  readonly params: number
  readonly trainableParams: number
  /** Bytes of the weights. */
  readonly weightBytes: number
  /** Bytes that a training step holds: weights, gradients, optimizer slots, and activations with their gradients. */
  readonly stepBytes: number
  /** Operations of the forward pass for one sample; a multiply-add counts as two. */
  readonly flops: number
  /** Operations of a training step of one batch: the backward pass takes about twice the forward one. */
  readonly stepFlops: number
  readonly batchSize: number
}

/** The part of a step's memory that one layer takes: what it has whatever the batch, and what each sample adds. */
export interface LayerBytes {
  readonly fixed: number
  readonly perSample: number
}

/** Sizes known only at run time count as nothing: `hasOpenSize` tells where. */
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

/** 4 · (weights + trained weights · (1 + slots)), and for each sample 4 · 2 · the values of the output. */
export function bytesOfLayer({ params, trainableParams, shape }: ShapedNode, { optimizer }: Spec): LayerBytes {
  const slots = (optimizer && optimizerTable[optimizer.type]?.slots(optimizer.options)) ?? 0
  return {
    fixed: bytesOfFloat * (params + trainableParams * (1 + slots)),
    perSample: bytesOfFloat * 2 * knownSize(shape),
  }
}

/** What a training step takes whatever the engine does: the outputs of the layers, which the way back needs, but not their gradients. */
export function leastBytesOf(spec: Spec, shaped: ShapedGraph): LayerBytes {
  const bytes = shaped.nodes.map((node) => bytesOfLayer(node, spec))
  return { fixed: sum(bytes.map(({ fixed }) => fixed)), perSample: sum(bytes.map(({ perSample }) => perSample)) / 2 }
}

/** Whether what a layer costs depends on the run. */
export function hasOpenSize({ shape, inputShapes }: ShapedNode): boolean {
  return ![shape, ...inputShapes].every(isFullyKnown)
}
