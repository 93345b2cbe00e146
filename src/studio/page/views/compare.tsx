/** The runs of the folder as a table, their curves over each other, and the difference of two of them. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { formatDate, formatMetric, formatSeconds, metricLabel } from '../../../report/run/numbers.ts'
import type { BestFigure, RunRow } from '../../../report/run/runsTable.ts'
import type { Comparison } from '../../../report/diff/compareModels.ts'
import type { RunList, RunView } from '../../calls.ts'
import { Chart, type Line } from '../chart.tsx'
import { Differences } from '../differences.tsx'
import { saveFile } from '../saveFile.ts'
import { messageOf } from '../messageOf.ts'
import { Sweep } from '../sweep.tsx'
import { trainingOf } from '../training.ts'
import { NoRuns } from '../noRuns.tsx'
import { Notice } from '../notice.tsx'
import type { ViewProps } from '../views.ts'

/** The colours of chosen runs, by their place in the choice. */
const colours = ['training', 'validation', 'test', 'code-keyword', 'error', 'warning', 'quiet', 'code-string']

export function CompareView({ session }: ViewProps) {
  const { runs } = session.backend
  const list = useSignal<RunList | undefined>(undefined)
  const chosen = useSignal<readonly string[]>([])
  const read = useSignal<ReadonlyMap<string, RunView>>(new Map())
  const difference = useSignal<Comparison | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  const { status } = trainingOf(session).value
  const fail = (error: unknown) => (problem.value = messageOf(error))
  useEffect(() => {
    runs.list({}).then((found) => {
      list.value = found
      if (chosen.value.length === 0) chosen.value = foldersOf(found).slice(-2)
    }, fail)
  }, [runs, status])
  useEffect(() => {
    difference.value = undefined
    const [before, after] = chosen.value
    let isOld = false
    const reading = chosen.value.map(async (folder) => [folder, await runs.read({ folder })] as const)
    Promise.all(reading).then((found) => !isOld && (read.value = new Map(found)), fail)
    if (before !== undefined && after !== undefined && chosen.value.length === 2)
      runs.diff({ before, after }).then((found) => !isOld && (difference.value = found), fail)
    return () => void (isOld = true)
  }, [runs, chosen.value, list.value])

  const rows = list.value?.rows ?? []
  const sweeps = rows.flatMap(({ folder, trials }) => (trials === undefined ? [] : [folder]))
  if (list.value !== undefined && rows.length === 0 && list.value.damaged.length === 0)
    return <NoRuns session={session} text="There are no runs yet: train a spec, and its run is listed here." />
  const toggle = (folder: string) => {
    const others = chosen.value.filter((one) => one !== folder)
    chosen.value = others.length < chosen.value.length ? others : [...others, folder].slice(-colours.length)
  }
  const download = async (folder: string) => {
    try {
      saveFile(`${folder.split('/').at(-1)}.zip`, await runs.download!(folder))
    } catch (error) {
      fail(error)
    }
  }
  return (
    <div class="view compare-view">
      <Notice problem={problem} />
      {list.value?.damaged.map(({ message, help }, index) => (
        <p class="notice" key={index}>
          {message} {help}
        </p>
      ))}
      <div class="scroll">
        <RunTable
          rows={rows.filter((row) => !isOfSweep(row, sweeps))}
          chosen={chosen.value}
          onToggle={toggle}
          onDownload={runs.download && download}
        />
      </div>
      {sweeps.map((folder) => (
        <Sweep
          key={folder}
          session={session}
          folder={folder}
          chosen={chosen.value}
          colourOf={(run) => colours[chosen.value.indexOf(run)]!}
          onToggle={toggle}
        />
      ))}
      {list.value?.warning && (
        <p class="quiet">
          {list.value.warning.message}: {list.value.warning.help}.
        </p>
      )}
      <Curves runs={chosen.value.flatMap((folder) => read.value.get(folder) ?? [])} />
      {difference.value ? (
        <Differences comparison={difference.value} />
      ) : (
        <p class="quiet">Choose two runs to see how their specs and results differ.</p>
      )}
    </div>
  )
}

/** Whether a row is shown as a part of a sweep. */
function isOfSweep({ folder }: RunRow, sweeps: readonly string[]): boolean {
  return sweeps.some((sweep) => folder.startsWith(`${sweep}/`))
}

