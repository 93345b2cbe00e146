/** The metrics of several runs after each epoch, as curves over each other. */
import { metricLabel } from '../../../report/run/numbers.ts'
import type { RunView } from '../../calls.ts'
import { Chart, type Line } from '../chart.tsx'
import { colours } from './runTable.tsx'

/** What the history of a run contains beside its loss and metrics. */
const otherLogs = new Set(['epoch', 'seconds', 'imagesPerSecond', 'lr'])

export function Curves({ runs }: { readonly runs: readonly RunView[] }) {
  const logged = [...new Set(runs.flatMap(({ history }) => history.flatMap((logs) => Object.keys(logs))))]
  const metrics = logged.filter((name) => !otherLogs.has(name))
  // Validation is compared where there is one.
  const compared = metrics.filter((metric) => metric.startsWith('val_') || !metrics.includes(`val_${metric}`))
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
