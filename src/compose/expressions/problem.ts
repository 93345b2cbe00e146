/** A mistake in an expression, with its offsets in the text of the expression. `readExpression` and `evaluate` throw it; `evaluateText` turns it into a diagnostic. */
export class ExpressionProblem extends Error {
  readonly start: number
  readonly end: number
  readonly help: string | undefined

  constructor(message: string, start: number, end: number, help?: string) {
    super(message)
    this.start = start
    this.end = end
    this.help = help
  }
}
