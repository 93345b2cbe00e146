/** Expressions: their values, and the place of each mistake. */
import { describe, expect, it } from 'vitest'
import { evaluate, unknown } from '../../src/compose/expressions/evaluate.ts'
import { ExpressionProblem } from '../../src/compose/expressions/problem.ts'
import { readExpression } from '../../src/compose/expressions/readExpression.ts'

const names: Readonly<Record<string, unknown>> = { n: 7, half: 0.5, deep: true, kind: 'same', list: [1], lost: unknown }

const valueOf = (text: string) => evaluate(readExpression(text), (name) => names[name])

describe('values', () => {
  it.each([
    // literals and names
    ['3', 3],
    ['2.5', 2.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['true', true],
    ['"a b"', 'a b'],
    ["'it'", 'it'],
    ['n', 7],
    // arithmetic, with the precedence of Python
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 - 3 - 4', -5],
    ['8 / 4 / 2', 1],
    ['2 ** 3 ** 2', 512],
    ['-2 ** 2', -4],
    ['2 ** -1', 0.5],
    ['- - 3', 3],
    ['+n', 7],
    ['7 // 2', 3],
    ['-7 // 2', -4],
    ['7 % 3', 1],
    ['-7 % 3', 2],
    ['7 % -3', -2],
    ['n / 2', 3.5],
    ['n * 2 / 7', 2],
    ['0 * -1', 0],
    // comparisons and logic
    ['1 < 2', true],
    ['2 <= 1', false],
    ['n == 7', true],
    ['n != 7', false],
    ['kind == "same"', true],
    ['kind != "same"', false],
    ['deep == true', true],
    ['not deep', false],
    ['not not deep', true],
    ['1 < 2 and 2 < 1', false],
    ['1 < 2 or 2 < 1', true],
    ['not 1 < 2 or deep', true],
    ['false and 1 / 0 > 1', false],
    ['true or 1 / 0 > 1', true],
    // choices
    ['1 if deep else 2', 1],
    ['1 if not deep else 2 if n > 5 else 3', 2],
    ['1 if deep else 1 / 0', 1],
    ['(1 if deep else 2) + 1', 2],
    // functions
    ['min(3, 1, 2)', 1],
    ['max(n, 16)', 16],
    ['max(4)', 4],
    ['round(0.5)', 0],
    ['round(1.5)', 2],
    ['round(2.5)', 2],
    ['round(-0.5)', 0],
    ['round(-1.5)', -2],
    ['round(2.4)', 2],
    ['floor(-1.5)', -2],
    ['ceil(1.2)', 2],
    ['log2(8)', 3],
    ['sqrt(16)', 4],
    ['max(16, round(width_of_n * 0.25)) if false else 1', 1],
    // what depends on a reported mistake is unknown, and not reported again
    ['lost + 1', unknown],
    ['1 if deep else lost', 1],
    ['max(1, lost)', unknown],
  ])('%s', (text, value) => {
    const found = valueOf(text)
    expect(found).toBe(value)
  })
})

describe('mistakes', () => {
  /** The caret marks the start of the mistake, and tildes the rest of it. */
  it.each([
    ['1 +', '   ^', 'the expression ends too early'],
    ['', '^', 'the expression ends too early'],
    ['1 2', '  ^', '`2` is not expected here'],
    ['* 2', '^', '`*` is not expected here'],
    ['(1', '  ^', 'the expression ends too early'],
    ['1)', ' ^', '`)` is not expected here'],
    ['1, 2', ' ^', '`,` is not expected here'],
    ['1 if deep', '         ^', 'the expression ends too early'],
    ['1 < 2 < 3', '      ^', '`<` is not expected here'],
    ['2n', '^~', '`2n` is not a number'],
    ['n && deep', '  ^', '`&` has no meaning in an expression'],
    ['n = 3', '  ^', '`=` has no meaning in an expression'],
    ['$n', '^', '`$` has no meaning in an expression'],
    ['"open', '^', '`"` has no meaning in an expression'],
    ['n + 🙂', '    ^~', '`🙂` has no meaning in an expression'],
    ['abs(n)', '^~~', 'there is no function `abs`'],
    ['n + max', '    ^~~', '`max` is a function'],
    ['max()', '    ^', '`)` is not expected here'],
    ['sqrt(1, 2)', '^~~~~~~~~~', '`sqrt` takes 1 value, but has 2 values'],
    ['1 + kind', '    ^~~~', 'this must be a number, but is "same"'],
    ['1 + deep', '    ^~~~', 'this must be a number, but is true'],
    ['not n', '    ^', 'this must be true or false, but is 7'],
    ['n and deep', '^', 'this must be true or false, but is 7'],
    ['1 if n else 2', '     ^', 'this must be true or false, but is 7'],
    ['kind < "x"', '^~~~', 'this must be a number, but is "same"'],
    ['kind == 1', '^~~~~~~~~', '"same" and 1 have different types and are never equal'],
    ['list + 1', '^~~~', '`list` is a list, with which an expression cannot compute'],
    ['1 + n / 0', '    ^~~~~', 'this divides by 0'],
    ['1 // (n - 7)', '^~~~~~~~~~~', 'this divides by 0'],
    ['5 % 0', '^~~~~', 'this divides by 0'],
    ['sqrt(-1)', '^~~~~~~~', 'this has no value among the real numbers'],
    ['log2(0)', '^~~~~~~', 'this exceeds the largest number'],
    ['10 ** 400', '^~~~~~~~~', 'this exceeds the largest number'],
  ])('%s', (text, marked, message) => {
    const found = problemOf(text)
    expect(found.message).toBe(message)
    expect(found.start, 'start').toBe(marked.indexOf('^'))
    expect(Math.max(found.end, found.start + 1), 'end').toBe(marked.trimEnd().length)
  })

  it.each([
    ['a long text', '1 + '.repeat(3000), 'this expression has more than 10,000 characters'],
    ['many parentheses', '('.repeat(100), 'this expression is nested more than 64 levels deep'],
    ['many signs', '-'.repeat(5000), 'this expression is nested more than 64 levels deep'],
    ['many powers', '2**'.repeat(3000), 'this expression is nested more than 64 levels deep'],
  ])('the limit of %s', (_title, text, message) => {
    expect(problemOf(text).message).toBe(message)
  })

  it('a sum of thousands of terms is none', () => {
    expect(valueOf(`${'1 + '.repeat(2400)}1`)).toBe(2401)
  })
})

function problemOf(text: string): ExpressionProblem {
  try {
    valueOf(text)
  } catch (error) {
    if (error instanceof ExpressionProblem) return error
    throw error
  }
  throw new Error(`${text} has a value`)
}
