/** The worker that lays out drawings of networks by dagre, so that typing stays smooth. */
import { graphlib, layout } from '@dagrejs/dagre'
import type { Point } from '../../../report/curvePath.ts'
import type { Layout, LayoutRequest, Rectangle } from '../network/layoutMessages.ts'

addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => postMessage(layOut(data)))

function layOut(request: LayoutRequest): Layout {
  try {
    return draw(request, true)
  } catch {
    // dagre fails for some nested groups. Without the boxes, the network is still readable.
    return draw(request, false)
  }
}

function draw(request: LayoutRequest, withBoxes: boolean): Layout {
  const { id, cards, boxes, edges } = request
  const graph = new graphlib.Graph({ compound: true, multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 32, ranksep: boxes.length > 0 ? 30 : 22, marginx: 16, marginy: 16 })
  for (const { id: card, width, height } of cards) graph.setNode(`card ${card}`, { width, height })
  if (withBoxes) {
    for (const { key } of boxes) graph.setNode(`box ${key}`, {})
    for (const { key, parent } of boxes) if (parent !== undefined) graph.setParent(`box ${key}`, `box ${parent}`)
    for (const { id: card, parent } of cards) if (parent !== undefined) graph.setParent(`card ${card}`, `box ${parent}`)
  }
  for (const [index, { from, to, width, height }] of edges.entries()) {
    graph.setEdge(`card ${from}`, `card ${to}`, { width, height, labelpos: 'c' }, String(index))
  }
  layout(graph)
  const at = (name: string) => graph.node(name) as Rectangle
  const places = cards.map(({ id: card }) => pointOf(at(`card ${card}`)))
  const frames = withBoxes
    ? framesOf(
        request,
        places,
        boxes.map(({ key }) => at(`box ${key}`)),
      )
    : []
  const routes = edges.map(({ from, to }, index) => {
    const route = graph.edge(`card ${from}`, `card ${to}`, String(index)) as Point & {
      readonly points: readonly Point[]
    }
    return { points: route.points.map(pointOf), label: pointOf(route) }
  })
  const rights = [
    ...cards.map(({ width }, index) => places[index]!.x + width / 2),
    ...frames.map(({ x, width }) => x + width / 2),
    ...routes.flatMap(({ points }) => points.map(({ x }) => x)),
  ]
  const bottoms = [
    ...cards.map(({ height }, index) => places[index]!.y + height / 2),
    ...frames.map(({ y, height }) => y + height / 2),
  ]
  const most = (numbers: readonly number[]) => numbers.reduce((found, number) => Math.max(found, number), 0)
  return { id, width: most(rights) + 16, height: most(bottoms) + 16, cards: places, boxes: frames, edges: routes }
}

function pointOf({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) }
}

/** Room above the content of a box for its label, and below it. */
const [above, below] = [22, 9]

/** Gives each box the height of its content, with room for its label. The widths are those of dagre. */
function framesOf(
  { cards, boxes }: LayoutRequest,
  places: readonly Point[],
  given: readonly Rectangle[],
): readonly Rectangle[] {
  const extents = new Map<string, { top: number; bottom: number }>()
  const include = (key: string | undefined, top: number, bottom: number) => {
    if (key === undefined) return
    const extent = extents.get(key) ?? { top: Infinity, bottom: -Infinity }
    extents.set(key, { top: Math.min(extent.top, top), bottom: Math.max(extent.bottom, bottom) })
  }
  for (const [index, { parent, height }] of cards.entries()) {
    include(parent, places[index]!.y - height / 2 - above, places[index]!.y + height / 2 + below)
  }
  // Outer boxes precede inner ones.
  for (const { key, parent } of boxes.toReversed()) {
    const { top, bottom } = extents.get(key)!
    include(parent, top - above, bottom + below)
  }
  return boxes.map(({ key }, index) => {
    const { top, bottom } = extents.get(key)!
    return { x: given[index]!.x, y: (top + bottom) / 2, width: given[index]!.width, height: bottom - top }
  })
}
