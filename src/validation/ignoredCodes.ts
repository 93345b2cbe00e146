/** Applies `ignore: [meaning/redundant-bias]`, the warnings and hints that a spec suppresses. */
import { factsOf, type DiagnosticCode } from '../diagnostics/codes.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { removeEntry } from '../source/edits.ts'
import { reportAt } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'

/**
 * Removes ignored diagnostics, and adds a hint for each entry that suppresses nothing.
 *
 * @param isCheckedFor Whether the checks that report a code ran. Only then can its entry be needless.
 */
export function silenceIgnored(
  diagnostics: readonly Diagnostic[],
  ignored: readonly DiagnosticCode[],
  source: SourceDocument,
  isCheckedFor: (code: DiagnosticCode) => boolean,
): readonly Diagnostic[] {
  if (ignored.length === 0) return diagnostics
  const kept = diagnostics.filter(({ code, severity }) => severity === 'error' || !ignored.includes(code))
  // With errors present some checks did not run, so an unused `ignore` entry may still be needed.
  if (hasErrors(diagnostics)) return kept
  const found = new Set<DiagnosticCode>(diagnostics.map(({ code }) => code))
  return [
    ...kept,
    ...ignored.flatMap((code, index) => {
      if (!isCheckedFor(code) || factsOf(code).dependsOn === 'command') return []
      if (found.has(code) && ignored.indexOf(code) === index) return []
      const rest = ignored.filter((_code, other) => other !== index)
      const edits =
        rest.length === 0
          ? removeEntry(source, ['ignore'])
          : [{ span: source.locateValue(['ignore']), newText: `[${rest.join(', ')}]` }]
      const message = found.has(code) ? `\`${code}\` is listed twice` : `\`${code}\` does not occur in this spec`
      return reportAt(source, 'meaning/needless-ignore', ['ignore', index], message, {
        help: 'remove it, or it may hide a later mistake',
        fixes: edits ? [{ kind: 'rewrite', title: `remove \`${code}\``, edits }] : [],
      })
    }),
  ]
}
