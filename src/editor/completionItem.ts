/** The types of completion: what is offered, and the place at which it is. */
import type { Span } from '../diagnostics/diagnostic.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Place } from './cursor.ts'
import type { SpecDocument } from './specDocument.ts'

export interface CompletionItem {
  readonly label: string
  readonly kind: 'key' | 'word' | 'layer' | 'block' | 'variable' | 'name' | 'file'
  /** The text that replaces `span`, with tab stops such as `${1:32}`. */
  readonly snippet: string
  readonly span: Span
  readonly detail?: string | undefined
  readonly help?: string | undefined
  /** Whether it is the most likely choice. */
  readonly isLikely?: boolean
}

/** An item before its place is known. */
export type Choice = Omit<CompletionItem, 'span'>

/** Where text is completed, in the text with a word at the cursor. */
export interface Cursor {
  readonly document: SpecDocument
  readonly source: SourceDocument
  readonly place: Place
  /** The word before the cursor, of which the text with the marker has nothing. */
  readonly typed: string
  /** How a map is written at the cursor: its keys follow on their own lines, or in braces. */
  readonly form: 'block' | 'flow'
  /** Whether a colon already follows the key at the cursor. */
  readonly hasColon: boolean
}
