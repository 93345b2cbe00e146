/** Draws the curves of all trials of a sweep, with the highlighted one on top. */
import uPlot from 'uplot'
import type { SweepPageData } from '../sweep/pageData.ts'
import { curveAxes, epochScale } from './plotStyle.ts'
import type { Selection } from './selection.ts'
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
  })
  selection.onShow(() => plot.redraw(false))
  selection.onPoint(() => {
    const trial = selection.pointed()
    const curve = trial === undefined ? undefined : data.trials[trial]!.curve
    plot.setData([...columnsOf(data, drawn), curve ?? []] as unknown as uPlot.AlignedData, false)
    plot.redraw()
  })
  place.addEventListener('pointerleave', () => selection.point(undefined))
  place.addEventListener('click', () => {
    const trial = selection.pointed()
    if (trial !== undefined) selection.pin(trial)
  })
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height })).observe(place)
}

/** Returns the trials that have a curve, the best last so that they are on top. */
export function orderOf({ trials }: SweepPageData): number[] {
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
  const [quiet, focus] = [colour('quiet'), colour('focus')]
  const isShort = epochs.length < 4
  const width = drawn.length > 100 ? 1 : 1.5
  const strokeOf = (trial: number) => {
    if (!selection.isShown(trial)) return 'transparent'
    const { quality } = trials[trial]!
    return quality === null ? quiet : colourOf(quality)
  }
  const seriesOf = (stroke: () => string, thickness: number): uPlot.Series => ({
    stroke,
    width: thickness,
    spanGaps: true,
    points: { show: isShort, size: thickness + 4, fill: stroke, stroke },
  })
  const options: uPlot.Options = {
    width: place.clientWidth,
    height,
    scales: { x: epochScale, y: { distr: isLogarithmic ? 3 : 1 } },
    axes: curveAxes(isShare),
    series: [{}, ...drawn.map((trial) => seriesOf(() => strokeOf(trial), width)), seriesOf(() => focus, 3.5)],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, focus: { prox: 24 } },
    focus: { alpha: 1 },
    hooks: {
      setSeries: [
        (_plot, index) => {
          const trial = index == null ? undefined : drawn[index - 1]
          const isOverlay = index === drawn.length + 1
          if (!isOverlay) selection.point(trial !== undefined && selection.isShown(trial) ? trial : undefined)
        },
      ],
    },
  }
  const pointed = selection.pointed()
  const overlay = pointed === undefined ? [] : trials[pointed]!.curve
  return new uPlot(options, [...columnsOf(data, drawn), overlay] as unknown as uPlot.AlignedData, place)
}
