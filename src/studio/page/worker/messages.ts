/** The messages between the page and the worker that checks specs. The worker keeps the last document, so that questions need only a position. */
import type { DiagnosticCode } from '../../../diagnostics/codes.ts'
import type { Severity, Span, TextEdit } from '../../../diagnostics/diagnostic.ts'
import type { CompletionItem } from '../../../editor/completionItem.ts'
import type { Hover } from '../../../editor/hover.ts'
import type { InlayHint } from '../../../editor/inlayHints.ts'
import type { NetworkFacts } from '../../facts/networkFacts.ts'

export interface CheckedFix {
  readonly title: string
  readonly edits: readonly TextEdit[]
}

export interface CheckedDiagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly message: string
  readonly help?: string | undefined
  readonly span: Span
  /** The line of `span`, counted from 1. */
  readonly line: number
  readonly fixes: readonly CheckedFix[]
}

/** What is proven about a text. */
export interface Shapes {
  readonly file: string
  readonly text: string
  readonly hints: readonly InlayHint[]
  readonly network: NetworkFacts
}

export interface Checked extends Shapes {
  readonly diagnostics: readonly CheckedDiagnostic[]
}

/** The questions of the page, with the types of their answers. Those without a text are about the text that was checked last. */
export interface Questions {
  /** The shapes alone, which are known before the rules and fixes are loaded. */
  readonly shapes: { readonly question: { readonly file: string; readonly text: string }; readonly answer: Shapes }
  readonly check: { readonly question: { readonly file: string; readonly text: string }; readonly answer: Checked }
  readonly complete: {
    readonly question: { readonly file: string; readonly text: string; readonly offset: number }
    readonly answer: readonly CompletionItem[]
  }
  /** The fixes, refactorings and other changes that are possible at a selection. */
  readonly actions: {
    readonly question: { readonly file: string; readonly text: string; readonly selection: Span }
    readonly answer: readonly CheckedFix[]
  }
  readonly hover: { readonly question: { readonly offset: number }; readonly answer: Hover | undefined }
  readonly definition: { readonly question: { readonly offset: number }; readonly answer: Span | undefined }
}

export type Kind = keyof Questions

export interface Request<K extends Kind = Kind> {
  readonly id: number
  readonly kind: K
  readonly question: Questions[K]['question']
}

/** The worker reads files through the page. */
export interface FileRequest {
  readonly fileId: number
  readonly read: 'size' | 'list' | 'read'
  readonly path: string
  readonly start: number
  readonly length: number
}

export type FromWorker =
  { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly error: string } | FileRequest

export type ToWorker =
  Request | { readonly fileId: number; readonly value: unknown } | { readonly fileId: number; readonly error: string }
