/** A page on a diagnostic: what `explain` prints and docs/diagnostics holds. What it means in a sentence stands in codes.ts. */
import type { DiagnosticCode } from '../codes.ts'

export interface DiagnosticPage {
  /** Why it is a mistake: what would come of it. */
  readonly why: string
  /** A spec that gives the diagnostic, and none before it. */
  readonly wrong: string
  /** The same spec as it should be. */
  readonly right: string
  /** What else to know when mending it. */
  readonly help?: string
}

type Phase<C extends string> = C extends `${infer P}/${string}` ? P : never

/** The pages of the codes of one phase: each has one. */
export type PagesOf<P extends Phase<DiagnosticCode>> = Readonly<
  Record<Extract<DiagnosticCode, `${P}/${string}`>, DiagnosticPage>
>

/** The text of a spec, without the indentation that it has in its source. */
export function spec({ raw }: TemplateStringsArray): string {
  const lines = raw.join('').replace(/^\n/, '').trimEnd().split('\n')
  const margins = lines.flatMap((line) => (line.trim() === '' ? [] : [/^ */.exec(line)![0].length]))
  return `${lines.map((line) => line.slice(Math.min(...margins))).join('\n')}\n`
}
