/** Draws an axis with two handles, by which a range is chosen: by dragging along it, by dragging a handle, or by keys. */
import type { Axis } from '../sweep/axes.ts'
import { shorten } from '../sweep/values.ts'
import type { ParallelLayout } from './parallelGeometry.ts'
import { svg } from './svg.ts'

/** From the lowest to the highest position; 0 to 1 is the whole axis. */
export type Range = [low: number, high: number]

export interface RangeControl {
  readonly element: SVGGElement
  /** Shows a range that was changed elsewhere. */
  update(): void
}

/** @param range The range, which is changed in place. */
export function drawAxis(
  axis: Axis,
  index: number,
  layout: ParallelLayout,
  range: Range,
  onChange: () => void,
): RangeControl {
  const { places, top, bottom, down } = layout
  const x = places[index]!
  const element = svg('g', { class: 'axis', transform: `translate(${x} 0)` })
  const grip = svg('rect', { class: 'grip', x: -14, y: top, width: 28, height: bottom - top })
  const shade = svg('rect', { class: 'range', x: -7, width: 14 })
  const handles = ([0, 1] as const).map((end) => drawHandle(axis, end))
  element.append(...drawLabels(axis, index, layout), grip, shade, ...handles)
  const update = () => {
    const isNarrowed = range[0] > 0 || range[1] < 1
    element.classList.toggle('narrowed', isNarrowed)
    shade.setAttribute('y', String(down(range[1])))
    shade.setAttribute('height', String(isNarrowed ? down(range[0]) - down(range[1]) : 0))
    for (const [end, handle] of handles.entries()) placeHandle(handle, axis, range[end]!, down)
  }
  const set = (low: number, high: number) => {
    range[0] = clamp(Math.min(low, high))
    range[1] = clamp(Math.max(low, high))
    update()
    onChange()
  }
  const positionAt = (event: PointerEvent) =>
    clamp((bottom - (event.clientY - element.ownerSVGElement!.getBoundingClientRect().top)) / (bottom - top))
  dragAlong(grip, positionAt, set)
  for (const [end, handle] of handles.entries()) {
    dragHandle(handle, (event) => {
      const position = positionAt(event)
      set(end === 0 ? Math.min(position, range[1]) : range[0], end === 1 ? Math.max(position, range[0]) : range[1])
    })
    handle.addEventListener('keydown', (event) => {
      const next = positionAfter(event.key, end as 0 | 1, range, axis)
      if (!next) return
      event.preventDefault()
      set(...next)
    })
  }
  update()
  return { element, update }
}

/** The name, the line and the ticks of an axis. Labels of the last axis are on its left. */
function drawLabels(axis: Axis, index: number, { places, top, bottom, down, isDense }: ParallelLayout): SVGElement[] {
  const isLast = index > 0 && index === places.length - 1
  const gap = index === 0 ? (places[1] ?? 200) - places[0]! : places[index]! - places[index - 1]!
  const side = isLast ? 'end' : index === 0 ? 'start' : 'middle'
  const x = index === 0 ? -10 : isLast ? 10 : 0
  const y = top - (isDense && index % 2 === 1 ? 42 : 24)
  const name = svg(
    'text',
    { class: `name ${side}`, x, y },
    shorten(axis.label, Math.floor((isDense ? 1.6 * gap : gap) / 7.4)),
  )
  name.append(svg('title', {}, axis.title))
  const rail = svg('line', { class: 'rail', y1: top, y2: bottom })
  const labelAt = (position: number | null, label: string) =>
    svg(
      'text',
      { class: isLast ? 'end' : '', x: isLast ? -13 : 11, y: down(position) + 4 },
      shorten(label, Math.max(3, Math.floor((gap - 24) / 6.4))),
    )
  const missing = axis.positions.includes(null) ? [labelAt(null, isLast ? 'no score' : 'base')] : []
  return [
    name,
    rail,
    ...spread(axis.ticks, 14 / (bottom - top)).map(({ position, label }) => labelAt(position, label)),
    ...missing,
  ]
}

