/** Evaluates the expressions of a program. */
import type { Expression } from '../../language/expression.ts'

/** The values of the variables that expressions refer to. */
export interface ExpressionScope {
  readonly seed: number
  readonly folder?: string | undefined
  readonly learningRate?: number
}

/** The function that a call names. */
export type ResolveCallee = (name: string) => (...args: unknown[]) => unknown

export function evaluateExpression(expression: Expression, scope: ExpressionScope, resolve: ResolveCallee): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'list':
      return expression.items.map((item) => evaluateExpression(item, scope, resolve))
    case 'record':
      return Object.fromEntries(
        expression.fields.map(([key, value]) => [key, evaluateExpression(value, scope, resolve)]),
      )
    case 'seed':
      return scope.seed + expression.offset
    case 'reference':
      return scope[expression.name as keyof ExpressionScope]
    case 'call': {
      const callee = resolve(expression.callee)
      return callee(...expression.args.map((arg) => evaluateExpression(arg, scope, resolve)))
    }
  }
}
