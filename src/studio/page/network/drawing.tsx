/** The drawing of a network: cards, boxes and edges as SVG. */
import { formatCount } from '../../../diagnostics/formatCount.ts'
import type { LayoutQuestion } from '../worker/layouter.ts'
import { curvePath, type Point } from '../../../report/curvePath.ts'
import type { Layout } from './layoutMessages.ts'
import { labelOf, type Card, type GraphModel } from './graphModel.ts'

const cardHeight = 50
const longestDetail = 40

/** Measures the cards and the labels of edges, in the widest font that they may be drawn in. */
export function questionOf({ cards, boxes, edges }: GraphModel): LayoutQuestion {
  // In a chain, cards of one width form a column.
  const isChain = edges.length === cards.length - 1 && edges.every(({ from }, index) => from === cards[index]?.id)
  const widths = cards.map(widthOf)
  const widest = Math.max(...widths)
  return {
    cards: cards.map(({ id, parent }, index) => {
      const width = isChain ? widest : widths[index]!
      return { id, width, height: cardHeight, ...(parent !== undefined && { parent }) }
    }),
    boxes,
    edges: edges.map(({ from, to, shape }) => ({ from, to, width: 8 * shape.length + 8, height: 18 })),
  }
}

function widthOf({ title, detail, params }: Card): number {
  const first = 8.4 * (title.length + (params === 0 ? 0 : formatCount(params).length + 2))
  const second = 6.9 * Math.min(longestDetail, detail.length)
  return Math.max(150, Math.ceil(Math.max(first, second) + 36))
}

export interface Drawn {
  readonly model: GraphModel
  readonly question: LayoutQuestion
  readonly layout: Layout
}

interface DrawingProps {
  readonly drawn: Drawn
  readonly scale: number
  readonly selected: string | undefined
  readonly onChoose: (card: Card) => void
  readonly onFold: (key: string) => void
}

export function Drawing({ drawn, scale, selected, onChoose, onFold }: DrawingProps) {
  const { model, question, layout } = drawn
  const { cards, boxes, edges } = model
  const most = (key: 'params' | 'flops') => Math.max(1, ...cards.map((card) => card[key]))
  const [mostParams, mostFlops] = [most('params'), most('flops')]
  const largest = Math.max(1, ...edges.map(({ size }) => size))
  return (
    <svg
      class="graph"
      width={layout.width * scale}
      height={layout.height * scale}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="group"
      aria-label="The layers of the network"
      onKeyDown={moveFocus}
    >
      <ArrowHead />
      {layout.boxes.map((place, index) => {
        const { key, label } = boxes[index]!
        return <BoxDrawing key={key} label={label} place={place} onFold={() => onFold(key)} />
      })}
      {layout.edges.map(({ points }, index) => (
        <path
          key={`${edges[index]!.from} ${edges[index]!.to} ${index}`}
          class="edge"
          d={curvePath(points)}
          stroke-width={round(1 + 5 * Math.sqrt(edges[index]!.size / largest))}
          marker-end="url(#arrow)"
        />
      ))}
      {layout.edges.map(({ label }, index) => (
        <text
          key={`${edges[index]!.from} ${edges[index]!.to} ${index} shape`}
          class="edge-shape"
          x={label.x}
          y={label.y + 4}
        >
          {edges[index]!.shape}
        </text>
      ))}
      {layout.cards.map((place, index) => {
        const card = cards[index]!
        return (
          <CardDrawing
            key={card.id}
            card={card}
            place={place}
            width={question.cards[index]!.width}
            params={card.params / mostParams}
            flops={card.flops / mostFlops}
            isSelected={card.layers.some(({ name }) => name === selected)}
            onChoose={() => onChoose(card)}
          />
        )
      })}
    </svg>
  )
}

function ArrowHead() {
  return (
    <defs>
      <marker
        id="arrow"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="9"
        markerHeight="9"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path class="arrow" d="M0 0.5 8 4 0 7.5z" />
      </marker>
    </defs>
  )
}

interface BoxProps {
  readonly label: string
  readonly place: Layout['boxes'][number]
  readonly onFold: () => void
}

/** The frame around an open group, and the button that folds it. */
function BoxDrawing({ label, place: { x, y, width, height }, onFold }: BoxProps) {
  return (
    <g class="box" transform={`translate(${x - width / 2} ${y - height / 2})`}>
      <rect width={width} height={height} rx="10" />
      <g
        class="fold"
        role="button"
        tabindex={0}
        aria-label={`Fold ${label}`}
        aria-expanded="true"
        onClick={onFold}
        onKeyDown={(event) => onEnter(event, onFold)}
      >
        <rect class="fold-area" x="2" y="2" width={Math.min(width - 4, 7.4 * label.length + 30)} height="18" rx="8" />
        <text x="10" y="15">
          − {label}
        </text>
      </g>
    </g>
  )
}

interface CardProps {
  readonly card: Card
  readonly place: Point
  readonly width: number
  /** The shares of the largest card, from 0 to 1. */
  readonly params: number
  readonly flops: number
  readonly isSelected: boolean
  readonly onChoose: () => void
}

function CardDrawing({ card, place, width, params, flops, isSelected, onChoose }: CardProps) {
  const { title, detail, kind, isWrong } = card
  const bar = Math.max(2, (width - 24) * params)
  const lines = detail === '' ? 1 : 2
  return (
    <g
      class="card"
      data-kind={kind}
      data-wrong={isWrong}
      data-selected={isSelected}
      data-card={card.id}
      transform={`translate(${place.x - width / 2} ${place.y - cardHeight / 2})`}
      role="button"
      tabindex={0}
      aria-label={labelOf(card)}
      aria-pressed={isSelected}
      aria-expanded={kind === 'group' ? 'false' : undefined}
      onClick={onChoose}
      onKeyDown={(event) => onEnter(event, onChoose)}
    >
      {kind === 'group' && <rect class="stack" x="5" y="5" width={width} height={cardHeight} rx="8" />}
      <rect class="face" width={width} height={cardHeight} rx="8" />
      <rect class="cost" width={width} height={cardHeight} rx="8" opacity={round(0.34 * Math.sqrt(flops))} />
      <text class="title" x="12" y={lines === 1 ? 27 : 20}>
        {kind === 'group' ? `+ ${title}` : title}
      </text>
      {card.params > 0 && (
        <text class="params" x={width - 12} y={lines === 1 ? 27 : 20}>
          {formatCount(card.params)}
        </text>
      )}
      <text class="detail" x="12" y="36">
        {detail.length > longestDetail ? `${detail.slice(0, longestDetail - 1)}…` : detail}
      </text>
      {card.params > 0 && <rect class="card-share" x="12" y={cardHeight - 8} width={round(bar)} height="3" rx="1.5" />}
    </g>
  )
}

function onEnter(event: KeyboardEvent, act: () => void): void {
  if (event.key !== 'Enter' && event.key !== ' ') return
  event.preventDefault()
  act()
}

/** Arrow keys move between the cards, in the order of the network. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
  const cards = [...(event.currentTarget as Element).querySelectorAll<SVGElement>('.card')]
  const index = cards.indexOf(document.activeElement as SVGElement)
  if (step === undefined || index < 0) return
  event.preventDefault()
  cards[index + step]?.focus()
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
