/** Renders the results on the test samples: confusion matrix and class scores, or errors and a scatter plot. */
import type { ClassInspection, OutputInspection, ValueInspection } from '../../tasks/inspect/inspection.ts'
import type { ClassScores } from '../../tasks/inspect/classScores.ts'
import { renderConfusion } from './confusion.ts'
import { html, type Html } from './html.ts'
import { numbersTable } from './numbersTable.ts'
import { formatPercent, formatValue } from './numbers.ts'
import { nameSample } from './sampleNames.ts'
import type { Section } from './section.ts'
import type { RunRecord } from './runRecord.ts'
import { renderScatter } from './scatter.ts'

export function renderTest({ inspection }: RunRecord): Section | undefined {
  const outputs = inspection?.outputs ?? []
  if (inspection === undefined || outputs.length === 0) return undefined
  const several = outputs.length > 1
  return {
    id: 'test',
    title: 'Test samples',
    content: html`${outputs.map((output) => renderOutput(output, several))}`,
  }
}

function renderOutput(output: OutputInspection, several: boolean): Html {
  const body = output.kind === 'classes' ? renderClasses(output) : renderValues(output)
  return html`${several && html`<h3>Output <code>${output.output}</code></h3>`}${body}`
}

function renderClasses(output: ClassInspection): Html {
  return html`<div class="pair">
    <div class="confusion">${renderConfusion(output)}</div>
    <div class="scores">${renderScores(output)}</div>
  </div> `
}

/** From this number of classes on, the classes with the lowest F1 come first. */
const manyClasses = 24

function renderScores({ classNames, scores, average }: ClassInspection): Html {
  const rows = scores.map((score, index) => ({ name: classNames[index]!, score }))
  const isLong = rows.length > manyClasses
  const ordered = isLong ? rows.toSorted((a, b) => (a.score.f1 ?? 0) - (b.score.f1 ?? 0)) : rows
  return html`<h3>Each class${isLong && html` <small>weakest first</small>`}</h3>
    ${numbersTable(
      ['class', 'precision', 'recall', 'F1', 'samples'],
      ordered.map(({ name, score }) => renderScore(name, score)),
      { foot: renderScore('mean over classes', average), isTall: isLong },
    )}`
}

function renderScore(name: string, { precision, recall, f1, support }: ClassScores): Html {
  const share = (value: number | null) =>
    value === null
      ? html`<td class="none" title="undefined: division by zero">–</td>`
      : html`<td class="share" style="--part:${value.toFixed(4)}">${formatPercent(value, 1)}</td>`
  return html`<tr>
    <th scope="row">${name}</th>
    ${share(precision)}${share(recall)}${share(f1)}
    <td>${support.toLocaleString('en-US')}</td>
  </tr> `
}

function renderValues({ meanAbsoluteError, rootMeanSquaredError, r2, points, worst = [] }: ValueInspection): Html {
  const facts = [
    ['mean absolute error', formatValue(meanAbsoluteError)],
    ['root of the mean squared error', formatValue(rootMeanSquaredError)],
    ...(r2 === null ? [] : [['R²', formatValue(r2)]]),
  ]
  return html`<div class="pair">
    ${points.length > 1 && renderScatter(points)}
    <dl class="list">
      ${facts.map(
        ([label, value]) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
      ${worst.some(({ origin }) => origin) && html`<dt>largest errors</dt>`}
      ${worst
        .filter(({ origin }) => origin)
        .slice(0, 5)
        .map(
          (one) =>
            html`<dd>${nameSample(one)}: ${formatValue(one.target)}, predicted ${formatValue(one.prediction)}</dd>`,
        )}
    </dl>
  </div> `
}
