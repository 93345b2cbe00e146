import type { Call, Expression } from '../../language/expression.ts'

/** Returns an expression and all expressions in it, in the order of its text. */
export function expressionsIn(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'call':
      return [expression, ...expression.args.flatMap(expressionsIn)]
    case 'list':
      return [expression, ...expression.items.flatMap(expressionsIn)]
    case 'record':
      return [expression, ...expression.fields.flatMap(([, value]) => expressionsIn(value))]
    case 'literal':
    case 'seed':
    case 'reference':
      return [expression]
  }
}

/** Returns the functions that a call and the calls in it refer to, without those of TensorFlow.js. */
export function calledNames(made: Call): string[] {
  return expressionsIn(made).flatMap((part) =>
    part.kind === 'call' && !part.callee.startsWith('tf.') ? [part.callee] : [],
  )
}
