/** What the curves of all pages have in common: their axes, and the format of numbers along them. */
import type uPlot from 'uplot'
import { colour } from './theme.ts'

export function curveAxes(isShare: boolean, isLogarithmic = false): uPlot.Axis[] {
  const axis: uPlot.Axis = {
    stroke: colour('quiet'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  }
  // A logarithmic scale leaves the labels of some of its lines out.
  const format = (value: number | null) => (value === null ? '' : isShare ? `${trim(100 * value)}%` : trim(value))
  return [
    { ...axis, size: 30, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], space: 36 },
    {
      ...axis,
      size: 54,
      values: (_plot, values) => values.map(format),
      ...(isLogarithmic && { grid: { ...axis.grid, filter: firstLines } }),
    },
  ]
}

/** Keeps the lines at 1, 2 and 5 of each decade. */
function firstLines(_plot: uPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (/^[125]/.test(value.toExponential(0)) ? value : null))
}

/** The scale of epochs: whole numbers, with a single epoch in the middle. */
export const epochScale: uPlot.Scale = {
  time: false,
  range: (_plot, from, to) => (from === to ? [from - 0.5, to + 0.5] : [from, to]),
}

/** Formats a number without trailing zeros. */
function trim(value: number): string {
  return Number(value.toPrecision(4)).toString()
}
