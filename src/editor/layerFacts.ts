/** Describes layers as the checker proved them: their shapes with the formula, parameters, operations and memory. */
import { formatBytes, formatCount, formatLarge, formatRange } from '../diagnostics/formatCount.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { sum } from '../graph/shapes.ts'
import { formatDim, formatShape, isFullyKnown, knownSize, type Shape } from '../language/dims.ts'
import { layerDef } from '../parts/layers/table.ts'
import type { WrittenItem } from './writtenItems.ts'

/** Describes an item on one line: `→ 14x14x64 · 18,496`, its output and its parameters. */
export function describeBriefly({ uses }: WrittenItem): string {
  const outputs = [...new Set(uses.map((nodes) => formatShape(nodes.at(-1)!.shape)))]
  const params = [...new Set(uses.map((nodes) => sum(nodes.map((node) => node.params))))]
  const shape = outputs.length === 1 ? outputs[0]! : `${outputs[0]} … ${outputs.at(-1)}`
  const counts = params.every((count) => count === 0) ? [] : [formatRange(params)]
  const times = uses.length === 1 ? [] : [`${uses.length} uses`]
  return ['→ ' + shape, ...counts, ...times].join(' · ')
}

/** Describes a layer of the network in Markdown. */
export function describeLayer(node: ShapedNode): string {
  const { name, inputShapes, shape, params, trainableParams, weights, flops } = node
  const inputs = inputShapes.length === 0 ? '' : `${inputShapes.map(formatShape).join(', ')} → `
  const formula = shapeFormula(node)
  const frozen = trainableParams < params ? `, ${formatCount(trainableParams)} trainable` : ''
  const sizes = weights.map((weight) => `${weight.name} ${formatShape(weight.shape)}`).join(', ')
  return [
    `\`${name}\`: ${inputs}**${formatShape(shape)}**`,
    ...(formula === undefined ? [] : [formula]),
    ...(params === 0 ? [] : [`${formatCount(params)} parameters (${sizes})${frozen}`]),
    `${formatLarge(flops)}FLOP and ${formatBytes(4 * knownSize(shape))} of output for each sample`,
  ].join('  \n')
}

/** Describes the layers that a call or a repeat became. */
export function describeLayers(nodes: readonly ShapedNode[]): string {
  const { name, shape } = nodes.at(-1)!
  const params = sum(nodes.map((node) => node.params))
  const flops = sum(nodes.map((node) => node.flops))
  return `\`${name}\`: ${nodes.length} layers → **${formatShape(shape)}**, ${formatCount(params)} parameters, ${formatLarge(flops)}FLOP for each sample`
}

/** The formula of the spatial sizes of a layer with windows, with its numbers: `⌊(28 - 3) / 1⌋ + 1 = 26`. */
export function shapeFormula({ layer, inputShapes: [input], shape }: ShapedNode): string | undefined {
  const windows = layerDef(layer.type).receptiveFields?.(layer.options) ?? []
  const { padding } = layer.options
  if (input === undefined || windows.length === 0 || !isFullyKnown(input) || !isFullyKnown(shape)) return undefined
  const axes = windows.map(({ span, stride }, axis) => {
    const [from, to] = [input[axis]!, shape[axis]!]
    if (padding === 'same') return `⌈${from} / ${stride}⌉ = ${to}`
    return padding === 'valid' ? `⌊(${from} - ${span}) / ${stride}⌋ + 1 = ${to}` : undefined
  })
  const distinct = [...new Set(axes.filter((axis) => axis !== undefined))]
  return distinct.length === 0 ? undefined : `${distinct.join(', ')}, padding ${String(padding)}`
}

/** Formats a shape for `expect`: a size that is known only at run time is null. */
export function expectText(shape: Shape): string {
  return `[${shape.map((dim) => (typeof dim === 'number' ? formatDim(dim) : 'null')).join(', ')}]`
}
