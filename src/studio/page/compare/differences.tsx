/** The difference of two specs or runs, in terms of the model: layers, network, settings and results. */
import type { Comparison, LayerChange } from '../../../report/diff/compareModels.ts'
import { layerRow, numberRow, resultRow, settingRow, type DiffRow } from '../../../report/diff/renderDiff.ts'

export function Differences({ comparison }: { readonly comparison: Comparison }) {
  const { before, after, layers, params, flops, settings, results, differs } = comparison
  return (
    <section class="differences">
      <h2>
        {before} → {after}
      </h2>
      {!differs && <p class="quiet">The specs are equal.</p>}
      <Rows title="Layers" rows={layers.map((layer: LayerChange) => layerRow(layer))} />
      <Rows title="Network" rows={[...numberRow('parameters', params), ...numberRow('operations', flops)]} />
      <Rows title="Settings" rows={settings.map(settingRow)} />
      <Rows title="Results" rows={results.map(resultRow)} />
    </section>
  )
}

const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '~': 'changed' }

function Rows({ title, rows }: { readonly title: string; readonly rows: readonly DiffRow[] }) {
  if (rows.length === 0) return null
  return (
    <table class="diff">
      <caption>{title}</caption>
      <tbody>
        {rows.map(([mark = '', ...cells], index) => (
          <tr key={index} class={kinds[mark] ?? ''}>
            <td class="mark" title={kinds[mark]}>
              {mark}
            </td>
            {cells.map((cell, column) => (
              <td key={column}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
