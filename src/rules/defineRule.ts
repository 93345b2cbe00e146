/** Defines rules: checks of a network whose parts are each valid. The file of a rule is named after its subject, with the pages of its codes beside it. */
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import { reportAt, type ReportOptions } from '../source/report.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

/** A mistake that a rule found. It has the severity of its code, unless it states another. */
export interface Finding extends ReportOptions {
  /** The code; by default the first code of the rule. */
  readonly code?: DiagnosticCode
  readonly path: Path
  readonly message: string
}

export interface Rule {
  readonly codes: readonly DiagnosticCode[]
  check(network: CheckedNetwork): readonly Diagnostic[]
}

interface RuleDef {
  readonly codes: readonly [DiagnosticCode, ...DiagnosticCode[]]
  check(network: CheckedNetwork): readonly Finding[]
}

export function defineRule({ codes, check }: RuleDef): Rule {
  return {
    codes,
    check: (network) =>
      check(network).map(({ code = codes[0], path, message, ...options }) =>
        reportAt(network.source, code, path, message, options),
      ),
  }
}
