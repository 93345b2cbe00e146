/** Evaluates expressions. Arithmetic takes numbers, `and`, `or`, `not` and `if` take booleans, and strings can only be compared for equality. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { kindName, showValue } from '../../diagnostics/schemaMessages.ts'
import { functionOf } from './functions.ts'
import { ExpressionProblem } from './problem.ts'
import type { Expression } from './readExpression.ts'

/** The value of an expression with a mistake that was reported. What depends on it is unknown too, and is not reported again. */
export const unknown = Symbol('unknown')

/** Returns the value of a name, which may be anything that a spec contains, or `unknown`. */
export type LookUp = (name: string, place: { readonly start: number; readonly end: number }) => unknown

type Value = number | string | boolean

/** Leaves an evaluation that meets an unknown value. */
class Unknown extends Error {}

/** @throws ExpressionProblem if the expression has no value. */
export function evaluate(expression: Expression, lookUp: LookUp): Value | typeof unknown {
  try {
    return new Evaluation(lookUp).valueOf(expression)
  } catch (error) {
    if (error instanceof Unknown) return unknown
    throw error
  }
}

class Evaluation {
  private readonly lookUp: LookUp

  constructor(lookUp: LookUp) {
    this.lookUp = lookUp
  }

  valueOf(one: Expression): Value {
    switch (one.kind) {
      case 'literal':
        return one.value
      case 'name':
        return this.valueOfName(one.name, one)
      case 'sign': {
        const value = this.numberOf(one.operand)
        return one.operator === '-' ? 0 - value : value
      }
      case 'not':
        return !this.booleanOf(one.operand)
      case 'logic':
        // `and` ends at the first false operand, `or` at the first true one.
        return (
          one.operands.some((operand) => this.booleanOf(operand) === (one.operator === 'or')) ===
          (one.operator === 'or')
        )
      case 'choice':
        return this.valueOf(this.booleanOf(one.condition) ? one.chosen : one.otherwise)
      case 'compare':
        return this.compare(one)
      case 'chain':
        return this.chain(one)
      case 'call':
        return this.call(one)
    }
  }

  private valueOfName(name: string, place: Expression): Value {
    const value = this.lookUp(name, place)
    if (value === unknown) throw new Unknown()
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
    const what = Array.isArray(value) ? 'a list' : value === null ? 'null' : 'a map'
    throw problemAt(place, `\`${name}\` is ${what}, with which an expression cannot compute`)
  }

  private numberOf(one: Expression): number {
    const value = this.valueOf(one)
    if (typeof value === 'number') return value
    throw problemAt(one, `this must be ${kindName('number')}, but is ${showValue(value)}`)
  }

  private booleanOf(one: Expression): boolean {
    const value = this.valueOf(one)
    if (typeof value === 'boolean') return value
    throw problemAt(one, `this must be ${kindName('boolean')}, but is ${showValue(value)}`)
  }

  private compare(one: Expression & { kind: 'compare' }): boolean {
    if (one.operator === '==' || one.operator === '!=') {
      const [left, right] = [this.valueOf(one.left), this.valueOf(one.right)]
      if (typeof left !== typeof right) {
        throw problemAt(one, `${showValue(left)} and ${showValue(right)} have different types and are never equal`)
      }
      return (left === right) === (one.operator === '==')
    }
    const [left, right] = [this.numberOf(one.left), this.numberOf(one.right)]
    if (one.operator === '<') return left < right
    if (one.operator === '<=') return left <= right
    return one.operator === '>' ? left > right : left >= right
  }

  private chain(one: Expression & { kind: 'chain' }): number {
    let value = this.numberOf(one.first)
    for (const { operator, operand } of one.rest) {
      const next = this.numberOf(operand)
      const place = { start: one.start, end: operand.end }
      if (next === 0 && (operator === '/' || operator === '//' || operator === '%')) {
        throw new ExpressionProblem('this divides by 0', place.start, place.end)
      }
      value = finite(compute(operator, value, next), place)
    }
    return value
  }

  private call(one: Expression & { kind: 'call' }): number {
    const { takesMany, compute: of } = functionOf(one.name)
    if (!takesMany && one.values.length !== 1) {
      throw problemAt(one, `\`${one.name}\` takes 1 value, but has ${countOf(one.values.length, 'value')}`)
    }
    return finite(of(...one.values.map((value) => this.numberOf(value))), one)
  }
}

function compute(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '//':
      return Math.floor(left / right)
    case '%':
      return left - right * Math.floor(left / right)
    default:
      return left ** right
  }
}

function finite(value: number, { start, end }: { start: number; end: number }): number {
  // `-0` would print as 0 and compare as -0.
  if (Number.isFinite(value)) return value + 0
  const what = Number.isNaN(value) ? 'this has no value among the real numbers' : 'this exceeds the largest number'
  throw new ExpressionProblem(what, start, end)
}

function problemAt({ start, end }: { start: number; end: number }, message: string): ExpressionProblem {
  return new ExpressionProblem(message, start, end)
}
