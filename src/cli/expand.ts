/** Implements `shapewright expand`: prints the plain spec that a composed one stands for. */
import { checkText, type Analysis } from '../analyze.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { printExpanded } from '../compose/expandedSpec.ts'
import { exitCodes } from '../system/exitCodes.ts'
import type { SourceDocument } from '../source/source.ts'
import { KnownError } from '../system/knownError.ts'
import { nodeHost } from '../system/nodeHost.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import type { expand } from './commands/expand.ts'
import { paletteFor } from './palette.ts'
import { readSpecFile } from './specFiles.ts'

export function expandCommand(path: string, { set, trial }: OptionsOf<typeof expand>): number {
  const analysis = checkText(readSpecFile(path), path, { host: nodeHost, settings: set, trial })
  const expanded = expandedText(analysis)
  if (expanded !== undefined) process.stdout.write(expanded)
  const { source, diagnostics } = analysis
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return exitCodes.fine
  process.stderr.write(`${renderPretty(errors, source.text, path, paletteFor(process.stderr), source.otherTexts)}\n`)
  return exitCodes.problems
}

/**
 * Returns the plain spec, in spite of mistakes that it has too, such as shapes that do not fit. Returns undefined if it does
 * not have them, or mistakes of the text or of its composition leave it unknown.
 *
 * @throws KnownError if the spec is abstract, and its variables are not defined.
 */
export function expandedText({ source, diagnostics }: Analysis): string | undefined {
  const isKnown = source.unknown.length === 0 || (source.completeness === 'abstract' && lacksOnlySections(source))
  const plain = isKnown && !diagnostics.some(isOfText) ? printExpanded(source) : undefined
  if (plain !== undefined && hasAll(plain, source.file, diagnostics)) return plain
  if (hasErrors(diagnostics)) return undefined
  const help = 'expand a spec that extends it, or define them in its `vars`'
  throw new KnownError('usage', `${source.file} is abstract, and refers to variables that it does not define`, help)
}

/** Whether the plain spec has mistakes too, such as shapes that do not fit. It lacks those of calls, and of blocks that nothing calls. */
function hasAll(plain: string, file: string, diagnostics: readonly Diagnostic[]): boolean {
  if (!hasErrors(diagnostics)) return true
  const codes = new Set(checkText(plain, file, { host: nodeHost }).diagnostics.map(({ code }) => code))
  return diagnostics.every(({ code, severity }) => severity !== 'error' || codes.has(code))
}

/** Whether all that is unknown of an abstract spec are sections that it does not have. */
function lacksOnlySections({ unknown }: SourceDocument): boolean {
  return unknown.every((path) => path.length === 1 && ['layers', 'name'].includes(String(path[0])))
}

function isOfText({ code }: Diagnostic): boolean {
  return code.startsWith('source/') || code.startsWith('compose/')
}
