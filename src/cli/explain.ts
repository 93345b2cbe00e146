/** Implements `shapewright explain`: explains a diagnostic with a wrong and a correct spec. */
import { fileURLToPath } from 'node:url'
import { KnownError } from '../system/knownError.ts'
import { checkText } from '../analyze.ts'
import { nodeHost } from '../system/nodeHost.ts'
import { allCodes, isDiagnosticCode, type DiagnosticCode } from '../diagnostics/codes.ts'
import { summaryOf } from '../diagnostics/summaries.ts'
import { didYouMean } from '../diagnostics/didYouMean.ts'
import { diagnosticPages } from '../diagnostics/generated/pages.js'
import { renderPretty, type Palette } from '../diagnostics/renderPretty.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { packageFolder } from './packageFolder.ts'
import { paletteFor } from './palette.ts'
import { alignColumns } from '../report/alignColumns.ts'

export async function explainCommand(code: string | undefined): Promise<number> {
  process.stdout.write(await explanationOf(code, paletteFor(process.stdout)))
  return exitCodes.fine
}

/**
 * Returns the explanation of a code; without one, the list of all codes.
 *
 * @throws KnownError if there is no such code.
 */
export async function explanationOf(code: string | undefined, palette: Palette): Promise<string> {
  return code === undefined ? listCodes() : await explain(codeOf(code), palette)
}

function listCodes(): string {
  return `${alignColumns(allCodes.map((code) => [code, summaryOf(code)])).join('\n')}\n`
}

function codeOf(code: string): DiagnosticCode {
  if (isDiagnosticCode(code)) return code
  const meant = didYouMean(code, allCodes)
  throw new KnownError(
    'usage',
    `there is no diagnostic ${code}`,
    meant === undefined ? 'run `shapewright explain` to list all' : `did you mean ${meant}?`,
  )
}

async function explain(code: DiagnosticCode, palette: Palette): Promise<string> {
  const { why, wrong, right, help } = diagnosticPages[code]
  // Example data are in the package, so paths are relative to its folder.
  const analysis = checkText(wrong, fileURLToPath(new URL('wrong.yaml', packageFolder())), {
    host: nodeHost,
    trials: true,
  })
  const { checkForCode } = await import('../tasks/checkForCode.ts')
  const checked = await checkForCode(code, analysis)
  const found = checked.diagnostics.filter((one) => one.code === code)
  const parts = [
    `${palette.bold(code)}\n${summaryOf(code)} ${why}\n`,
    `${palette.bold('Wrong:')}\n${indent(wrong)}`,
    renderPretty(found.slice(0, 1), wrong, 'wrong.yaml', palette),
    `${palette.bold('Right:')}\n${indent(right)}`,
    ...(help === undefined ? [] : [`${help}\n`]),
  ]
  return parts.join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ')
}
