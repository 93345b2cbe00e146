/** Creates a diagnostic at a path of a document. */
import { severityOf, type DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic, Evidence, Fix, Path, RelatedPlace, Severity } from '../diagnostics/diagnostic.ts'
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
    related,
    // Only the spec itself can be edited.
    fixes: fixes.filter(({ edits }) => edits.every((edit) => edit.span.file === undefined)),
    ...(evidence && { evidence }),
    ...(help !== undefined && { help }),
    ...(uses && { uses }),
  }
}
