/** The picture of a window that slides over its input with its stride, and of the output that it makes. Plays, or steps by buttons and keys. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { WindowFacts } from '../../facts/windowFacts.ts'
import { cellsAt, describePosition, drawnAxes, isPadding, spanOf, type DrawnAxis } from './slidingWindow.ts'

/** The time that the window stays at a position, in milliseconds. */
const pace = 450

const prefersCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

export function WindowPicture({ window: facts }: { readonly window: WindowFacts }) {
  const [rows, columns] = drawnAxes(facts)
  const count = rows.positions * columns.positions
  const position = useSignal(0)
  const isPlaying = useSignal(!prefersCalm() && count > 1)
  const key = JSON.stringify(facts)
  useEffect(() => {
    position.value = 0
  }, [key, position])
  useEffect(() => {
    const timer = setInterval(() => {
      if (isPlaying.value && !document.hidden) position.value = (position.value + 1) % count
    }, pace)
    return () => clearInterval(timer)
  }, [count, isPlaying, position])
  const shown = Math.min(position.value, count - 1)
  const [row, column] = [Math.floor(shown / columns.positions), shown % columns.positions]
  const go = (next: number) => {
    isPlaying.value = false
    position.value = Math.max(0, Math.min(count - 1, next))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: shown + 1,
      ArrowLeft: shown - 1,
      ArrowDown: row + 1 < rows.positions ? shown + columns.positions : shown,
      ArrowUp: row > 0 ? shown - columns.positions : shown,
      Home: 0,
      End: count - 1,
    }
    const next = steps[event.key]
    if (event.key === ' ') isPlaying.value = !isPlaying.value
    else if (next !== undefined) go(next)
    else return
    event.preventDefault()
  }
  const description = describePosition(rows, columns, row, column)
  return (
    <figure class="window">
      <Picture rows={rows} columns={columns} row={row} column={column} label={description} onKeyDown={onKeyDown} />
      <div class="player" role="toolbar" aria-label="Window">
        <button type="button" class="primary" onClick={() => (isPlaying.value = !isPlaying.value)}>
          {isPlaying.value ? 'Pause' : 'Play'}
        </button>
        <button type="button" aria-label="Step back" disabled={shown === 0} onClick={() => go(shown - 1)}>
          ◂
        </button>
        <button type="button" aria-label="Step forward" disabled={shown === count - 1} onClick={() => go(shown + 1)}>
          ▸
        </button>
        <input
          type="range"
          min={0}
          max={count - 1}
          value={shown}
          aria-label="Position of the window"
          aria-valuetext={description}
          onInput={(event) => go(event.currentTarget.valueAsNumber)}
        />
      </div>
      <figcaption aria-live={isPlaying.value ? 'off' : 'polite'}>
        {description}.{rows.isCut || columns.isCut ? ` ${describeCut(rows, columns)}` : ''}
      </figcaption>
    </figure>
  )
}

function describeCut(rows: DrawnAxis, columns: DrawnAxis): string {
  const size = rows.input === 1 ? String(columns.output) : `${rows.output}×${columns.output}`
  const drawn = rows.input === 1 ? String(columns.positions) : `${rows.positions}×${columns.positions}`
  return `The picture shows the first ${drawn} of ${size} positions.`
}

interface PictureProps {
  readonly rows: DrawnAxis
  readonly columns: DrawnAxis
  readonly row: number
  readonly column: number
  readonly label: string
  readonly onKeyDown: (event: KeyboardEvent) => void
}

const gap = 2.6
const title = 1.6

