/** The table of runs, each with a box to choose it. */
import type { ComponentChildren } from 'preact'
import { formatDate, formatMetric, formatSeconds } from '../../../report/run/numbers.ts'
import type { BestFigure, RunRow } from '../../../report/run/runsTable.ts'

/** The colours of chosen runs, by their place in the choice. */
export const colours = ['training', 'validation', 'test', 'code-keyword', 'error', 'warning', 'quiet', 'code-string']

/** The columns beside the name. One that is empty in each row is left out. */
const columns: readonly { readonly title: string; readonly cell: (row: RunRow) => ComponentChildren }[] = [
  { title: 'Epochs', cell: (row) => <Progress row={row} /> },
  { title: 'Best', cell: ({ best }) => best && <BestCell figure={best} /> },
  { title: 'Test', cell: ({ best, test }) => test && test.metric !== best?.metric && <BestCell figure={test} /> },
  { title: 'Date', cell: ({ date }) => date && formatDate(date).replace(/ UTC$/, '') },
  { title: 'Engine', cell: ({ engine }) => engine },
]

interface RunTableProps {
  readonly rows: readonly RunRow[]
  readonly chosen: readonly string[]
  onToggle(folder: string): void
  /** Downloads a run that is kept in the browser. */
  readonly onDownload: ((folder: string) => Promise<void>) | undefined
}

export function RunTable({ rows, chosen, onToggle, onDownload }: RunTableProps) {
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
      <Swatch colour={colours[place]} />
      <span>
        {folder}
        {changes && <small>{changes}</small>}
      </span>
    </label>
  )
}

/** The colour of the curves of a run; empty for a run that is not chosen. */
export function Swatch({ colour }: { readonly colour: string | undefined }) {
  return <span class="swatch" style={colour === undefined ? {} : { background: `var(--${colour})` }} />
}

function Progress({ row: { epochs, plannedEpochs = epochs, trials, seconds } }: { readonly row: RunRow }) {
  return (
    <>
      {trials !== undefined ? `${trials['done'] ?? 0} trials` : `${epochs} of ${plannedEpochs}`}
      {seconds > 0 && <small>{formatSeconds(seconds)}</small>}
    </>
  )
}

function BestCell({ figure }: { readonly figure: BestFigure }) {
  return (
    <>
      {formatMetric(figure.metric, figure.value)}
      <small>{figure.metric}</small>
    </>
  )
}
