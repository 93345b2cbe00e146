/** Draws the curves of a report in the browser, with uPlot: they show the values at the pointer and follow the theme. */
import uPlot from 'uplot'
import type { Curve, CurveSeries } from '../run/curves.ts'

const height = 210

export function drawCurves(): void {
  const data = document.getElementById('curves')?.textContent
  if (data == null) return
  const curves = JSON.parse(data) as Curve[]
  const places = [...document.querySelectorAll<HTMLElement>('.plot')]
  const draw = () => places.map((place) => drawCurve(place, curves[Number(place.dataset['curve'])]!))
  let plots = draw()
  const redraw = () => {
    for (const plot of plots) plot.destroy()
    plots = draw()
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  matchMedia('print').addEventListener('change', redraw)
  new ResizeObserver(() => {
    for (const [index, plot] of plots.entries()) plot.setSize({ width: places[index]!.clientWidth, height })
  }).observe(places[0]!)
}

function drawCurve(place: HTMLElement, curve: Curve): uPlot {
  const theme = getComputedStyle(document.documentElement)
  const colour = (name: string) => theme.getPropertyValue(`--${name}`).trim()
  const { epochs, isShare } = curve
  const axis: uPlot.Axis = {
    stroke: colour('quiet'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  }
  const format = isShare ? (value: number) => `${trim(100 * value)}%` : trim
  const options: uPlot.Options = {
    width: place.clientWidth,
    height,
    scales: { x: { time: false, range: (_plot, from, to) => (from === to ? [from - 0.5, to + 0.5] : [from, to]) } },
    axes: [
      { ...axis, size: 30, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], space: 36 },
      { ...axis, size: 54, values: (_plot, values) => values.map(format) },
    ],
    series: [
      { label: 'epoch', value: (_plot, value) => (value == null ? `${epochs[0]}–${epochs.at(-1)}` : `${value}`) },
      ...curve.series.map((series) => lineOf(series, epochs.length, colour, isShare)),
    ],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    legend: { markers: { width: 0, fill: (_plot, index) => colour(curve.series[index - 1]?.label ?? 'quiet') } },
  }
  const columns = [epochs, ...curve.series.map(({ values }) => values)] as unknown as uPlot.AlignedData
  return new uPlot(options, columns, place)
}

function lineOf(
  { label, values }: CurveSeries,
  epochs: number,
  colour: (name: string) => string,
  isShare: boolean,
): uPlot.Series {
  const known = values.filter((value) => value !== null)
  const last = known.at(-1)
  const format = (value: number) => (isShare ? `${(100 * value).toFixed(2)}%` : value.toPrecision(4))
  return {
    label,
    stroke: colour(label),
    width: 2,
    points: { show: epochs <= 40 || known.length === 1, size: label === 'test' ? 9 : 5, fill: colour(label) },
    spanGaps: true,
    // If the pointer is not over the plot, the legend shows the last values.
    value: (_plot, value: number | null) => (value == null ? (last == null ? '' : format(last)) : format(value)),
  }
}

/** Formats a number without trailing zeros. */
function trim(value: number): string {
  return Number(value.toPrecision(4)).toString()
}
