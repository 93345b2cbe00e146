/** Draws the shapes in a small network, 28 → 14 → 7, as the checker proves them. */
import { formatShape, isFullyKnown } from '../../src/language/dims.ts'
import { checkFragment } from './examples.ts'
import { arrow, polygon, rect, svg, text } from './svg.ts'

const network = `name: digits
dataset: mnist
layers:
  - conv2d: { filters: 32, kernelSize: 3, padding: same, activation: relu }
  - maxPooling2d: { poolSize: 2 }
  - conv2d: { filters: 64, kernelSize: 3, padding: same, activation: relu }
  - maxPooling2d: { poolSize: 2 }
  - flatten
  - dense: { units: 10, activation: softmax }
`

const steps = () => {
  const { shaped } = checkFragment(network)
  return shaped.nodes.map(({ layer, shape }) => ({ type: layer.type, shape: isFullyKnown(shape) ? shape : [] }))
}

export function describeShapes(): string {
  return steps()
    .map(({ type, shape }) => `${type} ${formatShape(shape)}`)
    .join(' → ')
}

export function shapesPicture(): string {
  const [gap, middle, height] = [32, 104, 232]
  const content: string[] = []
  let x = 14
  for (const [index, { type, shape }] of steps().entries()) {
    if (index > 0) {
      content.push(arrow(x + 6, middle, gap - 12))
      x += gap
    }
    const tensor = drawTensor(shape, middle)
    const width = Math.max(tensor.width, 48)
    const center = x + width / 2
    // Labels are wider than small tensors, so they alternate between two rows.
    content.push(
      `<g transform="translate(${center - tensor.width / 2} 0)">${tensor.drawn.join('')}</g>`,
      text(center, 26, type, 'middle small'),
      text(center, index % 2 === 0 ? 196 : 218, formatShape(shape), 'middle'),
    )
    x += width
  }
  return svg(Math.ceil(x + 14), height, describeShapes(), content)
}

interface DrawnTensor {
  readonly width: number
  readonly drawn: readonly string[]
}

/** Draws an image as a box, whose depth is the logarithm of its channels, or a vector as a bar. */
function drawTensor(shape: readonly number[], middle: number): DrawnTensor {
  const [rows = 1, , channels] = shape
  if (channels === undefined) {
    const length = Math.round(10 + 10 * Math.log2(rows))
    return { width: 14, drawn: [rect(0, middle - length / 2, 14, length, 'face')] }
  }
  const side = Math.round(rows * 2.6)
  const depth = Math.round(3 + 4 * Math.log2(channels))
  const rise = Math.round(depth * 0.6)
  const [left, right, top, bottom] = [0, side, middle - side / 2, middle + side / 2]
  const drawn = [
    polygon(
      [
        [left, top],
        [left + depth, top - rise],
        [right + depth, top - rise],
        [right, top],
      ],
      'side',
    ),
    polygon(
      [
        [right, top],
        [right + depth, top - rise],
        [right + depth, bottom - rise],
        [right, bottom],
      ],
      'side',
    ),
    rect(left, top, side, side, 'face'),
  ]
  return { width: side + depth, drawn }
}
