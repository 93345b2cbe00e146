/** The state that the steps of graph resolution share: the spec, its text and the diagnostics so far. */
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import { reportAt, type ReportOptions } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../validation/spec.ts'

export class GraphContext {
  readonly diagnostics: Diagnostic[] = []
  readonly spec: Spec
  readonly source: SourceDocument
  /** The number of words that unknown names may still be compared with: of thousands of unknown names, only the first get suggestions. */
  #wordsLeft = 50_000

  constructor(spec: Spec, source: SourceDocument) {
    this.spec = spec
    this.source = source
  }

  /** Returns the words to compare an unknown name with, or undefined once all unknown names together have used up the limit. */
  takeWords(list: () => readonly string[]): readonly string[] | undefined {
    if (this.#wordsLeft <= 0) return undefined
    const words = list()
    this.#wordsLeft -= words.length
    return words
  }

  report(code: DiagnosticCode, path: Path, message: string, options: ReportOptions): void {
    this.diagnostics.push(reportAt(this.source, code, path, message, options))
  }
}
