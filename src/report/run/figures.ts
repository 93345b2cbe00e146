import { html, type Html } from './html.ts'

/** A number at the top of a page, with its name. */
export interface Figure {
  readonly label: string
  readonly value: string
  readonly note?: string
}

/** Renders the most important figures of a page as a row of boxes. */
export function renderFigures(figures: readonly Figure[]): Html {
  return html`<dl class="figures">
    ${figures.map(
      ({ label, value, note }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
          ${note !== undefined && html`<dd class="note">${note}</dd>`}
        </div>`,
    )}
  </dl>`
}
