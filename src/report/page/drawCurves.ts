/** Draws the curves of a report in the browser, with uPlot: they show the values at the pointer and follow the theme. */
import uPlot from 'uplot'
import type { Curve, CurveSeries } from '../run/curves.ts'
import { curveAxes, epochScale } from './plotStyle.ts'
import { colour, onThemeChange } from './theme.ts'

const height = 210

export function drawCurves(): void {
  const data = document.getElementById('curves')?.textContent
  if (data == null) return
  const curves = JSON.parse(data) as Curve[]
  const places = [...document.querySelectorAll<HTMLElement>('.plot')]
  const draw = () => places.map((place) => drawCurve(place, curves[Number(place.dataset['curve'])]!))
  let plots = draw()
  onThemeChange(() => {
    for (const plot of plots) plot.destroy()
    plots = draw()
  })
  new ResizeObserver(() => {
    for (const [index, plot] of plots.entries()) plot.setSize({ width: places[index]!.clientWidth, height })
  }).observe(places[0]!)
}

function drawCurve(place: HTMLElement, curve: Curve): uPlot {
  const { epochs, isShare } = curve
  const options: uPlot.Options = {
    width: place.clientWidth,
    height,
    scales: { x: epochScale },
    axes: curveAxes(isShare),
    series: [
      { label: 'epoch', value: (_plot, value) => (value == null ? `${epochs[0]}–${epochs.at(-1)}` : `${value}`) },
      ...curve.series.map((series) => lineOf(series, epochs.length, isShare)),
    ],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    legend: { markers: { width: 0, fill: (_plot, index) => colour(curve.series[index - 1]?.label ?? 'quiet') } },
  }
  const columns = [epochs, ...curve.series.map(({ values }) => values)] as unknown as uPlot.AlignedData
  return new uPlot(options, columns, place)
}

function lineOf({ label, values }: CurveSeries, epochs: number, isShare: boolean): uPlot.Series {
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
