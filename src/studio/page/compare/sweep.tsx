/** A sweep: its trials as a table with the best one marked, and their curves over each other. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { metricLabel } from '../../../report/run/numbers.ts'
import { bestTrial, type TrialSummary } from '../../../report/sweep/sweepSummary.ts'
import { trialColumns } from '../../../report/sweep/trialColumns.ts'
import type { SweepView } from '../../calls.ts'
import { Chart, type Line } from '../chart.tsx'
import { messageOf } from '../messageOf.ts'
import { Notice } from '../notice.tsx'
import { Swatch } from './runTable.tsx'
import type { ViewProps } from '../viewProps.ts'

/** The most curves that are drawn. */
const mostCurves = 100

interface SweepProps extends ViewProps {
  readonly folder: string
  /** The folders of the chosen runs and trials. */
  readonly chosen: readonly string[]
  /** The colour of a chosen run. */
  colourOf(folder: string): string
  onToggle(folder: string): void
}

export function Sweep(props: SweepProps) {
  const { session, folder } = props
  const { runs } = session.backend
  const sweep = useSignal<SweepView | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  useEffect(() => {
    runs.sweep({ folder }).then(
      (found) => (sweep.value = found),
      (error: unknown) => (problem.value = messageOf(error)),
    )
  }, [folder])
  const { value } = sweep
  return value === undefined ? <Notice problem={problem} /> : <Trials {...props} sweep={value} />
}

function Trials({ session, folder, chosen, sweep, colourOf, onToggle }: SweepProps & { readonly sweep: SweepView }) {
  const [, ...columns] = trialColumns(sweep)
  const best = bestTrial(sweep)?.number
  const folderOf = (trial: TrialSummary) => `${folder}/${trial.folder}`
  const colourOfTrial = (trial: TrialSummary) =>
    chosen.includes(folderOf(trial)) ? colourOf(folderOf(trial)) : undefined
  const { reportAddress } = session.backend
  return (
    <section class="sweep">
      <h2>
        Sweep {folder}
        {sweep.hasReport && reportAddress && <ReportLink address={reportAddress(folder)} label="report of the sweep" />}
      </h2>
      <div class="scroll trials">
        <table class="runs">
          <thead>
            <tr>
              <th scope="col">trial</th>
              {columns.map(({ heading, title }) => (
                <th scope="col" key={title ?? heading} title={title}>
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sweep.trials.map((trial) => (
              <tr key={trial.number} data-best={trial.number === best} title={trial.reason}>
                <th scope="row">
                  <label class="run-choice">
                    <input
                      type="checkbox"
                      aria-label={`trial ${trial.number}`}
                      disabled={trial.epochs === 0}
                      checked={chosen.includes(folderOf(trial))}
                      onChange={() => onToggle(folderOf(trial))}
                    />
                    <Swatch colour={colourOfTrial(trial)} />
                    {trial.number}
                    {trial.number === best && <span class="tag">best</span>}
                    {trial.hasReport && reportAddress && (
                      <ReportLink address={reportAddress(folderOf(trial))} label={`report of trial ${trial.number}`} />
                    )}
                  </label>
                </th>
                {columns.map(({ heading, title, print }) => (
                  <td key={title ?? heading}>{print(trial)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="charts">
        <Chart
          metric={sweep.objective.metric}
          title={`${metricLabel(sweep.objective.metric.replace(/^val_/, 'validation '))} of the trials`}
          lines={curvesOf(sweep, best, colourOfTrial)}
        />
      </div>
    </section>
  )
}

function ReportLink({ address, label }: { readonly address: string; readonly label: string }) {
  return (
    <a class="report-link" href={address} target="_blank" rel="noreferrer" aria-label={label}>
      report
    </a>
  )
}

/** The chosen trials and the best one are named, and drawn last, over the others. */
function curvesOf(
  { trials }: SweepView,
  best: number | undefined,
  colourOf: (trial: TrialSummary) => string | undefined,
): Line[] {
  const trained = trials.filter(({ curve }) => curve.length > 0)
  const isNamed = (trial: TrialSummary) => trial.number === best || colourOf(trial) !== undefined
  const others = trained.filter((trial) => !isNamed(trial)).slice(0, mostCurves)
  return [...others, ...trained.filter(isNamed)].map((trial) => ({
    label: trial.number === best ? `trial ${trial.number}, the best` : `trial ${trial.number}`,
    colour: colourOf(trial) ?? (trial.number === best ? 'ink' : 'faint'),
    isThin: !isNamed(trial),
    isUnnamed: !isNamed(trial),
    hasPoints: true,
    x: trial.curve.map(({ epoch }) => epoch),
    y: trial.curve.map(({ value }) => value),
  }))
}