/** Drawn in units of one cell. */
function Picture({ rows, columns, row, column, label, onKeyDown }: PictureProps) {
  const left = columns.cells + gap
  const height = Math.max(rows.cells, rows.positions)
  const [inputTop, outputTop] = [title + (height - rows.cells) / 2, title + (height - rows.positions) / 2]
  const width = left + columns.positions
  const window = {
    x: column * columns.stride,
    y: inputTop + row * rows.stride,
    width: spanOf(columns),
    height: spanOf(rows),
  }
  const output = { x: left + column, y: outputTop + row }
  const cell = Math.max(7, Math.min(38, 720 / width))
  return (
    <svg
      class="window-picture"
      viewBox={`-0.1 0 ${width + 0.2} ${title + height + 0.1}`}
      style={{ width: `${Math.round(width * cell)}px` }}
      role="img"
      aria-label={label}
      tabindex={0}
      onKeyDown={onKeyDown}
    >
      <Title x={0} text={`input ${sizeOf(rows.input, columns.input)}${paddedText(rows, columns)}`} cell={cell} />
      <Title x={left} text={`output ${sizeOf(rows.output, columns.output)}`} cell={cell} />
      <Cells rows={rows} columns={columns} top={inputTop} />
      {[...cellsAt(rows, row)].map((y) =>
        cellsAt(columns, column).map((x) => (
          <rect
            key={`${y} ${x}`}
            class={isPadding(rows, y) || isPadding(columns, x) ? 'tap zero' : 'tap'}
            x={x}
            y={inputTop + y}
            width="1"
            height="1"
          />
        )),
      )}
      <path class="grid" d={gridPath(0, inputTop, columns.cells, rows.cells)} />
      <rect
        class="input-frame"
        x={columns.before}
        y={inputTop + rows.before}
        width={inside(columns)}
        height={inside(rows)}
      />
      <rect class="window-frame" {...window} rx="0.08" />
      <rect class="output-face" x={left} y={outputTop} width={columns.positions} height={rows.positions} />
      {row > 0 && <rect class="done" x={left} y={outputTop} width={columns.positions} height={row} />}
      <rect class="done" x={left} y={outputTop + row} width={column} height="1" />
      <path class="grid" d={gridPath(left, outputTop, columns.positions, rows.positions)} />
      <path class="rays" d={rays(window, output)} />
      <rect class="output-cell" {...output} width="1" height="1" rx="0.08" />
    </svg>
  )
}

function Title({ x, text, cell }: { readonly x: number; readonly text: string; readonly cell: number }) {
  return (
    <text class="window-title" x={x} y="0.9" style={{ '--title': `${13 / cell}px` }}>
      {text}
    </text>
  )
}

/** The padding, hatched by zeros where there is room for them, and the input. */
function Cells({
  rows,
  columns,
  top,
}: {
  readonly rows: DrawnAxis
  readonly columns: DrawnAxis
  readonly top: number
}) {
  const zeros = Array.from({ length: rows.cells }, (_, y) => y).flatMap((y) =>
    Array.from({ length: columns.cells }, (_, x) => ({ x, y })).filter(
      (place) => isPadding(rows, place.y) || isPadding(columns, place.x),
    ),
  )
  return (
    <>
      <rect class="input-face" x="0" y={top} width={columns.cells} height={rows.cells} />
      {zeros.map(({ x, y }) => (
        <rect key={`${y} ${x}`} class="padding" x={x} y={top + y} width="1" height="1" />
      ))}
      {columns.cells <= 16 &&
        zeros.map(({ x, y }) => (
          <text key={`${y} ${x} zero`} class="padding-zero" x={x + 0.5} y={top + y + 0.64} font-size="0.42">
            0
          </text>
        ))}
    </>
  )
}

/** The part of the input that is drawn along an axis. */
function inside({ input, before, cells }: DrawnAxis): number {
  return Math.min(input, cells - before)
}

function sizeOf(rows: number, columns: number): string {
  return rows === 1 ? String(columns) : `${rows}×${columns}`
}

function paddedText(rows: DrawnAxis, columns: DrawnAxis): string {
  const padded = (axis: DrawnAxis) => axis.before + axis.input + axis.after
  const isPadded = padded(rows) > rows.input || padded(columns) > columns.input
  return isPadded ? `, padded ${sizeOf(padded(rows), padded(columns))}` : ''
}

function gridPath(left: number, top: number, columns: number, rows: number): string {
  const across = Array.from({ length: rows + 1 }, (_, y) => `M${left} ${top + y}h${columns}`)
  const down = Array.from({ length: columns + 1 }, (_, x) => `M${left + x} ${top}v${rows}`)
  return [...across, ...down].join('')
}

interface Place {
  readonly x: number
  readonly y: number
}

/** Lines from the window to the cell of the output that it makes. */
function rays(window: Place & { readonly width: number; readonly height: number }, output: Place): string {
  const right = window.x + window.width
  return `M${right} ${window.y}L${output.x} ${output.y}M${right} ${window.y + window.height}L${output.x} ${output.y + 1}`
}
