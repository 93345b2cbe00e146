/** Summarizes a network: Keras's table of layers, with the memory and the operations of a step; also as JSON, Mermaid and Graphviz. */
import Table from 'cli-table3'
import { formatBytes, formatCount, formatLarge } from '../diagnostics/formatCount.ts'
import type { Analysis } from '../analyze.ts'
import { costOf } from '../graph/cost.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import { formatDim, toJsonShape } from '../language/dims.ts'
import { escapeInLine } from '../system/controlCharacters.ts'
import { bytesOf } from '../language/byteSize.ts'
import { reportLayer } from './checkJson.ts'
import { columnsAsJson, reportColumns } from './tableColumns.ts'

/** @param isDense Whether the lines between rows are left out. */
export function reportSummaryTable(analysis: Analysis, isDense = false): string {
  const { shaped, spec } = analysis
  const table = new Table({
    head: ['Layer (type)', 'Output shape', 'Param #', 'Connected to'],
    colAligns: ['left', 'left', 'right', 'left'],
    style: { head: [], border: [] },
    ...(isDense && { chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } }),
  })
  for (const node of shaped.nodes) {
    const { name, shape, params, inputs } = node
    table.push([
      `${escapeInLine(name)} (${escapeInLine(describeType(node))})`,
      `(${['batch', ...shape.map(formatDim)].join(', ')})`,
      formatCount(params),
      inputs.map(escapeInLine).join(', '),
    ])
  }
  const cost = costOf(spec, shaped)
  const { params, memory, flops } = spec.budget
  const bytes = memory === undefined ? undefined : bytesOf(memory)
  const outputs = outputNodes(shaped).map(
    ({ name, shape }) => `${escapeInLine(name)} (${shape.map(formatDim).join(', ')})`,
  )
  const facts: [string, string][] = [
    ...(outputs.length > 1 ? [['Outputs', outputs.join(', ')] as [string, string]] : []),
    [
      'Total params',
      `${formatCount(cost.params)} (${formatBytes(cost.weightBytes)})${ofBudget(cost.params, params, formatCount)}`,
    ],
    ['Trainable params', formatCount(cost.trainableParams)],
    ['Non-trainable params', formatCount(cost.params - cost.trainableParams)],
    ['Operations per sample', `${formatCount(cost.flops)} forward${ofBudget(cost.flops, flops, formatCount)}`],
    [
      `Step (batch of ${cost.batchSize})`,
      `about ${formatBytes(cost.stepBytes)}${ofBudget(cost.stepBytes, bytes, formatBytes)}, ${formatLarge(cost.stepFlops)}FLOP`,
    ],
  ]
  const width = Math.max(...facts.map(([label]) => label.length)) + 1
  const totals = facts.map(([label, value]) => `${`${label}:`.padEnd(width)} ${value}`)
  const notChecked = uncheckedOf(analysis).map((message) => `Not checked: ${escapeInLine(message)}\n`)
  const columns = spec.facts?.columns === undefined ? '' : reportColumns(spec.facts.columns)
  return `Model: ${escapeInLine(spec.name)}\n${table.toString()}\n${totals.join('\n')}\n${columns}${notChecked.join('')}`
}

/** Returns the messages about a dataset that could not be checked, because it was not found or is unknown. */
function uncheckedOf({ diagnostics }: Analysis): string[] {
  return diagnostics
    .filter(({ code }) => code === 'data/not-found' || code === 'data/not-checked')
    .map(({ message }) => message.replace(/^could not be checked: /, ''))
}

/** Prints the share of the budget that a figure takes; empty without a budget. */
function ofBudget(amount: number, limit: number | undefined, format: (amount: number) => string): string {
  return limit === undefined ? '' : ` (${Math.round((100 * amount) / limit)} % of the budget of ${format(limit)})`
}

export function reportSummaryJson(analysis: Analysis): object {
  const { shaped, spec } = analysis
  const outputs = outputNodes(shaped)
  const layers = shaped.nodes.map(reportLayer)
  const { memory, ...rest } = spec.budget
  return {
    version: 1,
    name: spec.name,
    layers,
    outputs: outputs.map(({ name }) => name),
    outputShapes: outputs.map(({ shape }) => toJsonShape(shape)),
    ...costOf(spec, shaped),
    ...(spec.facts?.columns && { columns: columnsAsJson(spec.facts.columns) }),
    notChecked: uncheckedOf(analysis),
    budget: { ...rest, ...(memory !== undefined && { memory: bytesOf(memory) }) },
  }
}

/** Returns the output nodes in the order of the network's outputs. */
function outputNodes({ nodes, outputs }: ShapedGraph): ShapedNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return outputs.flatMap((name) => byName.get(name) ?? [])
}

/** Prints the network as a Mermaid flowchart, which GitHub and many editors render. */
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

/** Prints the network in Graphviz's DOT language. */
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

/** Describes a node's type and, if it shares the weights of another node, which one. */
function describeType({ layer, applies }: ShapedNode): string {
  return applies === undefined ? layer.type : `${layer.type}, shared with ${applies}`
}
