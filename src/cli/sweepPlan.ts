/** Prints the plan of a sweep for `shapewright sweep --plan`. */
import { describePlan, renderPlan } from '../report/sweep/planTable.ts'
import type { Sweep } from '../sweep/trial.ts'

export function printPlan(sweep: Sweep, format: 'pretty' | 'json'): void {
  const text =
    format === 'json' ? `${JSON.stringify(describePlan(sweep), null, 2)}\n` : renderPlan(sweep, process.stdout.columns)
  process.stdout.write(text)
}
