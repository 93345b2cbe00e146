/** What a network is and costs: Keras's table, with memory and operations a step. */
import Table from 'cli-table3'
import { formatCount } from '../diagnostics/formatCount.ts'
import type { Analysis } from '../compile.ts'
import { sum, type ShapedGraph, type ShapedNode } from '../graph/shapes.ts'
import { formatDim, knownSize, toJsonShape } from '../layers/dims.ts'
import { optimizerTable } from '../optimizers/table.ts'
import { reportLayer } from './checkJson.ts'

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

export function costOf({ shaped, spec }: Analysis): ModelCost {
  const params = sum(shaped.nodes.map((node) => node.params))
  const trainableParams = sum(shaped.nodes.map((node) => node.trainableParams))
  const flops = sum(shaped.nodes.map((node) => node.flops))
  const { batchSize } = spec.training
  const { optimizer } = spec
  const slots = (optimizer && optimizerTable[optimizer.type]?.slots(optimizer.options)) ?? 0
  const activations = sum(shaped.nodes.map(({ shape }) => knownSize(shape)))
  const stepBytes = bytesOfFloat * (params + trainableParams * (1 + slots) + 2 * activations * batchSize)
  return {
    params,
    trainableParams,
    weightBytes: bytesOfFloat * params,
    stepBytes,
    flops,
    stepFlops: 3 * flops * batchSize,
    batchSize,
  }
}

export function reportSummaryTable(analysis: Analysis): string {
  const { shaped, spec } = analysis
  const table = new Table({
    head: ['Layer (type)', 'Output shape', 'Param #', 'Connected to'],
    colAligns: ['left', 'left', 'right', 'left'],
    style: { head: [], border: [] },
  })
  for (const node of shaped.nodes) {
    const { name, shape, params, inputs } = node
    table.push([
      `${name} (${describeType(node)})`,
      `(${['batch', ...shape.map(formatDim)].join(', ')})`,
      formatCount(params),
      inputs.join(', '),
    ])
  }
  const cost = costOf(analysis)
  const outputs = outputNodes(shaped).map(({ name, shape }) => `${name} (${shape.map(formatDim).join(', ')})`)
  const facts: [string, string][] = [
    ...(outputs.length > 1 ? [['Outputs', outputs.join(', ')] as [string, string]] : []),
    ['Total params', `${formatCount(cost.params)} (${formatBytes(cost.weightBytes)})`],
    ['Trainable params', formatCount(cost.trainableParams)],
    ['Non-trainable params', formatCount(cost.params - cost.trainableParams)],
    ['Operations a sample', `${formatCount(cost.flops)} forward`],
    [`A step of ${cost.batchSize}`, `about ${formatBytes(cost.stepBytes)}, ${formatLarge(cost.stepFlops)}FLOP`],
  ]
  const width = Math.max(...facts.map(([label]) => label.length)) + 1
  const totals = facts.map(([label, value]) => `${`${label}:`.padEnd(width)} ${value}`)
  return `Model: ${spec.name}\n${table.toString()}\n${totals.join('\n')}\n`
}

export function reportSummaryJson(analysis: Analysis): object {
  const { shaped, spec } = analysis
  const outputs = outputNodes(shaped)
  const layers = shaped.nodes.map(reportLayer)
  return {
    version: 1,
    name: spec.name,
    layers,
    outputs: outputs.map(({ name }) => name),
    outputShapes: outputs.map(({ shape }) => toJsonShape(shape)),
    ...costOf(analysis),
  }
}

/** In the order in which the network gives them. */
export function outputNodes({ nodes, outputs }: ShapedGraph): ShapedNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return outputs.flatMap((name) => byName.get(name) ?? [])
}

/** The network as a Mermaid flowchart, which GitHub and many editors draw. */
export function reportMermaid({ shaped }: Analysis): string {
  const ids = new Map(shaped.nodes.map(({ name }, index) => [name, `n${index}`]))
  const lines = shaped.nodes.flatMap((node) => {
    const { name, shape, inputs } = node
    const type = describeType(node)
    const label = name === type ? name : `${name}<br/>${type}`
    const box = `  ${ids.get(name)}["${label}<br/>${shape.map(formatDim).join('x')}"]`
    return [box, ...inputs.map((input) => `  ${ids.get(input)} --> ${ids.get(name)}`)]
  })
  return `flowchart TD\n${lines.join('\n')}\n`
}

/** The network in Graphviz's language. */
export function reportDot({ shaped, spec }: Analysis): string {
  const quote = JSON.stringify
  const lines = shaped.nodes.flatMap((node) => {
    const { name, shape, inputs } = node
    return [
      `  ${quote(name)} [label=${quote(`${name}\n${describeType(node)}\n${shape.map(formatDim).join('x')}`)}]`,
      ...inputs.map((input) => `  ${quote(input)} -> ${quote(name)}`),
    ]
  })
  return `digraph ${quote(spec.name)} {\n  node [shape=box, fontname="sans-serif"]\n${lines.join('\n')}\n}\n`
}

/** What stands behind a name: its type, and whose weights it has where they are not its own. */
function describeType({ layer, applies }: ShapedNode): string {
  return applies === undefined ? layer.type : `${layer.type}, shared with ${applies}`
}

function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`
}

function formatLarge(value: number): string {
  if (value < 1000) return `${value} `
  const units = ['k', 'M', 'G', 'T', 'P']
  const power = Math.min(units.length, Math.floor(Math.log10(value) / 3))
  return `${(value / 1000 ** power).toFixed(1)} ${units[power - 1]}`
}
