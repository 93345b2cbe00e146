/** Renders the confusion matrix, as a table of counts for few classes or a map for many, and the most frequent confusions. */
import type { ClassInspection } from '../../tasks/inspect/inspection.ts'
import { formatCount } from '../../diagnostics/formatCount.ts'
import { html, type Html } from './html.ts'
import { formatPercent } from './numbers.ts'

/** The maximum number of classes in a table; with more, the numbers in cells would be too small to read. */
const mostInTable = 20
const mostPairs = 8

export function renderConfusion(inspection: ClassInspection): Html {
  const isTable = inspection.classNames.length <= mostInTable
  return html`<h3>Confusion <small>rows: true class, columns: predicted class</small></h3>
    ${isTable ? renderTable(inspection) : renderMap(inspection)} ${renderPairs(inspection)}`
}

function renderTable({ classNames, confusion }: ClassInspection): Html {
  const head = classNames.map((name) => html`<th scope="col"><span>${name}</span></th>`)
  const isNamed = classNames.some((name) => name.length > 3)
  const rows = confusion.map((row, truth) => {
    const total = sumOf(row)
    const cells = row.map((count, named) =>
      renderCell(count, total, truth === named, [classNames[truth]!, classNames[named]!]),
    )
    return html`<tr>
      <th scope="row">${classNames[truth]}</th>
      ${cells}
    </tr> `
  })
  return html`<div class="scroll">
    <table class="matrix${isNamed && ' named'}">
      <thead>
        <tr>
          <td></td>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

function renderCell(count: number, total: number, isRight: boolean, [truth, named]: readonly [string, string]): Html {
  if (count === 0) return html`<td class="zero"></td>`
  const share = count / total
  const strength = strengthOf(share, isRight)
  const title = `${formatCount(count)} of ${formatCount(total)} ${truth} predicted as ${named}: ${formatPercent(share)}`
  return html`<td
    class="${isRight ? 'right' : 'wrong'}${strength > 0.6 && ' strong'}"
    style="--part:${strength.toFixed(3)}"
    title="${title}"
  >
    ${count}
  </td>`
}

/** The strength of a cell's colour, from 0 to 1. Mistakes are rare, so theirs grows with the square root of their share. */
function strengthOf(share: number, isRight: boolean): number {
  return isRight ? share : Math.min(1, Math.sqrt(share) * 1.2)
}

/** Draws a square for each cell that is not empty; squares of equal strength share one path. */
function renderMap({ classNames, confusion }: ClassInspection): Html {
  const levels = 10
  const paths = { right: emptyPaths(levels), wrong: emptyPaths(levels) }
  for (const [truth, row] of confusion.entries()) {
    const total = sumOf(row)
    for (const [named, count] of row.entries()) {
      if (count === 0) continue
      const isRight = truth === named
      const level = Math.max(0, Math.ceil(strengthOf(count / total, isRight) * levels) - 1)
      paths[isRight ? 'right' : 'wrong'][level]! += `M${named} ${truth}h1v1h-1z`
    }
  }
  const classes = classNames.length
  const draw = (kind: 'right' | 'wrong') =>
    paths[kind].map(
      (path, level) => path !== '' && html`<path class="${kind}" fill-opacity="${(level + 1) / levels}" d="${path}" />`,
    )
  return html`<svg
    class="map"
    viewBox="0 0 ${classes} ${classes}"
    role="img"
    aria-label="Confusion matrix of ${classes} classes"
  >
    <rect width="${classes}" height="${classes}" />
    ${draw('wrong')}${draw('right')}
  </svg>`
}

function emptyPaths(levels: number): string[] {
  return Array.from({ length: levels }, () => '')
}

function renderPairs({ classNames, confusion }: ClassInspection): Html | false {
  const pairs = confusion.flatMap((row, truth) =>
    row.flatMap((count, named) =>
      count > 0 && truth !== named ? [{ truth, named, count, share: count / sumOf(row) }] : [],
    ),
  )
  const most = pairs.toSorted((a, b) => b.count - a.count).slice(0, mostPairs)
  if (most.length === 0) return html`<p class="quiet">No sample was misclassified.</p>`
  return html`<ol class="pairs" aria-label="The most frequent confusions">
    ${most.map(
      ({ truth, named, count, share }) =>
        html`<li>
          <b>${classNames[truth]}</b> predicted as <b>${classNames[named]}</b>
          <span>${formatCount(count)} · ${formatPercent(share, 1)}</span>
        </li>`,
    )}
  </ol>`
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
