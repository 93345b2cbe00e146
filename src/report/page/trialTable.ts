/** Makes the table of trials sortable, and connects its rows with the selection. */
import type { SweepPageData } from '../sweep/pageData.ts'
import type { Selection } from './selection.ts'

export function enhanceTable({ columns, trials }: SweepPageData, selection: Selection, onReset: () => void): void {
  const table = document.querySelector<HTMLTableElement>('#trials table')
  const body = table?.tBodies[0]
  if (!table || !body) return
  const rows = [...body.rows]
  const headings = [...table.querySelectorAll<HTMLElement>('thead th')]
  for (const [index, heading] of headings.entries()) {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...heading.childNodes)
    heading.append(button)
    const { ranks, startsHigh } = columns[index]!
    button.addEventListener('click', () => {
      const before = heading.getAttribute('aria-sort')
      const isDescending = before === null ? startsHigh : before === 'ascending'
      for (const other of headings) other.removeAttribute('aria-sort')
      heading.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending')
      body.append(...sortByRank(ranks, isDescending).map((trial) => rows[trial]!))
    })
  }
  connectRows(rows, body, selection)
  reportShown(rows, trials.length, selection, onReset)
}

/** Returns the indices in the order of their ranks. Those without a rank are last, and equal ones keep their order. */
function sortByRank(ranks: readonly (number | null)[], isDescending: boolean): number[] {
  const sign = isDescending ? -1 : 1
  return ranks
    .map((_, index) => index)
    .toSorted((a, b) => {
      const [left, right] = [ranks[a] ?? null, ranks[b] ?? null]
      if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b
      return sign * (left - right) || a - b
    })
}

function connectRows(rows: readonly HTMLTableRowElement[], body: HTMLElement, selection: Selection): void {
  const trialAt = (target: EventTarget | null) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('tr[data-trial]') : null
    return row ? Number(row.dataset['trial']) : undefined
  }
  body.addEventListener('pointerover', ({ target }) => selection.point(trialAt(target)))
  body.addEventListener('pointerleave', () => selection.point(undefined))
  body.addEventListener('focusin', ({ target }) => selection.point(trialAt(target)))
  body.addEventListener('focusout', () => selection.point(undefined))
  body.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element && target.closest('a'))) selection.pin(trialAt(target))
  })
  let marked: HTMLElement | undefined
  selection.onPoint(() => {
    marked?.classList.remove('pointed-at')
    const trial = selection.pointed()
    marked = trial === undefined ? undefined : rows[trial]
    marked?.classList.add('pointed-at')
  })
  selection.onPin((trial) => scrollTo(rows[trial]!))
}

/** Scrolls the table to a row, and never the page. */
function scrollTo(row: HTMLElement): void {
  const frame = row.closest<HTMLElement>('.tall')
  if (!frame) return
  const [outer, inner] = [frame.getBoundingClientRect(), row.getBoundingClientRect()]
  if (inner.top < outer.top + 40 || inner.bottom > outer.bottom) {
    frame.scrollTop += inner.top - outer.top - outer.height / 2
  }
}

/** Hides the rows of trials that are filtered out, and says how many remain. */
function reportShown(
  rows: readonly HTMLTableRowElement[],
  all: number,
  selection: Selection,
  onReset: () => void,
): void {
  const report = document.getElementById('shown')
  if (!report) return
  const count = document.createElement('span')
  const reset = document.createElement('button')
  reset.type = 'button'
  reset.textContent = 'Show all'
  reset.addEventListener('click', onReset)
  report.append(count, ' ', reset)
  selection.onShow(() => {
    for (const [index, row] of rows.entries()) row.hidden = !selection.isShown(index)
    const shown = rows.filter((row) => !row.hidden).length
    report.hidden = shown === all
    count.textContent = `${shown} of ${all} trials are in the ranges chosen above.`
  })
}
