/** Implements `shapewright expand`: prints the plain spec that a composed one stands for. */
import { checkText } from '../analyze.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
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
  const { source, diagnostics } = checkText(readSpecFile(path), path, { host: nodeHost, settings: set, trial })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  // The plain spec is printed in spite of mistakes that it has too, such as shapes that do not fit.
  const isKnown = source.unknown.length === 0 || (source.completeness === 'abstract' && lacksOnlySections(source))
  if (isKnown && !diagnostics.some(isOfText)) process.stdout.write(printExpanded(source))
  else if (errors.length === 0) {
    const help = 'expand a spec that extends it, or define them in its `vars`'
    throw new KnownError('usage', `${path} is abstract, and refers to variables that it does not define`, help)
  }
  if (errors.length === 0) return exitCodes.fine
  process.stderr.write(`${renderPretty(errors, source.text, path, paletteFor(process.stderr), source.otherTexts)}\n`)
  return exitCodes.problems
}

/** Whether all that is unknown of an abstract spec are sections that it does not have. */
function lacksOnlySections({ unknown }: SourceDocument): boolean {
  return unknown.every((path) => path.length === 1 && ['layers', 'name'].includes(String(path[0])))
}

function isOfText({ code }: Diagnostic): boolean {
  return code.startsWith('source/') || code.startsWith('compose/')
}
