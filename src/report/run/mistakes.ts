/** The images that the network was surest of, and wrong. */
import type { ClassInspection, Mistake } from '../../backends/inspection/inspection.ts'
import { html, type Html } from './html.ts'
import { formatPercent, formatValue } from './numbers.ts'
import type { Section } from './section.ts'
import type { RunRecord } from './runRecord.ts'

export function renderMistakes({ inspection }: RunRecord): Section | undefined {
  const outputs = (inspection?.outputs ?? []).filter(
    (output): output is ClassInspection => output.kind === 'classes' && output.mistakes.some(({ picture }) => picture),
  )
  if (outputs.length === 0) return undefined
  const several = outputs.length > 1
  return {
    id: 'mistakes',
    title: 'Most confused',
    content: html`<p class="lead">Test images that were given a wrong class, the surest first.</p>
      ${outputs.map(
        (output) =>
          html`${several && html`<h3>Output <code>${output.output}</code></h3>`}
            <ul class="mistakes">
              ${output.mistakes.map((mistake) => renderMistake(mistake, output))}
            </ul> `,
      )}`,
  }
}

function renderMistake(mistake: Mistake, { classNames, isProbability }: ClassInspection): Html | undefined {
  const { picture, index, truth, named, confidence, truthConfidence } = mistake
  if (picture === undefined) return undefined
  const tell = (value: number) => (isProbability ? formatPercent(value, 1) : formatValue(value))
  const [is, said] = [classNames[truth]!, classNames[named]!]
  const small = Math.max(picture.width, picture.height) <= 64
  return html`<li>
    <img
      class="${small && 'pixels'}"
      src="${picture.url}"
      width="${picture.width}"
      height="${picture.height}"
      alt="Test sample ${index}: ${is} named ${said}"
    />
    <p><b class="said">${said}</b><span>${tell(confidence)}</span></p>
    <p class="is">is <b>${is}</b><span>${tell(truthConfidence)}</span></p>
    <small>#${index}</small>
  </li> `
}
