/** Draws the trials of a sweep as parallel coordinates: an axis for each parameter and one for the objective. */
import type { SweepPageData } from '../sweep/pageData.ts'
import { drawAxis, type Range, type RangeControl } from './axisRange.ts'
import { layoutOf, nearestTrial, pathOf, type ParallelLayout } from './parallelGeometry.ts'
import type { Selection } from './selection.ts'
import { svg } from './svg.ts'
import { colour, onThemeChange, qualityColours } from './theme.ts'

/** @returns The function that shows all trials again. */
export function drawParallel(data: SweepPageData, selection: Selection): () => void {
  const place = document.getElementById('parallel')
  if (!place) return () => undefined
  const ranges = data.axes.map((): Range => [0, 1])
  const applyRanges = () => selection.show((trial) => isWithin(data, ranges, trial))
  let controls: RangeControl[] = []
  let lines: Lines | undefined
  const draw = () => {
    const layout = layoutOf(data, place.clientWidth)
    controls = data.axes.map((axis, index) => drawAxis(axis, index, layout, ranges[index]!, applyRanges))
    const root = svg('svg', { width: layout.width, height: layout.height })
    lines = drawLines(data, layout, selection)
    root.append(lines.element, ...controls.map(({ element }) => element))
    followPointer(root, data, layout, selection)
    place.replaceChildren(root)
  }
  draw()
  onThemeChange(draw)
  selection.onPoint(() => lines?.highlight())
  selection.onShow(() => lines?.update())
  let { clientWidth } = place
  new ResizeObserver(() => {
    if (place.clientWidth !== clientWidth) draw()
    clientWidth = place.clientWidth
  }).observe(place)
  return () => {
    for (const range of ranges) [range[0], range[1]] = [0, 1]
    for (const control of controls) control.update()
    applyRanges()
  }
}

/** Whether a trial is in all ranges. A trial without a value is in the whole axis only. */
function isWithin({ axes }: SweepPageData, ranges: readonly Range[], trial: number): boolean {
  return ranges.every(([low, high], index) => {
    if (low === 0 && high === 1) return true
    const position = axes[index]!.positions[trial] ?? null
    return position !== null && position >= low - 1e-6 && position <= high + 1e-6
  })
}

interface Lines {
  readonly element: SVGGElement
  /** Dims the trials that are filtered out. */
  update(): void
  /** Draws the highlighted trial on top. */
  highlight(): void
}

function drawLines(data: SweepPageData, layout: ParallelLayout, selection: Selection): Lines {
  const { trials } = data
  const [colourOf, quiet] = [qualityColours(), colour('quiet')]
  const qualityOf = (trial: number) => trials[trial]!.quality ?? -1
  const order = trials.map((_, index) => index).toSorted((a, b) => qualityOf(a) - qualityOf(b))
  const paths = new Map(
    order.map((trial) => {
      const { quality } = trials[trial]!
      const path = svg('path', {
        class: quality === null ? 'trial unscored' : 'trial',
        d: pathOf(data, layout, trial),
        stroke: quality === null ? quiet : colourOf(quality),
      })
      return [trial, path] as const
    }),
  )
  const overlay = svg('path', { class: 'trial pointed-at' })
  const element = svg('g', { class: trials.length > 100 ? 'many' : '' })
  const update = () => {
    for (const [trial, path] of paths) path.classList.toggle('hiding', !selection.isShown(trial))
    // Lines that are filtered out are below the others.
    element.append(...order.flatMap((trial) => (selection.isShown(trial) ? [paths.get(trial)!] : [])), overlay)
  }
  const highlight = () => {
    const trial = selection.pointed()
    overlay.setAttribute('d', trial === undefined ? '' : paths.get(trial)!.getAttribute('d')!)
  }
  element.append(...paths.values(), overlay)
  update()
  highlight()
  return { element, update, highlight }
}

function followPointer(root: SVGSVGElement, data: SweepPageData, layout: ParallelLayout, selection: Selection): void {
  const trialAt = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = root.getBoundingClientRect()
    // The place of a click is in whole pixels, but that of a move is not.
    const point = [Math.floor(clientX) - left, Math.floor(clientY) - top] as const
    return nearestTrial(data, layout, point, (trial) => selection.isShown(trial))
  }
  root.addEventListener('pointermove', (event) => {
    if (event.buttons === 0) selection.point(trialAt(event))
  })
  root.addEventListener('pointerleave', () => selection.point(undefined))
  root.addEventListener('click', (event) => {
    const isOnAxis = event.target instanceof Element && event.target.closest('.grip, .handle') !== null
    const trial = isOnAxis ? undefined : trialAt(event)
    if (trial !== undefined) selection.pin(trial)
  })
}
