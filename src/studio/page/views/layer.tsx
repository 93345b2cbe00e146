/** The selected layer: its shapes with the formula, its parameters and cost, and the picture of its window. */
import type { ComponentChild } from 'preact'
import { formatBytes, formatCount, formatLarge } from '../../../diagnostics/formatCount.ts'
import type { LayerFacts, WeightFacts } from '../../facts/networkFacts.ts'
import type { WindowFacts } from '../../facts/windowFacts.ts'
import type { Session } from '../session.ts'
import type { ViewProps } from '../viewProps.ts'
import { narrowScreen } from '../narrowScreen.ts'
import { sizeFormula } from '../window/slidingWindow.ts'
import { WindowPicture } from '../window/windowPicture.tsx'

export function LayerView({ session }: ViewProps) {
  const layers = session.network.value?.layers ?? []
  const layer = session.layer.value ?? layers.find(({ window }) => window !== undefined) ?? layers[0]
  if (layer === undefined) return <p class="empty">The spec has no layers yet.</p>
  const index = layers.indexOf(layer)
  const step = (by: number) => (session.selected.value = layers[index + by]?.name)
  return (
    <div class="layer">
      <div class="layer-choice">
        <label>
          <span class="visually-hidden">Layer</span>
          <select value={layer.name} onChange={(event) => (session.selected.value = event.currentTarget.value)}>
            {layers.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-label="Previous layer" disabled={index === 0} onClick={() => step(-1)}>
          ◂
        </button>
        <button type="button" aria-label="Next layer" disabled={index === layers.length - 1} onClick={() => step(1)}>
          ▸
        </button>
        {layer.span !== undefined && (
          <button type="button" onClick={() => showLine(session, layer)}>
            Show line
          </button>
        )}
      </div>
      <h2>
        {layer.name}{' '}
        <span class="layer-type">{[layer.type, layer.detail].filter((part) => part !== '').join(' · ')}</span>
      </h2>
      <Facts layer={layer} />
      {layer.window !== undefined && <WindowPicture key={layer.name} window={layer.window} />}
    </div>
  )
}

/** Shows the line of a layer in the editor, which is a view of its own on narrow screens. */
function showLine(session: Session, layer: LayerFacts): void {
  if (matchMedia(narrowScreen).matches) session.view.value = 'edit'
  session.goTo(layer)
}

function Facts({ layer }: { readonly layer: LayerFacts }) {
  const { inputShapes, shape, formula, window, weights, params, trainableParams, flops, size } = layer
  if (shape === undefined)
    return <p class="unknown">The shape is unknown: a mistake in this layer or before it hides it.</p>
  return (
    <dl class="facts">
      <Fact term="Shape">
        {inputShapes.length > 0 && `${inputShapes.join(' and ')} → `}
        <strong>{shape}</strong>
      </Fact>
      {window === undefined ? (
        formula !== undefined && <Fact term="Formula">{formula}</Fact>
      ) : (
        <WindowFormula window={window} />
      )}
      {weights.length > 0 && (
        <Fact term="Parameters">
          {weights.map((weight) => (
            <div key={weight.name}>{describeWeight(weight)}</div>
          ))}
          {weights.length > 1 && (
            <div>
              <strong>{formatCount(params)}</strong> in all
              {trainableParams < params && `, ${formatCount(trainableParams)} trainable`}
            </div>
          )}
        </Fact>
      )}
      <Fact term="Cost for each sample">
        {formatLarge(flops)}FLOP, {formatBytes(4 * size)} of output
      </Fact>
    </dl>
  )
}

function Fact({ term, children }: { readonly term: string; readonly children: ComponentChild }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const axisNames = [['positions'], ['rows', 'columns'], ['depth', 'rows', 'columns']] as const

/** The formula of each axis; of axes with the same numbers, once. */
function WindowFormula({ window: { axes, padding } }: { readonly window: WindowFacts }) {
  const names = axisNames[axes.length - 1] ?? []
  const formulas = axes.map(sizeFormula)
  const isSame = formulas.every((one) => one === formulas[0])
  return (
    <Fact term="Formula">
      <div class="general">⌊(input + padding − window) / stride⌋ + 1, padding {padding}</div>
      {(isSame ? formulas.slice(0, 1) : formulas).map((formula, index) => (
        <div key={formula}>
          {isSame ? '' : `${names[index] ?? `axis ${index + 1}`}: `}
          {formula}
        </div>
      ))}
    </Fact>
  )
}

/** `kernel 3×3×1×32 = 288`. */
function describeWeight({ name, shape }: WeightFacts): string {
  const count = formatCount(shape.reduce((product, one) => product * one, 1))
  return shape.length > 1 ? `${name} ${shape.join('×')} = ${count}` : `${name} ${count}`
}
