/** Translates between the language service, which works with offsets, and the Language Server Protocol. */
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import {
  CompletionItemKind,
  DiagnosticSeverity,
  InsertTextFormat,
  MarkupKind,
  SymbolKind,
  type CodeAction as ProtocolAction,
  type CompletionItem as ProtocolItem,
  type Diagnostic as ProtocolDiagnostic,
  type DocumentSymbol,
  type Location,
  type Position,
  type Range,
  type TextEdit as ProtocolEdit,
} from 'vscode-languageserver/node.js'
import { toJsonPointer, type Diagnostic, type Span, type TextEdit } from '../../diagnostics/diagnostic.ts'
import type { LineIndex } from '../../diagnostics/positions.ts'
import type { CodeAction } from '../codeAction.ts'
import type { CompletionItem } from '../completionItem.ts'
import type { SpecDocument } from '../specDocument.ts'
import type { OutlineEntry } from '../symbols.ts'

export function rangeOf(lines: LineIndex, span: Span): Range {
  return { start: positionOf(lines, span.start), end: positionOf(lines, span.end) }
}

export function positionOf(lines: LineIndex, offset: number): Position {
  const { line, column } = lines.position(offset)
  return { line: line - 1, character: column - 1 }
}

export function toEdit(lines: LineIndex, { span, newText }: TextEdit): ProtocolEdit {
  return { range: rangeOf(lines, span), newText }
}

/** The location of a span of the spec at `uri`, or of another file that the spec extends. */
export function toLocation({ files }: SpecDocument, uri: string, span: Span): Location {
  const place = span.file === undefined ? uri : pathToFileURL(resolve(span.file)).href
  return { uri: place, range: rangeOf(files.linesOf(span), span) }
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Hint,
} as const

export function toDiagnostic(document: SpecDocument, uri: string, diagnostic: Diagnostic): ProtocolDiagnostic {
  const { code, severity, message, help, path } = diagnostic
  // A mistake in another file is shown where this one leads to it, with its place.
  const isElsewhere = diagnostic.span.file !== undefined
  const cause = diagnostic.related.find(({ span }) => span.file === undefined)?.span ?? { start: 0, end: 0 }
  const related = [
    ...(isElsewhere ? [{ message: 'the mistake is here', span: diagnostic.span }] : []),
    ...diagnostic.related,
  ]
  return {
    range: rangeOf(document.lines, isElsewhere ? cause : diagnostic.span),
    severity: severities[severity],
    code,
    source: 'shapewright',
    message: help === undefined ? message : `${message}\n${help}`,
    relatedInformation: related.map((place) => ({
      location: toLocation(document, uri, place.span),
      message: place.message,
    })),
    data: { path: toJsonPointer(path) },
  }
}

export function toCodeAction(document: SpecDocument, uri: string, action: CodeAction): ProtocolAction {
  const { title, kind, edits, diagnostic, isPreferred } = action
  return {
    title,
    kind,
    edit: { changes: { [uri]: edits.map((edit) => toEdit(document.lines, edit)) } },
    ...(diagnostic && { diagnostics: [toDiagnostic(document, uri, diagnostic)] }),
    ...(isPreferred === true && { isPreferred }),
  }
}

const itemKinds = {
  key: CompletionItemKind.Property,
  word: CompletionItemKind.EnumMember,
  layer: CompletionItemKind.Class,
  block: CompletionItemKind.Function,
  variable: CompletionItemKind.Variable,
  name: CompletionItemKind.Reference,
  file: CompletionItemKind.File,
} as const

export function toCompletionItem({ lines }: SpecDocument, item: CompletionItem, index: number): ProtocolItem {
  const { label, kind, snippet, span, detail, help, isLikely } = item
  return {
    label,
    kind: itemKinds[kind],
    textEdit: { range: rangeOf(lines, span), newText: snippet },
    insertTextFormat: InsertTextFormat.Snippet,
    filterText: label,
    sortText: `${isLikely === true ? 0 : 1}${String(index).padStart(4, '0')}`,
    ...(detail !== undefined && { detail }),
    ...(help !== undefined && { documentation: { kind: MarkupKind.Markdown, value: help } }),
  }
}

const symbolKinds = {
  section: SymbolKind.Namespace,
  layer: SymbolKind.Class,
  block: SymbolKind.Function,
  variable: SymbolKind.Variable,
} as const

export function toSymbol(
  lines: LineIndex,
  { name, kind, detail, span, nameSpan, children }: OutlineEntry,
): DocumentSymbol {
  return {
    // The protocol forbids an empty name.
    name: name === '' ? '(unnamed)' : name,
    kind: symbolKinds[kind],
    range: rangeOf(lines, span),
    selectionRange: rangeOf(lines, nameSpan),
    children: children.map((child) => toSymbol(lines, child)),
    ...(detail !== undefined && { detail }),
  }
}