/** The runs with a folder that can be read: not the rows of whole sweeps. */
function foldersOf({ rows }: RunList): string[] {
  return rows.filter(({ trials, epochs }) => trials === undefined && epochs > 0).map(({ folder }) => folder)
}

interface RunTableProps {
  readonly rows: readonly RunRow[]
  readonly chosen: readonly string[]
  onToggle(folder: string): void
  /** Downloads a run that is kept in the browser. */
  readonly onDownload: ((folder: string) => Promise<void>) | undefined
}

/** The columns beside the name. One that is empty in each row is left out. */
const columns: readonly { readonly title: string; readonly cell: (row: RunRow) => ComponentChildren }[] = [
  { title: 'Epochs', cell: (row) => <Progress row={row} /> },
  { title: 'Best', cell: ({ best }) => best && <Figure figure={best} /> },
  { title: 'Test', cell: ({ best, test }) => test && test.metric !== best?.metric && <Figure figure={test} /> },
  { title: 'Date', cell: ({ date }) => date && formatDate(date).replace(/ UTC$/, '') },
  { title: 'Engine', cell: ({ engine }) => engine },
]

function RunTable({ rows, chosen, onToggle, onDownload }: RunTableProps) {
  const shown = columns.filter(({ cell }) => rows.some((row) => cell(row)))
  return (
    <table class="runs">
      <thead>
        <tr>
          {['Run', ...shown.map(({ title }) => title), ...(onDownload ? [''] : [])].map((title) => (
            <th scope="col" key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.folder}>
            <th scope="row">
              <RunChoice row={row} place={chosen.indexOf(row.folder)} onToggle={onToggle} />
            </th>
            {shown.map(({ title, cell }) => (
              <td key={title}>{cell(row)}</td>
            ))}
            {onDownload && (
              <td>
                <button type="button" aria-label={`Download ${row.folder}`} onClick={() => void onDownload(row.folder)}>
                  Download
                </button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface RunChoiceProps {
  readonly row: RunRow
  /** The place of the run among the chosen ones, -1 for none. */
  readonly place: number
  onToggle(folder: string): void
}

/** The name of a run, with a box to choose it, and below what differs from the run before. */
function RunChoice({ row: { folder, changes, trials }, place, onToggle }: RunChoiceProps) {
  return (
    <label class="run-choice">
      {trials === undefined && <input type="checkbox" checked={place >= 0} onChange={() => onToggle(folder)} />}
      <span class="swatch" style={place < 0 ? {} : { background: `var(--${colours[place]})` }} />
      <span>
        {folder}
        {changes && <small>{changes}</small>}
      </span>
    </label>
  )
}

function Progress({ row: { epochs, plannedEpochs = epochs, trials, seconds } }: { readonly row: RunRow }) {
  return (
    <>
      {trials !== undefined ? `${trials['done'] ?? 0} trials` : `${epochs} of ${plannedEpochs}`}
      {seconds > 0 && <small>{formatSeconds(seconds)}</small>}
    </>
  )
}

function Figure({ figure }: { readonly figure: BestFigure }) {
  return (
    <>
      {formatMetric(figure.metric, figure.value)}
      <small>{figure.metric}</small>
    </>
  )
}

function Curves({ runs }: { readonly runs: readonly RunView[] }) {
  const hidden = new Set(['epoch', 'seconds', 'imagesPerSecond', 'lr'])
  const metrics = [...new Set(runs.flatMap(({ history }) => history.flatMap((logs) => Object.keys(logs))))]
  const shown = metrics.filter((metric) => !hidden.has(metric))
  // Validation is compared where there is one.
  const compared = shown.filter((metric) => metric.startsWith('val_') || !shown.includes(`val_${metric}`))
  return (
    <div class="charts">
      {compared.map((metric) => (
        <Chart
          key={metric}
          metric={metric}
          title={metricLabel(metric.replace(/^val_/, 'validation '))}
          lines={runs.flatMap((run, index) => lineOf(run, metric, colours[index]!))}
        />
      ))}
    </div>
  )
}

function lineOf({ folder, history }: RunView, metric: string, colour: string): Line[] {
  const y = history.map((logs) => logs[metric] ?? null)
  if (y.every((value) => value === null)) return []
  return [{ label: folder.replace(/^runs\//, ''), colour, hasPoints: true, x: history.map(({ epoch }) => epoch!), y }]
}
