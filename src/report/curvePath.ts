/** A point of a drawing in pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Returns the SVG path of a curve through points, or of a straight line between two. */
export function curvePath(points: readonly Point[]): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`
  const bends = points.slice(1, -1).map((point, index) => {
    const next = points[index + 2]!
    const isLast = index === points.length - 3
    return `Q${at(point)} ${at(isLast ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`
  })
  return `M${at(points[0]!)} ${bends.length > 0 ? bends.join(' ') : `L${at(points.at(-1)!)}`}`
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
