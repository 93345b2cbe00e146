/**
 * Parses expressions, with the grammar and the precedence of Python:
 *
 *    choice   → or ("if" or "else" choice)?
 *    or       → and ("or" and)*
 *    and      → not ("and" not)*
 *    not      → "not" not | compare
 *    compare  → sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)?
 *    sum      → product (("+" | "-") product)*
 *    product  → sign (("*" | "/" | "//" | "%") sign)*
 *    sign     → ("-" | "+") sign | power
 *    power    → atom ("**" sign)?
 *    atom     → number | string | "true" | "false" | name | function "(" choice ("," choice)* ")" | "(" choice ")"
 */
import { isFunctionName, functionNames } from './functions.ts'
import { ExpressionProblem } from './problem.ts'
import { readTokens, type Token } from './tokens.ts'

interface Place {
  readonly start: number
  readonly end: number
}

/** The operands of a chain are evaluated from left to right, without recursion: a long sum nests no deeper than a short one. */
export type Expression = Place &
  (
    | { readonly kind: 'literal'; readonly value: number | string | boolean }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'sign'; readonly operator: '-' | '+'; readonly operand: Expression }
    | { readonly kind: 'not'; readonly operand: Expression }
    | { readonly kind: 'chain'; readonly first: Expression; readonly rest: readonly Link[] }
    | { readonly kind: 'compare'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly operands: readonly Expression[] }
    | {
        readonly kind: 'choice'
        readonly condition: Expression
        readonly chosen: Expression
        readonly otherwise: Expression
      }
    | { readonly kind: 'call'; readonly name: string; readonly values: readonly Expression[] }
  )

export interface Link {
  readonly operator: string
  readonly operand: Expression
}

/** The limits keep the parser's and the evaluator's recursion within the stack. */
export const longestExpression = 10_000
const deepestExpression = 64

const words: ReadonlySet<string> = new Set(['and', 'or', 'not', 'if', 'else', 'true', 'false'])
const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!='])

/** Whether a word is part of the grammar, so that nothing can have it as its name. */
export function isReservedWord(word: string): boolean {
  return words.has(word) || isFunctionName(word)
}

/** @throws ExpressionProblem if the text is not an expression. */
export function readExpression(text: string): Expression {
  if (text.length > longestExpression) {
    const most = longestExpression.toLocaleString('en')
    throw new ExpressionProblem(`this expression has more than ${most} characters`, 0, text.length)
  }
  const reader = new Reader(readTokens(text))
  const whole = reader.choice()
  reader.expectEnd()
  return whole
}

class Reader {
  private readonly tokens: readonly Token[]
  private at = 0
  private depth = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  expectEnd(): void {
    if (this.next.kind === 'end') return
    const help = this.next.text === ',' ? 'only the functions take several values' : 'an operator is missing before it'
    throw this.unexpected(help)
  }

  choice(): Expression {
    return this.nested(() => {
      const chosen = this.logic('or', () => this.logic('and', () => this.not()))
      if (!this.take('if')) return chosen
      const condition = this.logic('or', () => this.logic('and', () => this.not()))
      this.expect('else', 'a choice is written `a if condition else b`')
      const otherwise = this.choice()
      return { kind: 'choice', condition, chosen, otherwise, start: chosen.start, end: otherwise.end }
    })
  }

  private get next(): Token {
    return this.tokens[this.at]!
  }

  private logic(operator: 'and' | 'or', operand: () => Expression): Expression {
    const operands = [operand()]
    while (this.take(operator)) operands.push(operand())
    const [first] = operands as [Expression]
    return operands.length === 1
      ? first
      : { kind: 'logic', operator, operands, start: first.start, end: operands.at(-1)!.end }
  }

  private not(): Expression {
    const { start } = this.next
    if (!this.take('not')) return this.compare()
    const operand = this.nested(() => this.not())
    return { kind: 'not', operand, start, end: operand.end }
  }

  private compare(): Expression {
    const left = this.sum()
    const { text: operator } = this.next
    if (!comparisons.has(operator)) return left
    this.at += 1
    const right = this.sum()
    if (comparisons.has(this.next.text)) throw this.unexpected('write `a < b and b < c`')
    return { kind: 'compare', operator, left, right, start: left.start, end: right.end }
  }

  private sum(): Expression {
    return this.chain(['+', '-'], () => this.chain(['*', '/', '//', '%'], () => this.sign()))
  }

  private chain(operators: readonly string[], operand: () => Expression): Expression {
    const first = operand()
    const rest: Link[] = []
    while (this.next.kind === 'symbol' && operators.includes(this.next.text)) {
      const operator = this.next.text
      this.at += 1
      rest.push({ operator, operand: operand() })
    }
    return rest.length === 0 ? first : { kind: 'chain', first, rest, start: first.start, end: rest.at(-1)!.operand.end }
  }

  private sign(): Expression {
    const { start, text } = this.next
    if (text !== '-' && text !== '+') return this.power()
    this.at += 1
    const operand = this.nested(() => this.sign())
    return { kind: 'sign', operator: text, operand, start, end: operand.end }
  }

  private power(): Expression {
    const first = this.atom()
    if (!this.take('**')) return first
    const operand = this.nested(() => this.sign())
    return { kind: 'chain', first, rest: [{ operator: '**', operand }], start: first.start, end: operand.end }
  }

  private atom(): Expression {
    const { kind, text, start, end } = this.next
    if (kind === 'symbol' && text !== '(') throw this.unexpected('a value is missing before it')
    if (kind === 'end') throw this.unexpected('a value is missing')
    this.at += 1
    if (kind === 'number') return { kind: 'literal', value: Number(text), start, end }
    if (kind === 'string') return { kind: 'literal', value: text.slice(1, -1), start, end }
    if (kind === 'symbol') {
      const inner = this.choice()
      this.expect(')', 'the parenthesis is not closed')
      return inner
    }
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', start, end }
    if (words.has(text)) {
      this.at -= 1
      throw this.unexpected('a value is missing before it')
    }
    return this.next.text === '(' ? this.call(text, start, end) : this.name(text, start, end)
  }

  private name(name: string, start: number, end: number): Expression {
    if (isFunctionName(name))
      throw new ExpressionProblem(`\`${name}\` is a function`, start, end, `write \`${name}(…)\``)
    return { kind: 'name', name, start, end }
  }

  private call(name: string, start: number, end: number): Expression {
    if (!isFunctionName(name)) {
      throw new ExpressionProblem(`there is no function \`${name}\``, start, end, `the functions are ${functionNames}`)
    }
    this.at += 1
    const values = [this.choice()]
    while (this.take(',')) values.push(this.choice())
    const close = this.next
    this.expect(')', 'the parenthesis is not closed')
    return { kind: 'call', name, values, start, end: close.end }
  }

  private take(text: string): boolean {
    const taken = this.next.text === text && this.next.kind !== 'string'
    if (taken) this.at += 1
    return taken
  }

  private expect(text: string, help: string): void {
    if (!this.take(text)) throw this.unexpected(help)
  }

  private nested(read: () => Expression): Expression {
    this.depth += 1
    if (this.depth > deepestExpression) {
      const { start, end } = this.next
      throw new ExpressionProblem(`this expression is nested more than ${deepestExpression} levels deep`, start, end)
    }
    const expression = read()
    this.depth -= 1
    return expression
  }

  private unexpected(help: string): ExpressionProblem {
    const { kind, text, start, end } = this.next
    const message = kind === 'end' ? 'the expression ends too early' : `\`${text}\` is not expected here`
    return new ExpressionProblem(message, start, end, help)
  }
}
