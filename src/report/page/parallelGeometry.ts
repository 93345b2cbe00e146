/** The geometry of parallel coordinates: where axes are, the curve of a trial across them, and the trial nearest to a point. */
import type { SweepPageData } from '../sweep/pageData.ts'

export interface ParallelLayout {
  readonly width: number
  readonly height: number
  readonly top: number
  readonly bottom: number
  /** Whether axes are so near that their names alternate between two lines. */
  readonly isDense: boolean
  /** The horizontal place of each axis. */
  readonly places: readonly number[]
  /** Returns the vertical place of a position; that of trials without a value is below the axis. */
  readonly down: (position: number | null) => number
}

const [leastGap, left, right, axisHeight] = [92, 20, 14, 264]

/** @param room The width of the page's column. */
export function layoutOf({ axes }: SweepPageData, room: number): ParallelLayout {
  const gaps = Math.max(1, axes.length - 1)
  const width = Math.max(room, left + right + leastGap * gaps)
  const gap = (width - left - right) / gaps
  const isDense = gap < 130
  const top = isDense ? 62 : 44
  const bottom = top + axisHeight
  const hasMissing = axes.some(({ positions }) => positions.includes(null))
  return {
    width,
    height: bottom + (hasMissing ? 48 : 20),
    top,
    bottom,
    isDense,
    places: axes.map((_, index) => left + gap * index),
    down: (position) => (position === null ? bottom + 30 : bottom - position * axisHeight),
  }
}

/** Returns the path of a trial: between two axes, a curve that is level at both. */
export function pathOf({ axes }: SweepPageData, { places, down }: ParallelLayout, trial: number): string {
  const points = axes.map(({ positions }, index) => [places[index]!, down(positions[trial] ?? null)] as const)
  return points.reduce((path, [x, y], index) => {
    const before = points[index - 1]
    if (!before) return `M${x} ${y}`
    const middle = (before[0] + x) / 2
    return `${path}C${middle} ${before[1]} ${middle} ${y} ${x} ${y}`
  }, '')
}

/** Returns the shown trial whose curve is nearest to a point, within 16 pixels. */
export function nearestTrial(
  { axes, trials }: SweepPageData,
  { places, down }: ParallelLayout,
  [x, y]: readonly [x: number, y: number],
  isShown: (trial: number) => boolean,
): number | undefined {
  const next = Math.max(
    1,
    Math.min(
      places.length - 1,
      places.findIndex((place) => place > x),
    ),
  )
  const after = places.at(-1)! <= x ? places.length - 1 : next
  const [from, to] = [places[after - 1] ?? 0, places[after] ?? 0]
  const share = blendAt(Math.min(1, Math.max(0, (x - from) / (to - from))))
  let best: number | undefined
  let least = 16
  for (const trial of trials.keys()) {
    if (!isShown(trial)) continue
    const [start, end] = [down(axes[after - 1]!.positions[trial] ?? null), down(axes[after]!.positions[trial] ?? null)]
    const distance = Math.abs(start + (end - start) * share - y)
    if (distance < least) [best, least] = [trial, distance]
  }
  return best
}

/** Returns how far a curve has come from its start to its end, for a share of the way between two axes. */
function blendAt(way: number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 16; step += 1) {
    const t = (low + high) / 2
    // The control points of the curve are in the middle.
    if (1.5 * t * (1 - t) + t ** 3 < way) low = t
    else high = t
  }
  return 3 * low ** 2 - 2 * low ** 3
}
