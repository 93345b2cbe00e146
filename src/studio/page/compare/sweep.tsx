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
  const reportOf = (trial: TrialSummary) => `${folder}/${trial.folder}`
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
                      checked={chosen.includes(reportOf(trial))}
                      onChange={() => onToggle(reportOf(trial))}
                    />
                    <span class="swatch" style={swatchOf(chosen, reportOf(trial), colourOf)} />
                    {trial.number}
                    {trial.number === best && <span class="tag">best</span>}
                    {trial.hasReport && reportAddress && (
                      <ReportLink address={reportAddress(reportOf(trial))} label={`report of trial ${trial.number}`} />
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
          lines={curvesOf(sweep, best)}
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

function swatchOf(chosen: readonly string[], folder: string, colourOf: (folder: string) => string) {
  return chosen.includes(folder) ? { background: `var(--${colourOf(folder)})` } : {}
}

/** The best trial is drawn last, over the others. */
function curvesOf({ trials }: SweepView, best: number | undefined): Line[] {
  const trained = trials.filter(({ curve }) => curve.length > 0)
  const others = trained.filter(({ number }) => number !== best).slice(0, mostCurves)
  const shown = [...others, ...trained.filter(({ number }) => number === best)]
  return shown.map(({ number, curve }) => ({
    label: number === best ? `trial ${number}, the best` : `trial ${number}`,
    colour: number === best ? 'training' : 'faint',
    isThin: number !== best,
    hasPoints: true,
    x: curve.map(({ epoch }) => epoch),
    y: curve.map(({ value }) => value),
  }))
}
