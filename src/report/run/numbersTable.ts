import { html, type Html } from './html.ts'

/** Renders a table with a heading for each column. It scrolls if it is too wide or, with `isTall`, too long. */
export function numbersTable(
  columns: readonly (string | Html)[],
  rows: readonly Html[],
  { foot, isTall = false }: { readonly foot?: Html; readonly isTall?: boolean } = {},
): Html {
  return html`<div class="scroll${isTall && ' tall'}">
    <table class="numbers">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
      ${
        foot &&
        html`<tfoot>
          ${foot}
        </tfoot>`
      }
    </table>
  </div>`
}
