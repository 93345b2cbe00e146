/** The pages of all codes, for `explain` and the documentation; `check` never loads them. Written by `npm run generate` from the Markdown pages. */
import type { DiagnosticCode } from '../codes.ts'

export interface DiagnosticPage {
  /** Why it is a mistake, and what would come of it. */
  readonly why: string
  /** A spec that gives the diagnostic, and no other one. */
  readonly wrong: string
  /** The same spec as it should be. */
  readonly right: string
  /** What else helps to fix it. */
  readonly help?: string
}

export declare const diagnosticPages: Readonly<Record<DiagnosticCode, DiagnosticPage>>
