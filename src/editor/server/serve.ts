/** The language server: connects the language service to an editor by the Language Server Protocol. */
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import {
  CodeActionKind,
  InlayHintKind,
  MarkupKind,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  LSPErrorCodes,
  type Connection,
  type InitializeResult,
  type Position,
  type Range,
  type TextDocumentPositionParams,
} from 'vscode-languageserver/node.js'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Span } from '../../diagnostics/diagnostic.ts'
import { codeActionsAt } from '../codeActions.ts'
import { completionsAt } from '../completion.ts'
import { definitionAt, referencesAt, renamableAt, renameAt } from '../definitions.ts'
import { documentLinks } from '../fileLinks.ts'
import { hoverAt } from '../hover.ts'
import { inlayHints } from '../inlayHints.ts'
import type { SpecDocument } from '../specDocument.ts'
import { editsBetween } from '../textChanges.ts'
import { codeLenses, outlineOf, semanticTokens } from '../symbols.ts'
import { OpenFiles, pathOf } from './openFiles.ts'
import {
  positionOf,
  rangeOf,
  toCodeAction,
  toCompletionItem,
  toDiagnostic,
  toEdit,
  toLocation,
  toSymbol,
} from './protocol.ts'

const tokenTypes = ['variable', 'function'] as const

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: ['$', '-', ' ', '{', ',', '[', '/'] },
  hoverProvider: true,
  inlayHintProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  documentLinkProvider: {},
  documentFormattingProvider: true,
  codeLensProvider: {},
  codeActionProvider: {
    codeActionKinds: [
      CodeActionKind.QuickFix,
      CodeActionKind.Refactor,
      CodeActionKind.RefactorExtract,
      CodeActionKind.RefactorInline,
      `${CodeActionKind.SourceFixAll}.shapewright`,
    ],
  },
  semanticTokensProvider: { legend: { tokenTypes: [...tokenTypes], tokenModifiers: [] }, full: true },
}

/** Answers an editor until the connection ends. */
export function serve(connection: Connection, version: string): void {
  const texts = new TextDocuments(TextDocument)
  const files = new OpenFiles(texts)
  connection.onInitialize(() => ({ capabilities, serverInfo: { name: 'shapewright', version } }))
  publishDiagnostics(connection, texts, files)
  answerAtCursor(connection, files)
  answerAboutSpecs(connection, files)
  texts.listen(connection)
  connection.listen()
}

/** Reports the mistakes of an open spec when it, or a file that it may extend, has changed. A burst of changes is one check. */
function publishDiagnostics(connection: Connection, texts: TextDocuments<TextDocument>, files: OpenFiles): void {
  const waiting = new Set<string>()
  const publish = () => {
    for (const uri of waiting) {
      const document = files.specAt(uri)
      const diagnostics = document?.analysis.diagnostics.map((one) => toDiagnostic(document, uri, one)) ?? []
      const version = texts.get(uri)?.version
      void connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) })
    }
    waiting.clear()
  }
  texts.onDidChangeContent(({ document: { uri } }) => {
    if (waiting.size === 0) setImmediate(publish)
    for (const changed of [uri, ...files.forgetDependents(uri)]) waiting.add(changed)
  })
  texts.onDidClose(({ document: { uri } }) => {
    files.close(uri)
    void connection.sendDiagnostics({ uri, diagnostics: [] })
  })
}

/** Answers what is asked about the place of the cursor. */
function answerAtCursor(connection: Connection, files: OpenFiles): void {
  /** Calls `answer` with the spec and the offset of a request; other files have no answer. */
  const at = <Answer>(
    { textDocument: { uri }, position }: TextDocumentPositionParams,
    answer: (document: SpecDocument, offset: number, uri: string) => Answer,
  ) => answerFor(files, uri, (document) => answer(document, offsetOf(document, position), uri))
  connection.onCompletion((params) =>
    at(params, (document, offset) =>
      completionsAt(document, offset).map((item, index) => toCompletionItem(document, item, index)),
    ),
  )
  connection.onHover((params) =>
    at(params, (document, offset) => {
      const hover = hoverAt(document, offset)
      if (hover === undefined) return null
      return {
        contents: { kind: MarkupKind.Markdown, value: hover.markdown },
        range: rangeOf(document.lines, hover.span),
      }
    }),
  )
  connection.onDefinition((params) =>
    at(params, (document, offset, uri) => {
      const span = definitionAt(document, offset)
      return span === undefined ? null : toLocation(document, uri, span)
    }),
  )
  connection.onReferences((params) =>
    at(params, (document, offset, uri) =>
      referencesAt(document, offset, params.context.includeDeclaration).map((span) => ({
        uri,
        range: rangeOf(document.lines, span),
      })),
    ),
  )
  connection.onPrepareRename((params) =>
    at(params, (document, offset) => {
      const span = renamableAt(document, offset)
      return span === undefined ? null : rangeOf(document.lines, span)
    }),
  )
  connection.onRenameRequest((params) =>
    at(params, (document, offset, uri) => {
      const edits = renameAt(document, offset, params.newName)
      if (typeof edits === 'string') return new ResponseError<void>(LSPErrorCodes.RequestFailed, edits)
      return { changes: { [uri]: edits.map((edit) => toEdit(document.lines, edit)) } }
    }),
  )
}

