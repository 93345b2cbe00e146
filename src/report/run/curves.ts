/** Renders the course of training: a chart for the loss and for each metric, and the same numbers as a table. */
import { html, jsonForScript, type Html } from './html.ts'
import { numbersTable } from './numbersTable.ts'
import { formatMetric, formatSeconds, isShare, metricLabel } from './numbers.ts'
import type { Section } from './section.ts'
import type { EpochRecord, RunRecord } from './runRecord.ts'

/** A chart, which the page's script draws. */
export interface Curve {
  readonly title: string
  /** Whether values are fractions of 1, shown in per cent. */
  readonly isShare: boolean
  readonly epochs: readonly number[]
  readonly series: readonly CurveSeries[]
}

export interface CurveSeries {
  readonly label: 'training' | 'validation' | 'test'
  readonly values: readonly (number | null)[]
}

/** Columns of `metrics.jsonl` that are not metrics. */
const bookkeeping: ReadonlySet<string> = new Set(['epoch', 'step', 'seconds', 'imagesPerSecond'])

export function renderCurves(run: RunRecord): Section | undefined {
  const { history } = run
  if (history.length === 0) return undefined
  const curves = curvesOf(run)
  return {
    id: 'training',
    title: 'Training',
    content: html`<div class="curves">${curves.map(
      ({ title }, index) =>
        html`<figure class="curve">
          <figcaption>${title}</figcaption>
          <div class="plot" data-curve="${index}"></div>
        </figure> `,
    )}</div>
<script type="application/json" id="curves">${jsonForScript(curves)}</script>
<details${history.length <= 12 && html` open`}><summary>Metrics per epoch</summary>${renderEpochs(history)}</details>
`,
  }
}

export function curvesOf({ history, test = {} }: RunRecord): Curve[] {
  const names = metricNames(history)
  const epochs = history.map((record) => record['epoch']!)
  return names.map((name) => {
    const valuesOf = (key: string) => history.map((record) => finite(record[key]))
    const validation = valuesOf(`val_${name}`)
    const atEnd = epochs.map((_, index) => (index === epochs.length - 1 ? finite(test[name]) : null))
    const series: CurveSeries[] = [
      { label: 'training', values: valuesOf(name) },
      { label: 'validation', values: validation },
      { label: 'test', values: atEnd },
    ]
    return {
      title: metricLabel(name),
      isShare: isShare(name),
      epochs,
      series: series.filter(({ values }) => values.some((value) => value !== null)),
    }
  })
}

/** Returns the names in the order of the records, which begin with the loss. */
function metricNames(history: readonly EpochRecord[]): string[] {
  const names = new Set(history.flatMap((record) => Object.keys(record)))
  return [...names].filter((name) => !bookkeeping.has(name) && !name.startsWith('val_'))
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}

function renderEpochs(history: readonly EpochRecord[]): Html {
  const measured = metricNames(history)
  const keys = measured.flatMap((name) => [
    name,
    ...(history.some((one) => `val_${name}` in one) ? [`val_${name}`] : []),
  ])
  const judge = history.some((one) => 'val_loss' in one) ? 'val_loss' : undefined
  const least = judge && Math.min(...history.map((one) => one[judge] ?? Infinity))
  const rows = history.map((one) => {
    const isBest = judge !== undefined && one[judge] === least
    const cells = keys.map((key) => html`<td>${one[key] === undefined ? '' : formatMetric(key, one[key])}</td>`)
    const rate = one['imagesPerSecond']
    return html`<tr${isBest && html` class="best"`}><th scope="row">${one['epoch']}${isBest && html`<span class="tag">best</span>`}</th>${cells}<td>${one['seconds'] === undefined ? '' : formatSeconds(one['seconds'])}</td><td>${rate === undefined ? '' : Math.round(rate).toLocaleString('en-US')}</td></tr>
`
  })
  const measures = keys.map((key) => metricLabel(key.replace(/^val_/, 'validation ')))
  return numbersTable(['epoch', ...measures, 'time', 'samples/s'], rows)
}
