/** A spec that a command can go on with: checked, its diagnostics printed to stderr. */
import { checkText, type Analysis } from '../compile.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { paletteFor } from './palette.ts'
import { readSpecFile } from './specFiles.ts'

/** The analysis, or undefined if the spec has errors. */
export function checkedSpec(path: string, quiet = false): Analysis | undefined {
  const analysis = checkText(readSpecFile(path), path)
  const { diagnostics, source } = analysis
  const shown = diagnostics.filter(({ severity }) => severity === 'error' || (!quiet && severity === 'warning'))
  if (shown.length > 0) process.stderr.write(`${renderPretty(shown, source.text, path, paletteFor(process.stderr))}\n`)
  return hasErrors(diagnostics) ? undefined : analysis
}
