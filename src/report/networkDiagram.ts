/** Draws a network as SVG: a card for each layer with its options, shape and parameters, laid out by dagre. */
import { graphlib, layout, type Edge } from '@dagrejs/dagre'
import { formatCount } from '../diagnostics/formatCount.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import { formatDim } from '../language/dims.ts'
import { curvePath, round, type Point } from './curvePath.ts'
import { describeOptions } from './layerDetails.ts'
import { html, trusted, type Html, type HtmlPart } from './run/html.ts'

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

const cardHeight = 46
const longestDetail = 46
const margin = 12

/** @param styles A style sheet to embed, for a drawing outside a page. */
export function drawNetwork({ nodes, outputs }: ShapedGraph, styles?: string): NetworkDiagram {
  const cards = evenWidths(new Map(nodes.map((node) => [node.name, cardOf(node, outputs)])), nodes)
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 26, marginx: margin, marginy: margin })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const [name, { width }] of cards) graph.setNode(name, { width, height: cardHeight })
  for (const { name, inputs } of nodes) for (const input of inputs) graph.setEdge(input, name)
  layout(graph)
  const places = [...cards].map(([name, card]) => ({ card, ...(graph.node(name) as Point) }))
  const routes = (graph.edges() as readonly Edge[]).map(
    (route) => (graph.edge(route) as { readonly points: readonly Point[] }).points,
  )
  // A route may bend around cards, to the left of all or to the right.
  const bends = routes.flat().map(({ x }) => x)
  const left = least([...places.map(({ x, card }) => x - card.width / 2), ...bends]) - margin
  const right = most([...places.map(({ x, card }) => x + card.width / 2), ...bends]) + margin
  const bottom = most(places.map(({ y }) => y)) + cardHeight / 2 + margin
  const [start, width, height] = [Math.floor(left), Math.ceil(right - left), Math.ceil(bottom)]
  const svg = html`<svg
    class="network"
    xmlns="http://www.w3.org/2000/svg"
    width="${width}"
    height="${height}"
    viewBox="${start} 0 ${width} ${height}"
    role="img"
    aria-label="The layers of the network and how they are connected"
  >
    ${
      styles !== undefined &&
      html`<style>
        ${trusted(styles)}
      </style>`
    }
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path class="arrow" d="M0 0.5 8 4 0 7.5z" />
      </marker>
    </defs>
    ${routes.map(drawEdge)} ${places.map(({ card, x, y }) => drawCard(card, x - card.width / 2, y - cardHeight / 2))}
  </svg>`
  return { width, height, svg }
}

/** Gives all cards the same width if the network is a chain, so that they form a column. */
function evenWidths(cards: ReadonlyMap<string, Card>, nodes: readonly ShapedNode[]): ReadonlyMap<string, Card> {
  const isChain = nodes.every(({ inputs }, index) => inputs.every((input) => input === nodes[index - 1]?.name))
  if (!isChain) return cards
  const width = Math.max(...[...cards.values()].map((card) => card.width))
  return new Map([...cards].map(([name, card]) => [name, { ...card, width }]))
}

/** Returns the card of a layer, wide enough for its text in DejaVu Sans, the widest font it may be drawn in. */
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
  const first = 8.7 * (name.length + card.shape.length)
  const second = 7.1 * (Math.min(longestDetail, detail.length) + card.params.length)
  return { ...card, width: Math.max(170, Math.ceil(Math.max(first, second) + 48)) }
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

function drawEdge(points: readonly Point[]): Html {
  return html`<path class="edge" d="${curvePath(points)}" marker-end="url(#arrow)" /> `
}

/** Returns the smallest number. `Math.min(...numbers)` fails for very long lists. */
function least(numbers: readonly number[]): number {
  return numbers.reduce((found, number) => Math.min(found, number))
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((found, number) => Math.max(found, number))
}
