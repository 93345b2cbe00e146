/** What a network computed for an image: the classes, the activations of each layer and the filters of the first one. */
import { formatPercent, formatValue } from '../../../report/run/numbers.ts'
import type { FilterInspection } from '../../../tasks/inspect/inspection.ts'
import type { ExplainedPrediction, LayerActivations } from '../../../tasks/predict/explainPrediction.ts'
import type { PredictedOutput } from '../../../tasks/predict/prediction.ts'

export function Classes({ output }: { readonly output: PredictedOutput }) {
  if ('values' in output) return <p>{output.values.slice(0, 20).map(formatValue).join(', ')}</p>
  // In the order of the classes, so that bars stay in place while one draws.
  const classes = output.top.toSorted((a, b) => a.class - b.class).slice(0, 20)
  const best = output.top[0]!
  const most = Math.max(...classes.map(({ confidence }) => Math.abs(confidence)), 1e-9)
  return (
    <>
      <p class="answer" aria-live="polite">
        <strong>{best.name}</strong>
        {output.isProbability && <span> {formatPercent(best.confidence, 1)}</span>}
      </p>
      <table class="bars">
        <tbody>
          {classes.map(({ class: index, name, confidence }) => (
            <tr key={index} class={index === best.class ? 'best' : ''}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td class="bar-cell">
                <span
                  class="bar"
                  style={{ width: `${(100 * Math.abs(confidence)) / (output.isProbability ? 1 : most)}%` }}
                />
              </td>
              <td class="number">{output.isProbability ? formatPercent(confidence, 1) : formatValue(confidence)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

export function Layers({ prediction }: { readonly prediction: ExplainedPrediction }) {
  const { layers, filters } = prediction
  return (
    <>
      {filters && <Filters filters={filters} />}
      <section>
        <h2>Activations of each layer</h2>
        <p class="quiet">
          Blue is positive, orange is negative; the strongest value of a layer has the strongest colour.
        </p>
        <ol class="activations">
          {layers.map((layer) => (
            <Layer key={layer.name} layer={layer} />
          ))}
        </ol>
      </section>
    </>
  )
}

function Layer({ layer: { name, type, shape, maps, units } }: { readonly layer: LayerActivations }) {
  const channels = shape.length === 3 ? shape[2]! : 1
  return (
    <li>
      <h3>
        {name}{' '}
        <span class="quiet">
          {type === name ? '' : type} {shape.join('×')}
        </span>
      </h3>
      <div class="maps">
        {maps.map(({ url, width, height }, index) => (
          <img key={index} src={url} width={width} height={height} alt={`channel ${index} of ${name}`} />
        ))}
        {units.length > 0 && <Units name={name} units={units} />}
        {maps.length > 0 && channels > maps.length && <span class="quiet">and {channels - maps.length} more</span>}
      </div>
    </li>
  )
}

/** A small square for each value. */
function Units({ name, units }: { readonly name: string; readonly units: readonly number[] }) {
  const most = Math.max(...units.map(Math.abs), 1e-9)
  return (
    <div class="units" role="img" aria-label={`${units.length} values of ${name}`}>
      {units.map((value, index) => (
        <span
          key={index}
          class={value < 0 ? 'negative' : 'positive'}
          style={{ opacity: Math.max(0.06, Math.abs(value) / most) }}
          title={`${index}: ${formatValue(value)}`}
        />
      ))}
    </div>
  )
}

function Filters({ filters: { layer, count, pictures } }: { readonly filters: FilterInspection }) {
  return (
    <section>
      <h2>Filters of {layer}</h2>
      <div class="maps filters">
        {pictures.map(({ url, width, height }, index) => (
          <img key={index} src={url} width={width} height={height} alt={`filter ${index} of ${layer}`} />
        ))}
        {count > pictures.length && <span class="quiet">and {count - pictures.length} more</span>}
      </div>
    </section>
  )
}
