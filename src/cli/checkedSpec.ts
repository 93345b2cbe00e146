/** A spec that a command can go on with: checked, its diagnostics printed to stderr. */
import { checkText, type Analysis } from '../analyze.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { nodeHost } from '../system/nodeHost.ts'
import { paletteFor } from './palette.ts'
import { readSpecFile } from './specFiles.ts'

export interface CheckedSpecOptions {
  /** Whether warnings are not printed. */
  readonly quiet?: boolean | undefined
  /** Where the dataset is, in place of what the spec says. */
  readonly data?: string | undefined
  /** The file that a copied spec was written as, in whose folder its paths begin. */
  readonly file?: string | undefined
  /** What stands in it, where that is read already. */
  readonly text?: string | undefined
}

/** The analysis, or undefined if the spec has errors. Other than by `check`, tables are read to their end. */
export function checkedSpec(path: string, options: CheckedSpecOptions = {}): Analysis | undefined {
  const { quiet, data, file = path, text = readSpecFile(path) } = options
  const analysis = checkText(text, file, { host: nodeHost, data, isWhole: true })
  const { diagnostics, source } = analysis
  const shown = diagnostics.filter(({ severity }) => severity === 'error' || (quiet !== true && severity === 'warning'))
  if (shown.length > 0) process.stderr.write(`${renderPretty(shown, source.text, path, paletteFor(process.stderr))}\n`)
  return hasErrors(diagnostics) ? undefined : analysis
}
