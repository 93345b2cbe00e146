/** Checks that the network does not exceed its `budget`. */
import type { RelatedPlace } from '../diagnostics/diagnostic.ts'
import { formatBytes, formatCount } from '../diagnostics/formatCount.ts'
import { formatShape } from '../language/dims.ts'
import { bytesOf } from '../language/byteSize.ts'
import type { Spec } from '../validation/spec.ts'
import { bytesOfLayer, hasUnknownSize } from '../graph/cost.ts'
import { sum, type ShapedNode } from '../graph/shapes.ts'
import { defineRule, type Finding } from './defineRule.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

/** An entry of the budget, and how to measure the network by it. */
interface Measure {
  readonly key: 'params' | 'memory' | 'flops'
  readonly limit: number
  costOf(node: ShapedNode): number
  /** Whether the cost of a layer depends on sizes known only at run time. */
  readonly growsWithSizes: boolean
  format(amount: number): string
  /** Describes the cost of the network, given the formatted amount. */
  describe(amount: string): string
  help?(): string
}

/** Checks only complete networks: costs are unknown after a layer without a shape. */
export const overBudget = defineRule({
  codes: ['meaning/over-budget', 'meaning/unjudged-budget'],
  check(network) {
    if (!network.shaped.complete) return []
    return measuresOf(network).flatMap((measure) => judge(measure, network))
  },
})

function measuresOf({ spec, shaped }: CheckedNetwork): Measure[] {
  const { params, memory, flops } = spec.budget
  const { batchSize } = spec.training
  const bytes = memory === undefined ? undefined : bytesOf(memory)
  return [
    ...(params === undefined ? [] : [paramsWithin(params)]),
    ...(bytes === undefined ? [] : [memoryWithin(bytes, spec, shaped.nodes, batchSize)]),
    ...(flops === undefined ? [] : [flopsWithin(flops)]),
  ]
}

function paramsWithin(limit: number): Measure {
  return {
    key: 'params',
    limit,
    costOf: (node) => node.params,
    growsWithSizes: false,
    format: formatCount,
    describe: (amount) => `the network has ${amount} parameters`,
  }
}

function flopsWithin(limit: number): Measure {
  return {
    key: 'flops',
    limit,
    costOf: (node) => node.flops,
    growsWithSizes: true,
    format: formatCount,
    describe: (amount) => `the forward pass of one sample takes ${amount} operations`,
  }
}

function memoryWithin(limit: number, spec: Spec, nodes: readonly ShapedNode[], batchSize: number): Measure {
  const parts = nodes.map((node) => bytesOfLayer(node, spec))
  const fixed = sum(parts.map((part) => part.fixed))
  const perSample = sum(parts.map((part) => part.perSample))
  return {
    key: 'memory',
    limit,
    costOf(node) {
      const part = bytesOfLayer(node, spec)
      return part.fixed + part.perSample * batchSize
    },
    growsWithSizes: true,
    format: formatBytes,
    describe: (amount) =>
      `a training step takes ${amount} (${formatBytes(fixed)} + ${batchSize} · ${formatBytes(perSample)})`,
    help() {
      const fitting = Math.floor((limit - fixed) / perSample)
      return fitting >= 1
        ? `\`batchSize: ${fitting}\` would be within the budget`
        : 'even a batch of 1 exceeds it: make the network smaller or raise the budget'
    },
  }
}

function judge(measure: Measure, network: CheckedNetwork): Finding[] {
  const { shaped, source } = network
  const { key, limit, format } = measure
  const amount = sum(shaped.nodes.map((node) => measure.costOf(node)))
  const open = measure.growsWithSizes ? shaped.nodes.find(hasUnknownSize) : undefined
  const path = ['budget', key]
  if (amount > limit) {
    const least = open ? 'at least ' : ''
    const over = `${format(amount - limit)} over the budget of ${format(limit)}`
    return [
      {
        code: 'meaning/over-budget',
        path,
        message: `${measure.describe(least + format(amount))}: ${over}`,
        related: largest(measure, amount, network),
        help: measure.help?.() ?? 'make the largest layers smaller or raise the budget',
      },
    ]
  }
  if (open === undefined) return []
  const message = `the ${key} budget could not be checked: the output of \`${open.name}\` is ${formatShape(open.shape)}, and \`null\` is a size known only at run time`
  return [
    {
      code: 'meaning/unjudged-budget',
      path,
      message,
      related: [{ message: 'unknown from here on', span: source.locateKey(open.item.path) }],
      help: `the known part takes ${format(amount)} of ${format(limit)}`,
    },
  ]
}

const mostShown = 3

/** The most expensive layers, each with its share of the total. */
function largest(measure: Measure, amount: number, { shaped, source }: CheckedNetwork): RelatedPlace[] {
  const costs = shaped.nodes.map((node) => ({ node, cost: measure.costOf(node) })).filter(({ cost }) => cost > 0)
  return costs
    .toSorted((a, b) => b.cost - a.cost)
    .slice(0, mostShown)
    .map(({ node: { name, item, implied }, cost }) => ({
      message: `\`${name}\`: ${measure.format(cost)}, ${Math.round((100 * cost) / amount)} %`,
      span: implied ? source.locateValue(item.path) : source.locateKey(item.path),
    }))
}