/** Leaves out ticks that would overlap the one before; the first and the last remain. */
function spread(ticks: Axis['ticks'], least: number): Axis['ticks'][number][] {
  const last = ticks.at(-1)
  const kept: Axis['ticks'][number][] = []
  for (const tick of ticks) {
    const isFree = kept.every(({ position }) => tick.position - position >= least)
    if (isFree && (tick === last || last!.position - tick.position >= least)) kept.push(tick)
  }
  return kept.length === 0 && last ? [last] : kept
}

function drawHandle({ title }: Axis, end: 0 | 1): SVGGElement {
  const handle = svg('g', {
    class: 'handle',
    role: 'slider',
    tabindex: 0,
    'aria-orientation': 'vertical',
    'aria-label': `${end === 0 ? 'lowest' : 'highest'} ${shorten(title, 200)}`,
  })
  const points = end === 0 ? 'M-7 12L0 1L7 12Z' : 'M-7 -12L0 -1L7 -12Z'
  handle.append(svg('rect', { x: -14, y: end === 0 ? -3 : -21, width: 28, height: 24 }), svg('path', { d: points }))
  return handle
}

function placeHandle(handle: SVGGElement, axis: Axis, position: number, down: (position: number) => number): void {
  handle.setAttribute('transform', `translate(0 ${down(position)})`)
  const stops = stopsOf(axis)
  const nearest = stops.reduce(
    (best, stop) => (Math.abs(stop - position) < Math.abs(best - position) ? stop : best),
    stops[0] ?? 0,
  )
  handle.setAttribute('aria-valuemin', '0')
  handle.setAttribute('aria-valuemax', String(Math.max(0, stops.length - 1)))
  handle.setAttribute('aria-valuenow', String(Math.max(0, stops.indexOf(nearest))))
  handle.setAttribute('aria-valuetext', axis.texts[axis.positions.indexOf(nearest)] ?? 'none')
}

/** The positions at which there are trials, in ascending order. */
function stopsOf({ positions }: Axis): number[] {
  return [...new Set(positions.filter((position) => position !== null))].toSorted((a, b) => a - b)
}

/** Returns the range after a key: arrows move the handle to the next trial, Home and End to the ends of the axis. */
function positionAfter(key: string, end: 0 | 1, [low, high]: Range, axis: Axis): Range | undefined {
  const stops = [...new Set([0, ...stopsOf(axis), 1])].toSorted((a, b) => a - b)
  const here = end === 0 ? low : high
  const target: Record<string, number | undefined> = {
    ArrowUp: stops.find((stop) => stop > here + 1e-9),
    ArrowRight: stops.find((stop) => stop > here + 1e-9),
    ArrowDown: stops.findLast((stop) => stop < here - 1e-9),
    ArrowLeft: stops.findLast((stop) => stop < here - 1e-9),
    Home: 0,
    End: 1,
    Delete: end,
  }
  const next = target[key]
  if (next === undefined) return undefined
  return end === 0 ? [Math.min(next, high), high] : [low, Math.max(next, low)]
}

/** Chooses a range with a mouse or a pen. A click without movement chooses the whole axis. Fingers scroll instead. */
function dragAlong(
  grip: SVGElement,
  positionAt: (event: PointerEvent) => number,
  set: (low: number, high: number) => void,
): void {
  let start: number | undefined
  grip.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch') return
    start = positionAt(event)
    grip.setPointerCapture(event.pointerId)
  })
  grip.addEventListener('pointermove', (event) => {
    if (start !== undefined) set(start, positionAt(event))
  })
  grip.addEventListener('pointerup', (event) => {
    if (start !== undefined && Math.abs(positionAt(event) - start) < 0.015) set(0, 1)
    start = undefined
  })
}

function dragHandle(handle: SVGElement, move: (event: PointerEvent) => void): void {
  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId)
    event.preventDefault()
    handle.focus()
  })
  handle.addEventListener('pointermove', (event) => {
    if (handle.hasPointerCapture(event.pointerId)) move(event)
  })
}

function clamp(position: number): number {
  return Math.min(1, Math.max(0, position))
}
