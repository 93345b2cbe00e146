/** The network as an SVG drawing: a card for each layer with its options, shape and parameters, laid out by dagre. */
import { graphlib, layout } from '@dagrejs/dagre'
import { formatCount } from '../diagnostics/formatCount.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import { formatDim } from '../layers/dims.ts'
import { describeOptions } from './layerDetails.ts'
import { html, type Html, type HtmlPart } from './run/html.ts'

export interface NetworkDiagram {
  readonly width: number
  readonly height: number
  readonly svg: Html
}

interface Card {
  readonly name: string
  readonly detail: string
  readonly shape: string
  readonly params: string
  readonly kind: 'input' | 'output' | 'weights' | 'plain'
  readonly width: number
}

interface Point {
  readonly x: number
  readonly y: number
}

const cardHeight = 46
const longestDetail = 46
const margin = 12

export function drawNetwork({ nodes, outputs }: ShapedGraph): NetworkDiagram {
  const cards = evenWidths(new Map(nodes.map((node) => [node.name, cardOf(node, outputs)])), nodes)
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 26, marginx: margin, marginy: margin })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const [name, { width }] of cards) graph.setNode(name, { width, height: cardHeight })
  for (const { name, inputs } of nodes) for (const input of inputs) graph.setEdge(input, name)
  layout(graph)
  const places = [...cards].map(([name, card]) => ({ card, ...(graph.node(name) as Point) }))
  const right = Math.max(...places.map(({ x, card }) => x + card.width / 2)) + margin
  const bottom = Math.max(...places.map(({ y }) => y + cardHeight / 2)) + margin
  const routes: readonly object[] = graph.edges()
  const edges = routes.map((route) => drawEdge((graph.edge(route as never) as { points: Point[] }).points))
  const [width, height] = [Math.ceil(right), Math.ceil(bottom)]
  const svg = html`<svg
    class="network"
    xmlns="http://www.w3.org/2000/svg"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="The layers of the network and how they are connected"
  >
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path class="arrow" d="M0 0.5 8 4 0 7.5z" />
      </marker>
    </defs>
    ${edges} ${places.map(({ card, x, y }) => drawCard(card, x - card.width / 2, y - cardHeight / 2))}
  </svg>`
  return { width, height, svg }
}

/** One below the other, cards of one width make a column. */
function evenWidths(cards: ReadonlyMap<string, Card>, nodes: readonly ShapedNode[]): ReadonlyMap<string, Card> {
  const isChain = nodes.every(({ inputs }, index) => inputs.every((input) => input === nodes[index - 1]?.name))
  if (!isChain) return cards
  const width = Math.max(...[...cards.values()].map((card) => card.width))
  return new Map([...cards].map(([name, card]) => [name, { ...card, width }]))
}

function cardOf(node: ShapedNode, outputs: readonly string[]): Card {
  const { name, layer, shape, params, inputs } = node
  const options = describeOptions(node)
  const isNamedByType = name.toLowerCase().startsWith(layer.type.toLowerCase())
  const detail = [...(isNamedByType ? [] : [layer.type]), ...(options === '' ? [] : [options])].join(' · ')
  const isOutput = outputs.includes(name)
  const card = {
    name,
    detail,
    shape: shape.length === 0 ? 'scalar' : shape.map(formatDim).join('×'),
    params: params > 0 ? formatCount(params) : '',
    kind: inputs.length === 0 ? 'input' : isOutput ? 'output' : params > 0 ? 'weights' : 'plain',
  } as const
  const first = 7.6 * name.length + 7 * card.shape.length
  const second = 6.1 * Math.min(longestDetail, detail.length) + 6.6 * card.params.length
  return { ...card, width: Math.max(170, Math.ceil(Math.max(first, second) + 52)) }
}

function drawCard({ name, detail, shape, params, kind, width }: Card, x: number, y: number): Html {
  const right = width - 12
  const first = detail === '' && params === '' ? 28 : 20
  const lines: HtmlPart = [
    html`<text class="name" x="16" y="${first}">${name}</text>`,
    html`<text class="shape" x="${right}" y="${first}">${shape}</text>`,
    detail !== '' && html`<text class="detail" x="16" y="36">${shorten(detail)}</text>`,
    params !== '' && html`<text class="params" x="${right}" y="36">${params}</text>`,
  ]
  const title = [name, detail, shape, params === '' ? '' : `${params} parameters`]
    .filter((part) => part !== '')
    .join('\n')
  return html`<g class="${kind}" transform="translate(${round(x)} ${round(y)})"
    ><title>${title}</title><rect class="card" width="${width}" height="${cardHeight}" rx="7" /><rect
      class="mark"
      x="5"
      y="9"
      width="3"
      height="${cardHeight - 18}"
      rx="1.5"
    />${lines}</g
  > `
}

function shorten(text: string): string {
  return text.length > longestDetail ? `${text.slice(0, longestDetail - 1)}…` : text
}

/** A curve through the points of a route, straight where it has but two. */
function drawEdge(points: readonly Point[]): Html {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`
  const bends = points.slice(1, -1).map((point, index) => {
    const next = points[index + 2]!
    const isLast = index === points.length - 3
    return `Q${at(point)} ${at(isLast ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`
  })
  const path = `M${at(points[0]!)} ${bends.length > 0 ? bends.join(' ') : `L${at(points.at(-1)!)}`}`
  return html`<path class="edge" d="${path}" marker-end="url(#arrow)" /> `
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
