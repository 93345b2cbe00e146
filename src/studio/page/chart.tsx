/** Draws lines with uPlot, in the colours of the theme. */
import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { isShare } from '../../report/run/numbers.ts'
import { theme } from './theme.ts'

export interface Line {
  readonly label: string
  /** The name of a colour of the style sheet, or a CSS colour. */
  readonly colour: string
  readonly x: readonly number[]
  readonly y: readonly (number | null)[]
  /** Whether its points are marked, as for values of whole epochs. */
  readonly hasPoints?: boolean
  /** Drawn thin, as for values of single steps. */
  readonly isThin?: boolean
  /** Left out of the legend, as one of many. */
  readonly isUnnamed?: boolean
}

export interface ChartProps {
  /** The name of the metric. */
  readonly metric: string
  readonly title: string
  readonly lines: readonly Line[]
  /** The last epoch, if the axis shows it from the beginning. */
  readonly epochs?: number | undefined
}

const height = 190

export function Chart({ metric, title, lines, epochs }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const scheme = useScheme()
  const shape = `${theme.value} ${scheme} ${epochs} ${lines.map(({ label, colour }) => label + colour).join('\n')}`
  const plot = useRef<uPlot | undefined>(undefined)
  useEffect(() => {
    const element = place.current!
    const drawn = new uPlot(optionsOf({ metric, title, lines, epochs }, element), columnsOf(lines), element)
    plot.current = drawn
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      drawn.destroy()
    }
  }, [shape])
  useEffect(() => plot.current?.setData(columnsOf(lines)), [lines])
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div class="plot" ref={place} role="img" aria-label={describe(title, metric, lines)} />
    </figure>
  )
}

/** Returns the colour scheme of the system, and renders again when it changes. */
function useScheme(): string {
  const media = matchMedia('(prefers-color-scheme: dark)')
  const [isDark, setDark] = useState(media.matches)
  useEffect(() => {
    const follow = ({ matches }: MediaQueryListEvent) => setDark(matches)
    media.addEventListener('change', follow)
    return () => media.removeEventListener('change', follow)
  }, [])
  return isDark ? 'dark' : 'light'
}

/** The values of all lines at the positions of all of them. */
function columnsOf(lines: readonly Line[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]] as unknown as uPlot.AlignedData
  return uPlot.join(lines.map(({ x, y }) => [[...x], [...y]] as unknown as uPlot.AlignedData))
}

/** The range of uPlot, which is up to twice the value of a lone point, within 0 and 1. */
function rangeOfShares(_plot: uPlot, from: number | null, to: number | null): uPlot.Range.MinMax {
  if (from === null || to === null) return [0, 1]
  const [low, high] = uPlot.rangeNum(from, to, 0.1, true)
  return [Math.max(low ?? 0, 0), Math.min(high ?? 1, 1)]
}

function optionsOf({ metric, lines, epochs }: ChartProps, place: HTMLElement): uPlot.Options {
  const format = (value: number) => (isShare(metric) ? `${trim(100 * value)}%` : trim(value))
  const axis: uPlot.Axis = {
    stroke: () => resolveColour('quiet'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => resolveColour('line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: place.clientWidth,
    height,
    scales: {
      x: {
        time: false,
        range: (_plot, from, to) => [
          Math.min(from ?? 0, epochs === undefined ? (from ?? 0) : 0),
          Math.max(to ?? 1, epochs ?? 0),
        ],
      },
      ...(isShare(metric) && { y: { range: rangeOfShares } }),
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], space: 36 },
      { ...axis, size: 56, values: (_plot, values) => values.map((value) => (value === null ? '' : format(value))) },
    ],
    series: [
      { label: 'epoch', value: (_plot, value) => (value == null ? '' : trim(value)) },
      ...lines.map(({ label, colour: name, hasPoints, isThin, isUnnamed }): uPlot.Series => ({
        label,
        ...(isUnnamed === true && { class: 'unnamed' }),
        stroke: () => resolveColour(name),
        width: isThin === true ? 1 : 2,
        ...(isThin === true && { alpha: 0.55 }),
        spanGaps: true,
        points: hasPoints === true ? { show: true, size: 6, fill: () => resolveColour(name) } : { show: false },
        // If the pointer is not over the plot, the legend shows the last value.
        value: (drawn, value: number | null, index) => formatOr(value ?? lastOf(drawn.data[index]), format),
      })),
    ],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    legend: {
      live: true,
      markers: { width: 0, fill: (_plot, index) => resolveColour(lines[index - 1]?.colour ?? 'quiet') },
    },
  }
}

function lastOf(values: ArrayLike<number | null | undefined> | undefined): number | null {
  return Array.from(values ?? []).findLast((value) => value != null) ?? null
}

function formatOr(value: number | null, format: (value: number) => string): string {
  return value === null ? '' : format(value)
}

/** Resolves a colour of the style sheet, which depends on the theme. */
function resolveColour(name: string): string {
  if (name.startsWith('#') || name.includes('(')) return name
  const probe = document.createElement('i')
  probe.style.color = `var(--${name})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function describe(title: string, metric: string, lines: readonly Line[]): string {
  const last = lines.flatMap(({ label, y }) => {
    const value = y.findLast((one) => one !== null)
    return value == null ? [] : [`${label} ${isShare(metric) ? `${trim(100 * value)}%` : trim(value)}`]
  })
  return last.length === 0 ? `${title}: no values yet` : `${title}, latest values: ${last.join(', ')}`
}

function trim(value: number): string {
  return Number(value.toPrecision(4)).toString()
}
