/** Renders the best trial: its values, the difference of its spec from the base, and the spec as text. */
import { html, type Html } from '../run/html.ts'
import { numbersTable } from '../run/numbersTable.ts'
import type { Section } from '../run/section.ts'
import type { TrialSummary } from './sweepSummary.ts'
import { printValue, shorten } from './values.ts'

export interface BestDetails {
  readonly specText: string
  /** The comparison with the base spec as text; undefined if the base cannot be read any more. */
  readonly difference?: string
}

export function renderBest(best: TrialSummary, { specText, difference }: BestDetails): Section {
  return {
    id: 'best',
    title: `Best spec: trial ${best.number}`,
    content: html`${renderValues(best)}
      ${
        difference !== undefined &&
        html`<details>
          <summary>Difference from the base</summary>
          <pre class="spec"><code>${difference.trimEnd()}</code></pre>
        </details>`
      }
      <h3 class="withButton">
        Spec <small>${best.folder}/spec.yaml</small><span class="copy" data-copies="best-spec"></span>
      </h3>
      <pre class="spec tall"><code id="best-spec">${specText.trimEnd()}
</code></pre>`,
  }
}

function renderValues({ values }: TrialSummary): Html | false {
  const entries = Object.entries(values)
  if (entries.length === 0) return false
  const rows = entries.map(
    ([path, value]) =>
      html`<tr>
        <th scope="row"><bdi>${shorten(path, 300)}</bdi></th>
        <td class="wrapped"><bdi>${printValue(value, 300)}</bdi></td>
      </tr> `,
  )
  return numbersTable(['parameter', 'value'], rows)
}
