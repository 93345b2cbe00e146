/** Renders the trials without a result, by reason: excluded, infeasible and failed ones. */
import { html, type Html } from '../run/html.ts'
import { numbersTable } from '../run/numbersTable.ts'
import type { Section } from '../run/section.ts'
import type { SweepSummary, TrialSummary } from './sweepSummary.ts'
import { rowLink } from './trialsTable.ts'
import { shorten } from './values.ts'

const explained: Readonly<Partial<Record<TrialSummary['state'], string>>> = {
  failed: 'training ended with an error',
  infeasible: 'the spec has mistakes',
  excluded: 'the condition `where` is false',
}

export function renderLeftOut({ trials }: SweepSummary): Section | undefined {
  const groups = Object.keys(explained).flatMap((state) => groupsOf(trials.filter((trial) => trial.state === state)))
  if (groups.length === 0) return undefined
  return {
    id: 'left-out',
    title: 'Trials without a result',
    content: numbersTable(['state', 'trials', 'reason'], groups.map(renderGroup), { isTall: true }),
  }
}

/** Groups trials by their reason, in the order of the first trial of each. */
function groupsOf(trials: readonly TrialSummary[]): TrialSummary[][] {
  const groups = new Map<string, TrialSummary[]>()
  for (const trial of trials) {
    const reason = trial.reason ?? ''
    groups.set(reason, [...(groups.get(reason) ?? []), trial])
  }
  return [...groups.values()]
}

function renderGroup(trials: readonly TrialSummary[]): Html {
  const { state, reason = explained[state] ?? '' } = trials[0]!
  const numbers = trials.map(({ number }, index) => html`${index > 0 && ', '}${rowLink(number)}`)
  return html`<tr>
    <th scope="row"><span class="state ${state}">${state}</span></th>
    <td class="wrapped">${numbers}</td>
    <td class="wrapped reason"><bdi>${shorten(reason, 2000)}</bdi></td>
  </tr> `
}
