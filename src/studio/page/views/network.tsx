/** The network of the open spec. */
import { formatCount } from '../../../diagnostics/formatCount.ts'
import type { ViewProps } from '../views.ts'

export function NetworkView({ session }: ViewProps) {
  const layers = session.checked.value?.network.layers ?? []
  return (
    <table class="layers">
      <thead>
        <tr>
          <th>Layer</th>
          <th>Output</th>
          <th>Parameters</th>
        </tr>
      </thead>
      <tbody>
        {layers.map((layer) => (
          <tr key={layer.name} aria-selected={session.selected.value === layer.name}>
            <td>
              <button type="button" class="plain" onClick={() => session.goTo(layer)}>
                {layer.name}
              </button>
            </td>
            <td>{layer.shape ?? '?'}</td>
            <td>{formatCount(layer.params)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
