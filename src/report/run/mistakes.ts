/** Renders the misclassified samples with the most confident predictions. */
import type { ClassInspection, Mistake } from '../../tasks/inspect/inspection.ts'
import { html, type Html } from './html.ts'
import { numbersTable } from './numbersTable.ts'
import { formatPercent, formatValue } from './numbers.ts'
import { nameSample, nameSampleShortly } from './sampleNames.ts'
import type { Section } from './section.ts'
import type { RunRecord } from './runRecord.ts'

export function renderMistakes({ inspection }: RunRecord): Section | undefined {
  const outputs = (inspection?.outputs ?? []).filter(
    (output): output is ClassInspection =>
      output.kind === 'classes' && output.mistakes.some(({ picture, origin }) => picture ?? origin),
  )
  if (outputs.length === 0) return undefined
  const several = outputs.length > 1
  return {
    id: 'mistakes',
    title: 'Most confused',
    content: html`<p class="lead">Misclassified test samples, the most confident first.</p>
      ${outputs.map(
        (output) =>
          html`${several && html`<h3>Output <code>${output.output}</code></h3>`}
          ${output.mistakes.some(({ picture }) => picture) ? renderPictures(output) : renderRows(output)} `,
      )}`,
  }
}

function renderPictures(output: ClassInspection): Html {
  return html`<ul class="mistakes">
    ${output.mistakes.map((mistake) => renderMistake(mistake, output))}
  </ul>`
}

/** Renders samples that are not pictures as rows of a table. */
function renderRows({ mistakes, classNames, isProbability }: ClassInspection): Html {
  const format = (value: number) => (isProbability ? formatPercent(value, 1) : formatValue(value))
  const rows = mistakes.map(
    (mistake) =>
      html`<tr>
        <th scope="row">${nameSample(mistake)}</th>
        <td>${classNames[mistake.truth]!}</td>
        <td>${classNames[mistake.named]!}</td>
        <td>${format(mistake.confidence)}</td>
      </tr> `,
  )
  return numbersTable(['sample', 'true class', 'predicted', 'confidence'], rows)
}

function renderMistake(mistake: Mistake, { classNames, isProbability }: ClassInspection): Html | undefined {
  const { picture, truth, named, confidence, truthConfidence } = mistake
  if (picture === undefined) return undefined
  const format = (value: number) => (isProbability ? formatPercent(value, 1) : formatValue(value))
  const [is, said] = [classNames[truth]!, classNames[named]!]
  const small = Math.max(picture.width, picture.height) <= 64
  return html`<li>
    <img
      class="${small && 'pixels'}"
      src="${picture.url}"
      width="${picture.width}"
      height="${picture.height}"
      alt="${nameSample(mistake)}: ${is} predicted as ${said}"
    />
    <p><b class="said">${said}</b><span>${format(confidence)}</span></p>
    <p class="is">true <b>${is}</b><span>${format(truthConfidence)}</span></p>
    <small title="${nameSample(mistake)}">${nameSampleShortly(mistake)}</small>
  </li> `
}
