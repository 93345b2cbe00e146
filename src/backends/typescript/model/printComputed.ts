/** Prints the expressions of a spec as TypeScript: `$(depth - 1)` as `depth - 1`, where `depth` is a parameter or a counter. */
import { evaluate } from '../../../compose/expressions/evaluate.ts'
import { ExpressionProblem } from '../../../compose/expressions/problem.ts'
import { readExpression, type Expression } from '../../../compose/expressions/readExpression.ts'
import { findBinding, type Scope } from '../../../compose/scope.ts'
import { express, type Expressible } from '../../../language/expression.ts'
import { withCommas } from '../../../source/splitTexts.ts'
import { printExpression } from '../printExpression.ts'
import { areEqual, Differs, onlyOne, type Atom, type Context } from './context.ts'

/** Where the value of each instance was written. */
export interface Written {
  /** The options around the value. */
  readonly options: Readonly<Record<string, unknown>>
  /** The names that the options can refer to, in each instance. */
  readonly scopes: readonly Scope[]
}

/**
 * Returns the code of a value, which is `values[k]` in instance `k`: a constant, an expression of the spec, or a parameter.
 *
 * @throws Differs
 */
export function printValue(
  context: Context,
  values: readonly unknown[],
  { options, scopes }: Written,
  key: string,
): string {
  const same = onlyOne(values)
  if (same !== undefined) return printConstant(same)
  const own = Object.hasOwn(options, key) ? referencesIn(options[key]) : []
  for (const text of [...own, ...referencesIn(options)]) {
    const code = printReference(context, text, scopes, values)
    if (code !== undefined) return code
  }
  const atom = atomOf(context, values, key)
  if (atom === undefined) throw new Differs()
  atom.use.count += 1
  return atom.code
}

/** Returns the code of a reference whose value is `values[k]` in instance `k`, or undefined if it has other values. */
export function printReference(
  context: Context,
  text: string,
  scopes: readonly Scope[],
  values: readonly unknown[],
): string | undefined {
  const printer = new Printer(context, scopes)
  const expression = text.startsWith('$(') ? text.slice(2, -1) : text.slice(1)
  try {
    const read = readExpression(withCommas(expression))
    if (!areEqual(printer.valuesOf(read), values)) return undefined
    const { code } = printer.print(read)
    for (const { use } of printer.used) use.count += 1
    return code
  } catch (error) {
    if (error instanceof ExpressionProblem || error instanceof Differs) return undefined
    throw error
  }
}

/** The references and expressions in a value. */
function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^\$[^$]/.test(value) ? [value] : []
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(referencesIn)
}

export function printConstant(value: unknown): string {
  return printExpression(express(value as Expressible))
}

/** The parameter or counter with certain values; of several, the one with the name. */
function atomOf({ atoms }: Context, values: readonly unknown[], name: string): Atom | undefined {
  const equal = atoms.filter((atom) => areEqual(atom.values, values))
  return equal.find(({ spoken }) => spoken === name) ?? equal[0]
}

interface Printed {
  readonly code: string
  /** How tightly its operator binds: see `Level`. */
  readonly level: number
}

/** The precedence of operators in TypeScript. */
const Level = { choice: 1, or: 2, and: 3, equality: 4, comparison: 5, sum: 6, product: 7, sign: 8, power: 9, atom: 10 }

class Printer {
  readonly used: Atom[] = []
  private readonly context: Context
  private readonly scopes: readonly Scope[]

  constructor(context: Context, scopes: readonly Scope[]) {
    this.context = context
    this.scopes = scopes
  }

  valuesOf(one: Expression): unknown[] {
    // A name may have a value with which expressions cannot compute, such as a list.
    if (one.kind === 'name') return this.scopes.map((scope) => findBinding(scope, one.name)?.resolve().value)
    return this.scopes.map((scope) => evaluate(one, (name) => findBinding(scope, name)?.resolve().value))
  }

  print(one: Expression): Printed {
    const values = this.valuesOf(one)
    const same = onlyOne(values)
    if (same !== undefined) return { code: printConstant(same), level: Number(same) < 0 ? Level.sign : Level.atom }
    switch (one.kind) {
      case 'literal':
        throw new Differs()
      case 'name': {
        const atom = atomOf(this.context, values, one.name)
        if (atom === undefined) throw new Differs()
        this.used.push(atom)
        return { code: atom.code, level: Level.atom }
      }
      case 'sign':
        return {
          code: `${one.operator === '-' ? '-' : ''}${this.operand(one.operand, Level.power)}`,
          level: Level.sign,
        }
      case 'not':
        return { code: `!${this.operand(one.operand, Level.power)}`, level: Level.sign }
      case 'logic': {
        const [operator, level] = one.operator === 'or' ? ['||', Level.or] : ['&&', Level.and]
        return { code: one.operands.map((operand) => this.operand(operand, level + 1)).join(` ${operator} `), level }
      }
      case 'choice': {
        const [condition, chosen] = [one.condition, one.chosen].map((part) => this.operand(part, Level.or))
        return { code: `${condition} ? ${chosen} : ${this.operand(one.otherwise, Level.choice)}`, level: Level.choice }
      }
      case 'compare':
        return this.compare(one)
      case 'chain':
        return this.chain(one)
      case 'call':
        if (one.name === 'round') throw new Differs()
        return {
          code: `Math.${one.name}(${one.values.map((value) => this.print(value).code).join(', ')})`,
          level: Level.atom,
        }
    }
  }

  private operand(one: Expression, least: number): string {
    const { code, level } = this.print(one)
    return level < least ? `(${code})` : code
  }

  private compare({ operator, left, right }: Expression & { kind: 'compare' }): Printed {
    const isEquality = operator === '==' || operator === '!='
    const level = isEquality ? Level.equality : Level.comparison
    // The compiler refuses to compare a parameter with a text that it never has.
    const [texts, others] = [new Set(this.valuesOf(left)), this.valuesOf(right)]
    if (typeof others[0] === 'string' && others.every((text) => !texts.has(text))) throw new Differs()
    const written = isEquality ? `${operator}=` : operator
    return { code: `${this.operand(left, level + 1)} ${written} ${this.operand(right, level + 1)}`, level }
  }

  private chain(one: Expression & { kind: 'chain' }): Printed {
    let printed = this.print(one.first)
    for (const [place, { operator, operand }] of one.rest.entries()) {
      const level = operator === '**' ? Level.power : '+-'.includes(operator) ? Level.sum : Level.product
      // `-a ** b` is an error in TypeScript.
      const leftLevel = operator === '**' ? Level.atom : level
      const left = printed.level < leftLevel ? `(${printed.code})` : printed.code
      const right = this.operand(operand, operator === '**' ? Level.sign : level + 1)
      if (operator === '%') this.checkRemainder({ ...one, rest: one.rest.slice(0, place) }, operand)
      if (operator === '//') printed = { code: `Math.floor(${left} / ${right})`, level: Level.atom }
      else printed = { code: `${left} ${operator} ${right}`, level }
    }
    return printed
  }

  /** The remainder of TypeScript is that of specs for whole numbers that are not negative. */
  private checkRemainder(left: Expression, right: Expression): void {
    const isPlain = (value: unknown) => Number.isInteger(value) && (value as number) >= 0
    if (![...this.valuesOf(left), ...this.valuesOf(right)].every(isPlain)) throw new Differs()
  }
}
