/** The geometry of a window that slides over its input: what is drawn of it, and where it is at a position of the output. */
import type { WindowAxis, WindowFacts } from '../../facts/windowFacts.ts'

/** The largest number of positions of an output that are drawn along an axis. */
const mostPositions = 28
/** The largest number of inputs along an axis, so that cells stay visible. */
const mostCells = 60

/** One axis of the picture: all of it, or its beginning. */
export interface DrawnAxis extends WindowAxis {
  /** The number of output positions that are drawn. */
  readonly positions: number
  /** The number of cells that are drawn, with those of the padding. */
  readonly cells: number
  readonly isCut: boolean
}

/** Rows and columns. A window along one axis has one row. */
export function drawnAxes({ axes }: WindowFacts): readonly [rows: DrawnAxis, columns: DrawnAxis] {
  const [columns, rows] = axes.toReversed()
  return [cutAxis(rows ?? single), cutAxis(columns ?? single)]
}

const single: WindowAxis = { input: 1, output: 1, size: 1, stride: 1, dilation: 1, before: 0, after: 0 }

function cutAxis(axis: WindowAxis): DrawnAxis {
  const all = axis.before + axis.input + axis.after
  const span = spanOf(axis)
  const fitting = Math.max(1, Math.floor((mostCells - span) / axis.stride) + 1)
  const positions = Math.min(axis.output, mostPositions, fitting)
  const isCut = positions < axis.output
  return { ...axis, positions, cells: isCut ? Math.min(all, (positions - 1) * axis.stride + span) : all, isCut }
}

export function spanOf({ size, dilation }: WindowAxis): number {
  return (size - 1) * dilation + 1
}

/** The cells that the window reads at a position, counted from the first cell of the padding. */
export function cellsAt({ size, stride, dilation }: WindowAxis, position: number): readonly number[] {
  return Array.from({ length: size }, (_, index) => position * stride + index * dilation)
}

/** Whether a cell is a zero of the padding. */
export function isPadding({ before, input }: WindowAxis, cell: number): boolean {
  return cell < before || cell >= before + input
}

/** The size of the output with its numbers: `⌊(7 + 1 + 1 − 3) / 2⌋ + 1 = 4`. */
export function sizeFormula(axis: WindowAxis): string {
  const { input, before, after, stride, output } = axis
  const padded = before + after === 0 ? String(input) : `${input} + ${before} + ${after}`
  return `⌊(${padded} − ${spanOf(axis)}) / ${stride}⌋ + 1 = ${output}`
}

/** Describes what the output at a position reads: `rows 1 to 3, columns 4 to 6`. Cells of the padding are not counted. */
export function describePosition(rows: DrawnAxis, columns: DrawnAxis, row: number, column: number): string {
  const along = (axis: DrawnAxis, position: number, noun: string) => {
    const cells = cellsAt(axis, position).filter((cell) => !isPadding(axis, cell))
    const [first, last] = [cells[0], cells.at(-1)]
    if (first === undefined || last === undefined) return `no ${noun}s`
    const [from, to] = [first - axis.before + 1, last - axis.before + 1]
    const list = axis.dilation > 1 ? ` in steps of ${axis.dilation}` : ''
    return from === to ? `${noun} ${from}` : `${noun}s ${from} to ${to}${list}`
  }
  const read = along(columns, column, 'column')
  if (rows.input === 1) return `Output ${column + 1} reads ${read.replace('column', 'position')}`
  return `Output row ${row + 1}, column ${column + 1} reads ${along(rows, row, 'row')}, ${read}`
}
