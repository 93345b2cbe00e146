/** `ignore: [meaning/redundant-bias]`: warnings and hints that a spec does not want to hear of. */
import { factsOf, type DiagnosticCode } from '../diagnostics/codes.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { removeEntry } from '../source/edits.ts'
import { reportAt } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'

/**
 * What is left to tell: without the ignored, and with a hint for each entry that silences nothing.
 *
 * @param isLookedFor Whether what gives a code was looked at: of other entries nothing can be said.
 */
export function silenceIgnored(
  diagnostics: readonly Diagnostic[],
  ignored: readonly DiagnosticCode[],
  source: SourceDocument,
  isLookedFor: (code: DiagnosticCode) => boolean,
): readonly Diagnostic[] {
  if (ignored.length === 0) return diagnostics
  const kept = diagnostics.filter(({ code, severity }) => severity === 'error' || !ignored.includes(code))
  // Behind an error not everything is looked at: what an entry is for may come yet.
  if (hasErrors(diagnostics)) return kept
  const found = new Set<DiagnosticCode>(diagnostics.map(({ code }) => code))
  return [
    ...kept,
    ...ignored.flatMap((code, index) => {
      if (!isLookedFor(code) || factsOf(code).dependsOn === 'command') return []
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
