/** Checks the spec of a command and prints its diagnostics to stderr. */
import { checkText, type Analysis } from '../analyze.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { nodeHost } from '../system/nodeHost.ts'
import { paletteFor } from './palette.ts'
import { readSpecFile } from './specFiles.ts'

export interface CheckedSpecOptions {
  /** Whether warnings are omitted. */
  readonly quiet?: boolean | undefined
  /** The path of the dataset; overrides the one in the spec. */
  readonly data?: string | undefined
  /** The original path of a copied spec; paths in the spec are relative to its folder. */
  readonly file?: string | undefined
  /** The text of the spec, if it was already read. */
  readonly text?: string | undefined
  /** The values of `--set`. */
  readonly settings?: readonly string[] | undefined
  /** The trial of its sweep that is meant instead of the base. */
  readonly trial?: number | undefined
  /** Whether the network is trained already, so that the file of `weights` is not needed. */
  readonly isTrained?: boolean | undefined
  /** Called with the files that the spec extends. */
  readonly onParents?: ((files: readonly string[]) => void) | undefined
}

/** Returns the analysis, or undefined if the spec has errors. Reads tables to their end, unlike `check`. */
export function checkedSpec(path: string, options: CheckedSpecOptions = {}): Analysis | undefined {
  const { quiet, data, file = path, text = readSpecFile(path), settings, trial, isTrained } = options
  const analysis = checkText(text, file, { host: nodeHost, data, isWhole: true, settings, trial, isTrained })
  const { diagnostics, source } = analysis
  options.onParents?.(source.parents)
  const shown = diagnostics.filter(({ severity }) => severity === 'error' || (quiet !== true && severity === 'warning'))
  if (shown.length > 0) {
    const listed = renderPretty(shown, source.text, path, paletteFor(process.stderr), source.otherTexts)
    process.stderr.write(`${listed}\n`)
  }
  return hasErrors(diagnostics) ? undefined : analysis
}
