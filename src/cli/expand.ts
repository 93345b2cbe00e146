/** Implements `shapewright expand`: prints the plain spec that a composed one stands for. */
import { checkText } from '../analyze.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { printExpanded } from '../compose/expandedSpec.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { nodeHost } from '../system/nodeHost.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import type { expand } from './commands/expand.ts'
import { paletteFor } from './palette.ts'
import { readSpecFile } from './specFiles.ts'

export function expandCommand(path: string, { set, trial }: OptionsOf<typeof expand>): number {
  const { source, diagnostics } = checkText(readSpecFile(path), path, { host: nodeHost, settings: set, trial })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  // The plain spec is printed in spite of mistakes that it has too, such as shapes that do not fit.
  if (source.unknown.length === 0 && !diagnostics.some(isOfText)) process.stdout.write(printExpanded(source))
  if (errors.length === 0) return exitCodes.fine
  process.stderr.write(`${renderPretty(errors, source.text, path, paletteFor(process.stderr), source.otherTexts)}\n`)
  return exitCodes.problems
}

function isOfText({ code }: Diagnostic): boolean {
  return code.startsWith('source/') || code.startsWith('compose/')
}
