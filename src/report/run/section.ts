/** A section of the page, with its heading. */
import type { Html } from './html.ts'

export interface Section {
  readonly id: string
  readonly title: string
  readonly content: Html
}
