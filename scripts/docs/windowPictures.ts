/** Draws windows on a 7x7 input: the cells that two neighbouring positions read, and the output that the checker proves. */
import { checkFragment } from './examples.ts'
import { arrow, rect, squares, svg, text } from './svg.ts'

const size = 7
const cell = 14
const [panelWidth, panelHeight] = [320, 214]

export interface Panel {
  readonly layer: 'conv2d' | 'maxPooling2d'
  /** The size of the kernel or the pool. */
  readonly window: number
  readonly strides: number
  readonly padding: 'valid' | 'same'
  readonly dilation?: number
}

export const convolutions: readonly Panel[] = [
  { layer: 'conv2d', window: 3, strides: 1, padding: 'valid' },
  { layer: 'conv2d', window: 3, strides: 1, padding: 'same' },
  { layer: 'conv2d', window: 3, strides: 2, padding: 'valid' },
  { layer: 'conv2d', window: 3, strides: 2, padding: 'same' },
  { layer: 'conv2d', window: 3, strides: 1, padding: 'valid', dilation: 2 },
  { layer: 'conv2d', window: 3, strides: 1, padding: 'same', dilation: 2 },
]

export const poolings: readonly Panel[] = [
  { layer: 'maxPooling2d', window: 2, strides: 2, padding: 'valid' },
  { layer: 'maxPooling2d', window: 2, strides: 2, padding: 'same' },
  { layer: 'maxPooling2d', window: 3, strides: 2, padding: 'valid' },
  { layer: 'maxPooling2d', window: 3, strides: 3, padding: 'valid' },
]

/** Returns the size of the output along each axis, as the checker proves it. */
export function outputSize({ layer, window, strides, padding, dilation }: Panel): number {
  const own = layer === 'conv2d' ? `filters: 1, kernelSize: ${window}` : `poolSize: ${window}`
  const dilated = dilation === undefined ? '' : `, dilationRate: ${dilation}`
  const options = `${own}, strides: ${strides}, padding: ${padding}${dilated}`
  const { shaped } = checkFragment(`input: { shape: [${size}, ${size}, 1] }\nlayers:\n  - ${layer}: { ${options} }\n`)
  return shaped.nodes.at(-1)!.shape[0] as number
}

export function windowPicture(panels: readonly Panel[], title: string): string {
  const rows = Math.ceil(panels.length / 2)
  const drawn = panels.map((panel, index) => {
    const [x, y] = [(index % 2) * panelWidth, Math.floor(index / 2) * panelHeight]
    return `<g transform="translate(${x} ${y})">${drawPanel(panel)}</g>`
  })
  return svg(2 * panelWidth, rows * panelHeight, title, drawn)
}

/** Describes the picture in words, for screen readers. */
export function describePanels(panels: readonly Panel[]): string {
  const parts = panels.map((panel) => `${captionOf(panel)} gives ${outputSize(panel)}x${outputSize(panel)}`)
  return `Windows on a ${size}x${size} input: ${parts.join('; ')}`
}

function captionOf({ layer, window, strides, padding, dilation }: Panel): string {
  const what = layer === 'conv2d' ? `kernel ${window}x${window}` : `pool ${window}x${window}`
  return `${what}, ${dilation === undefined ? `strides ${strides}` : `dilation ${dilation}`}, ${padding}`
}

function drawPanel(panel: Panel): string {
  const { window, strides, padding, dilation = 1 } = panel
  const output = outputSize(panel)
  const span = (window - 1) * dilation + 1
  const covered = (output - 1) * strides + span
  // As in TensorFlow, an odd amount of padding has the extra row at the end.
  const added = padding === 'same' ? Math.max(covered - size, 0) : 0
  const before = Math.floor(added / 2)
  const read = Math.min(size, covered - before)
  const [left, top] = [16 + (2 - before) * cell, 46 + (2 - before) * cell]
  const at = ([row, column]: Place, from = 0) => [left + (column + from) * cell, top + row * cell] as const
  const inner = (side: number) => cellsOf(side).map(([row, column]) => at([row + before, column + before]))
  const mark = (start: number, kind: string) => [
    squares(
      cellsOf(window).map(([row, column]) => at([row * dilation, column * dilation], start)),
      cell,
      kind,
    ),
    rect(...at([0, 0], start), span * cell, span * cell, `${kind} outline`),
  ]
  return [
    text(16, 28, captionOf(panel)),
    ...(added > 0
      ? [
          squares(
            cellsOf(size + added).map((place) => at(place)),
            cell,
            'padding',
          ),
        ]
      : []),
    squares(inner(size), cell, 'unread'),
    squares(inner(read), cell, 'cell'),
    ...mark(0, 'first'),
    ...mark(strides, 'second'),
    arrow(178, 46 + 5.5 * cell, 20),
    drawOutput(output, 206, 46 + 2 * cell),
  ].join('\n')
}

/** Draws the output, with the values of the two windows in their colours. */
function drawOutput(side: number, left: number, top: number): string {
  const at = ([row, column]: Place) => [left + column * cell, top + row * cell] as const
  return [
    squares(cellsOf(side).map(at), cell, 'cell'),
    squares([at([0, 0])], cell, 'first'),
    squares([at([0, 1])], cell, 'second'),
    text(left, top - 8, `${side}x${side}`),
  ].join('\n')
}

type Place = readonly [row: number, column: number]

function cellsOf(side: number): Place[] {
  return Array.from({ length: side * side }, (_, index) => [Math.floor(index / side), index % side] as const)
}
