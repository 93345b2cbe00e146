/** What the steps of graph resolution share: the spec, its text, and the list of what they find. */
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import { reportAt, type ReportOptions } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../spec/spec.ts'

export class GraphContext {
  readonly diagnostics: Diagnostic[] = []
  readonly spec: Spec
  readonly source: SourceDocument

  constructor(spec: Spec, source: SourceDocument) {
    this.spec = spec
    this.source = source
  }

  report(code: DiagnosticCode, path: Path, message: string, options: ReportOptions): void {
    this.diagnostics.push(reportAt(this.source, code, path, message, options))
  }
}
