/** Diagnostics of the text itself. */
import { severityOf, type DiagnosticCode } from './codes.ts'
import type { Diagnostic } from './diagnostic.ts'

/** Creates a diagnostic for a mistake in the text, where no document exists yet that could give it a path. */
export function sourceProblem(code: DiagnosticCode, message: string, pos: readonly [number, number]): Diagnostic {
  const span = { start: pos[0], end: Math.max(pos[0] + 1, pos[1]) }
  return { code, severity: severityOf(code), message, path: [], span, related: [], fixes: [] }
}
