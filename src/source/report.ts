/** Creates a diagnostic at a path of a document. */
import { severityOf, type DiagnosticCode } from '../diagnostics/codes.ts'
import {
  settingsFile,
  type Diagnostic,
  type Evidence,
  type Fix,
  type Path,
  type RelatedPlace,
  type Severity,
  type Span,
} from '../diagnostics/diagnostic.ts'
import type { SourceDocument } from './source.ts'

export interface ReportOptions {
  /** If it is not the usual severity of the code. */
  readonly severity?: Severity | undefined
  readonly help?: string
  readonly related?: readonly RelatedPlace[]
  readonly evidence?: Evidence | undefined
  readonly fixes?: readonly Fix[]
  /** Points at the key that holds the value instead of at the value. */
  readonly atKey?: boolean
}

export function reportAt(
  source: SourceDocument,
  code: DiagnosticCode,
  path: Path,
  message: string,
  options: ReportOptions = {},
): Diagnostic {
  const span = options.atKey ? source.locateKey(path) : source.locateValue(path)
  const { severity = severityOf(code), related = [], fixes = [], help, evidence } = options
  const uses = source.usesOf(path)
  return {
    code,
    severity,
    message,
    path,
    span,
    related: withoutRepeats(related),
    fixes: fixes.filter(({ edits }) => edits.every((edit) => isEditable(edit.span, span))),
    ...(evidence && { evidence }),
    ...(help !== undefined && { help }),
    ...(uses && { uses }),
  }
}

function withoutRepeats(related: readonly RelatedPlace[]): readonly RelatedPlace[] {
  return [...new Map(related.map((place) => [JSON.stringify(place), place])).values()]
}

/** Points at a value, or at the key of another if the spec leaves the value to its default. */
export function placeOrKey(
  source: SourceDocument,
  path: Path,
  other: Path,
): { readonly path: Path; readonly atKey: boolean } {
  return source.pairAt(path) === undefined ? { path: other, atKey: true } : { path, atKey: false }
}

/** Whether a fix may edit a place: not the command line, and a mistake in a parent is not hidden by an edit of the spec. */
function isEditable({ file }: Span, mistake: Span): boolean {
  return file !== settingsFile && (mistake.file === undefined || file === mistake.file)
}
