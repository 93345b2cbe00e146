/** `shapewright explain CODE`: what a diagnostic means. */
import { diagnosticCodes, type DiagnosticCode } from '../diagnostics/codes.ts'
import { didYouMean } from '../diagnostics/didYouMean.ts'
import { exitCodes, UsageError } from './exitCodes.ts'

export function explainCommand(code: string | undefined): number {
  const codes = Object.keys(diagnosticCodes) as DiagnosticCode[]
  if (code !== undefined && !Object.hasOwn(diagnosticCodes, code)) {
    const meant = didYouMean(code, codes)
    throw new UsageError(
      `there is no diagnostic ${code}`,
      meant === undefined ? '`shapewright explain` lists them' : `did you mean ${meant}?`,
    )
  }
  const width = Math.max(...codes.map((one) => one.length))
  const shown = code === undefined ? codes : [code as DiagnosticCode]
  process.stdout.write(
    shown.map((one) => `${one.padEnd(shown.length > 1 ? width : 0)}  ${diagnosticCodes[one]}\n`).join(''),
  )
  return exitCodes.fine
}
