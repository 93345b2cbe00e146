/** The state that the steps of a composition share: the problems so far, and the limits of its size. */
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { toJsonPointer, type Span } from '../diagnostics/diagnostic.ts'
import type { ReportOptions } from '../source/report.ts'
import { readExpression, type Expression } from './expressions/readExpression.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Origin, Use, WrittenText } from './origins.ts'

/** The limits of an expanded spec: references can double its size with each line. */
const mostValues = 5_000_000

export interface Problem {
  readonly code: DiagnosticCode
  readonly place: Origin
  readonly message: string
  readonly options: ReportOptions
  /** The span of the mistake inside the value. */
  readonly span?: Span | undefined
  /** The uses of blocks and repeats that have it. */
  readonly uses: Use[]
}

export class Composition {
  readonly problems: Problem[] = []
  private readonly problemsByPlace = new Map<string, Problem>()
  private readonly source: SourceDocument | undefined
  private readonly expressions = new Map<string, Expression>()
  private values = 0
  private isFull = false

  /** @param source The spec as written; undefined if no values are expanded. */
  constructor(source?: SourceDocument) {
    this.source = source
  }

  /** The name of the spec's file. Spans in other files state theirs. */
  get file(): string {
    return this.source?.file ?? ''
  }

  /** The document of a text; undefined for the command line. */
  documentOf({ file, parent }: WrittenText): SourceDocument | undefined {
    return parent?.document ?? (file === this.file ? this.source : undefined)
  }

  /** Reports a problem. What is wrong in several uses of a block is one problem, with the message of the first. */
  report(
    code: DiagnosticCode,
    place: Origin,
    message: string,
    { span, use, ...options }: ReportOptions & { span?: Span | undefined; use?: Use | undefined } = {},
  ): void {
    const key = `${code} ${place.written.file} ${toJsonPointer(place.path)} ${span?.start}`
    const inUse = use ?? place.use
    const known = this.problemsByPlace.get(key)
    if (known !== undefined) {
      if (inUse !== undefined) known.uses.push(inUse)
      return
    }
    const problem = { code, place, message, options, span, uses: inUse === undefined ? [] : [inUse] }
    this.problemsByPlace.set(key, problem)
    this.problems.push(problem)
  }

  /** Parses an expression, once for each text. @throws ExpressionProblem */
  expressionOf(text: string): Expression {
    const known = this.expressions.get(text) ?? readExpression(text)
    this.expressions.set(text, known)
    return known
  }

  /** Counts values that a reference copies. Returns false, and reports it once, if the spec becomes too large. */
  takeValues(count: number, place: Origin): boolean {
    this.values += count
    if (this.values <= mostValues) return true
    if (!this.isFull)
      this.report('compose/too-large', place, 'the references of this spec expand to more than 5 million values')
    this.isFull = true
    return false
  }
}
