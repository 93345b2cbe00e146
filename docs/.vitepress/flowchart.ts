/** Draws the flowcharts of the manual, which are written in Mermaid for GitHub, without loading Mermaid. */
import { graphlib, layout, type Edge } from '@dagrejs/dagre'

const letterWidth = 6.7
const boxHeight = 34
const margin = 8

/**
 * Returns an SVG of a Mermaid flowchart whose lines have the form `a["text"] -- label --> b`.
 * @throws for any other line, so that a diagram never silently lacks a part.
 */
export function drawFlowchart(text: string): string {
  const [first = '', ...lines] = text.trim().split('\n')
  if (!/^flowchart (LR|TD)$/.test(first.trim())) throw new Error(`not a flowchart that the site can draw: ${first}`)
  const graph = new graphlib.Graph()
  // From the top down, so that it fits on a phone.
  graph.setGraph({ rankdir: 'TB', nodesep: 12, ranksep: 14, marginx: margin, marginy: margin })
  const titles = new Map<string, string>()
  for (const line of lines) {
    const edge = /^(.+?) --(?: (.+?) --)?> (.+)$/.exec(line.trim())
    if (edge === null) throw new Error(`not a line of a flowchart that the site can draw: ${line}`)
    const [, from = '', label = '', to = ''] = edge
    const ends = [from, to].map((end) => readNode(end, titles)) as [string, string]
    graph.setEdge(...ends, { label, width: widthOf(label), height: label === '' ? 0 : 18, labelpos: 'c' })
  }
  for (const [id, title] of titles) graph.setNode(id, { width: widthOf(title) + 18, height: boxHeight })
  layout(graph)
  const boxes = [...titles].map(([id, title]) => drawBox(graph.node(id) as Box, title))
  const arrows = (graph.edges() as readonly Edge[]).map((edge) =>
    drawArrow(graph.node(edge.v) as Box, graph.node(edge.w) as Box, graph.edge(edge) as Route),
  )
  const { width = 0, height = 0 } = graph.graph()
  return `<div class="flowchart" v-pre><svg viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" role="img">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
${[...arrows, ...boxes].join('\n')}
</svg></div>\n`
}

function readNode(written: string, titles: Map<string, string>): string {
  const node = /^(\w+)(?:\["(.+)"\])?$/.exec(written.trim())
  if (node === null) throw new Error(`not a node of a flowchart that the site can draw: ${written}`)
  const [, id = '', title] = node
  if (title !== undefined || !titles.has(id)) titles.set(id, title ?? id)
  return id
}

function widthOf(text: string): number {
  return text.length * letterWidth
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Route {
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly label: string
  /** The middle of the label. */
  readonly x?: number
  readonly y?: number
}

function drawBox({ x, y, width, height }: Box, title: string): string {
  const [left, top] = [x - width / 2, y - height / 2].map(Math.round)
  return `<rect x="${left}" y="${top}" width="${Math.round(width)}" height="${height}" rx="6"/><text x="${Math.round(x)}" y="${Math.round(y) + 5}">${escape(title)}</text>`
}

/** An arrow leaves its box at the bottom and enters the next one at the top; a loop stays at the right of its box. */
function drawArrow(from: Box, to: Box, { points, label, x = 0, y = 0 }: Route): string {
  if (from === to) {
    const right = from.x + from.width / 2
    const loop = `M${right} ${from.y - 7}c26 -7 26 21 0 14`
    return `<path class="line" d="${loop}" marker-end="url(#arrow)"/><text class="label loop" x="${right + 24}" y="${from.y + 4}">${escape(label)}</text>`
  }
  const places = [
    { x: from.x, y: from.y + from.height / 2 },
    ...points.slice(1, -1),
    { x: to.x, y: to.y - to.height / 2 },
  ]
  const curves = places.slice(1).map((end, at) => {
    const start = places[at]!
    const middle = (start.y + end.y) / 2
    return `C${start.x} ${middle} ${end.x} ${middle} ${end.x} ${end.y}`
  })
  const path = `M${places[0]!.x} ${places[0]!.y}${curves.join('')}`
  const text = label === '' ? '' : `<text class="label" x="${x}" y="${y + 4}">${escape(label)}</text>`
  return `<path class="line" d="${path}" marker-end="url(#arrow)"/>${text}`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
