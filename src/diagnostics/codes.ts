/** Facts about diagnostic codes. Each is stated once, in the Markdown page of its code; `npm run generate` builds the table from these pages. */
import { diagnosticCodes } from './generated/codes.ts'

/** The closed set of codes, `phase/what-is-wrong`. */
export type DiagnosticCode = keyof typeof diagnosticCodes

export type Severity = 'error' | 'warning' | 'hint'

/** The facts of a code, from the front matter of its page. */
export interface CodeFacts {
  /** The usual severity first; a few codes have a lower one in milder cases. */
  readonly severities: readonly [Severity, ...Severity[]]
  /** `samples`: found only by `check --data`, which reads every sample; `target`: only by `check --target`. */
  readonly foundIn?: 'samples' | 'target'
  /** `command`: whether it is reported depends on the command and not on the spec, so an entry in `ignore` is never reported as needless. */
  readonly dependsOn?: 'command'
  /** `false` for a warning or a hint that `ignore` cannot silence. */
  readonly ignorable?: false
}

const table: Readonly<Record<DiagnosticCode, CodeFacts>> = diagnosticCodes

export const allCodes = Object.keys(table) as readonly DiagnosticCode[]

export function factsOf(code: DiagnosticCode): CodeFacts {
  return table[code]
}

export function severityOf(code: DiagnosticCode): Severity {
  return table[code].severities[0]
}

/** Whether a spec may silence the code with `ignore`. Errors cannot be silenced. */
export function isIgnorable(code: DiagnosticCode): boolean {
  return severityOf(code) !== 'error' && table[code].ignorable !== false
}

export function isFoundInSamples(code: DiagnosticCode): boolean {
  return table[code].foundIn === 'samples'
}

export function isDiagnosticCode(word: string): word is DiagnosticCode {
  return Object.hasOwn(table, word)
}
