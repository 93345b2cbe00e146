/** Draws the curves of all trials of a sweep, with the highlighted one on top. */
import uPlot from 'uplot'
import type { SweepPageData } from '../sweep/pageData.ts'
import { curveAxes, epochScale } from './plotStyle.ts'
import type { Selection } from './selection.ts'
import { svg } from './svg.ts'
import { colour, onThemeChange, qualityColours } from './theme.ts'

const height = 300

export function drawTrialCurves(data: SweepPageData, selection: Selection): void {
  const place = document.getElementById('trial-curves')
  if (!place) return
  const drawn = orderOf(data)
  let plot = drawPlot(place, data, drawn, selection)
  onThemeChange(() => {
    plot.destroy()
    plot = drawPlot(place, data, drawn, selection)
    highlight(plot, data, selection)
  })
  selection.onShow(() => plot.redraw(false))
  selection.onPoint(() => highlight(plot, data, selection))
  place.addEventListener('pointerleave', () => selection.point(undefined))
  place.addEventListener('click', () => {
    const trial = selection.pointed()
    if (trial !== undefined) selection.pin(trial)
  })
  new ResizeObserver(() => {
    plot.setSize({ width: place.clientWidth, height })
    highlight(plot, data, selection)
  }).observe(place)
}

/** Draws the highlighted curve over the plot, which is slow to draw with many curves. */
function highlight(plot: uPlot, { epochs, trials }: SweepPageData, selection: Selection): void {
  const trial = selection.pointed()
  const points =
    trial === undefined
      ? []
      : trials[trial]!.curve.flatMap((value, index) => {
          return value === null ? [] : [`${plot.valToPos(epochs[index]!, 'x')} ${plot.valToPos(value, 'y')}`]
        })
  plot.over.querySelector('svg')?.remove()
  if (points.length === 0) return
  const overlay = svg('svg', { class: 'highlight', width: '100%', height: '100%' })
  // A single epoch is a point: a line of no length with round ends.
  overlay.append(svg('path', { d: `M${points.join('L')}${points.length === 1 ? 'h0' : ''}` }))
  plot.over.append(overlay)
}

/** Returns the trials that have a curve, the best last so that they are on top. */
function orderOf({ trials }: SweepPageData): number[] {
  return trials
    .map((_, index) => index)
    .filter((index) => trials[index]!.curve.length > 0)
    .toSorted((a, b) => (trials[a]!.quality ?? -1) - (trials[b]!.quality ?? -1))
}

function columnsOf({ epochs, trials }: SweepPageData, drawn: readonly number[]): (readonly (number | null)[])[] {
  return [epochs, ...drawn.map((trial) => trials[trial]!.curve)]
}

function drawPlot(place: HTMLElement, data: SweepPageData, drawn: readonly number[], selection: Selection): uPlot {
  const { epochs, trials, isShare, isLogarithmic } = data
  const colourOf = qualityColours()
  const quiet = colour('quiet')
  const isShort = epochs.length < 4
  const width = drawn.length > 100 ? 1 : 1.5
  const strokeOf = (trial: number) => {
    if (!selection.isShown(trial)) return 'transparent'
    const { quality } = trials[trial]!
    return quality === null ? quiet : colourOf(quality)
  }
  const seriesOf = (trial: number): uPlot.Series => {
    const stroke = () => strokeOf(trial)
    return { stroke, width, spanGaps: true, points: { show: isShort, size: width + 4, fill: stroke, stroke } }
  }
  const options: uPlot.Options = {
    width: place.clientWidth,
    height,
    scales: { x: epochScale, y: { distr: isLogarithmic ? 3 : 1 } },
    axes: curveAxes(isShare, isLogarithmic),
    series: [{}, ...drawn.map(seriesOf)],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, focus: { prox: 24 } },
    focus: { alpha: 1 },
    hooks: {
      setSeries: [
        (_plot, index) => {
          const trial = index == null ? undefined : drawn[index - 1]
          selection.point(trial !== undefined && selection.isShown(trial) ? trial : undefined)
        },
      ],
    },
  }
  return new uPlot(options, columnsOf(data, drawn) as unknown as uPlot.AlignedData, place)
}