/** Answers what is asked about a whole spec or a range of its lines. */
function answerAboutSpecs(connection: Connection, files: OpenFiles): void {
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    answerFor(files, uri, (document) => outlineOf(document).map((entry) => toSymbol(document.lines, entry))),
  )
  connection.onCodeAction(({ textDocument: { uri }, range, context: { only } }) =>
    answerFor(files, uri, (document) => {
      const isWanted = (kind: string) =>
        only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`))
      return codeActionsAt(document, spanOf(document, range))
        .map((action) => toCodeAction(document, uri, action))
        .filter(({ kind }) => isWanted(kind ?? ''))
    }),
  )
  connection.onCodeLens(({ textDocument: { uri } }) =>
    answerFor(files, uri, (document) =>
      codeLenses(document).map(({ span, title, command = '' }) => ({
        range: rangeOf(document.lines, span),
        // An editor that has the command runs it with the file; the title of the cost does nothing.
        command: { title, command: command === '' ? '' : `shapewright.${command}`, arguments: [pathOf(uri)] },
      })),
    ),
  )
  connection.onDocumentLinks(({ textDocument: { uri } }) =>
    answerFor(files, uri, (document) =>
      documentLinks(document).map(({ span, file }) => {
        return { range: rangeOf(document.lines, span), target: pathToFileURL(resolve(file)).href }
      }),
    ),
  )
  connection.onDocumentFormatting(({ textDocument: { uri } }) => answerFor(files, uri, formatSpec))
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
    answerFor(files, uri, (document) =>
      inlayHints(document, spanOf(document, range)).map((hint) => ({
        position: positionOf(document.lines, hint.offset),
        label: hint.label,
        kind: hint.kind === 'value' ? InlayHintKind.Parameter : InlayHintKind.Type,
        paddingLeft: true,
      })),
    ),
  )
  connection.languages.semanticTokens.on(({ textDocument: { uri } }) => ({
    data: answerFor(files, uri, encodeTokens) ?? [],
  }))
}

/** Answers about the spec in a file. Other files have no answer. */
function answerFor<Answer>(files: OpenFiles, uri: string, answer: (document: SpecDocument) => Answer): Answer | null {
  const document = files.specAt(uri)
  return document === undefined ? null : answer(document)
}

function spanOf(document: SpecDocument, { start, end }: Range): Span {
  return { start: offsetOf(document, start), end: offsetOf(document, end) }
}

function offsetOf({ lines }: SpecDocument, { line, character }: Position): number {
  return lines.offset(line + 1, character + 1)
}

/** Formats a spec as Prettier does, with lines of at most 120 columns. A text with syntax errors stays as it is. */
async function formatSpec({ text, lines, analysis }: SpecDocument) {
  if (analysis.source.written.value === null) return []
  const [{ format }, { default: yaml }] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/yaml'),
  ])
  const newText = await format(text, { parser: 'yaml', plugins: [yaml], printWidth: 120 })
  return editsBetween(text, newText).map((edit) => toEdit(lines, edit))
}

/** Encodes tokens as the protocol wants them: each by its distance from the one before. */
function encodeTokens(document: SpecDocument): number[] {
  let [line, column] = [0, 0]
  return semanticTokens(document).flatMap(({ span, type }) => {
    const { start } = rangeOf(document.lines, span)
    const data = [start.line - line, start.line === line ? start.character - column : start.character]
    ;[line, column] = [start.line, start.character]
    return [...data, span.end - span.start, tokenTypes.indexOf(type), 0]
  })
}
