/** Splits the text of an expression into tokens: numbers, strings, names and symbols. */
import { ExpressionProblem } from './problem.ts'

export interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'symbol' | 'end'
  readonly text: string
  /** Offsets in the text of the expression; `end` is exclusive. */
  readonly start: number
  readonly end: number
}

/** The longest symbols first, so that `**` is not read as two `*`. */
const form =
  /(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<string>"[^"]*"|'[^']*')|(?<name>[A-Za-z_]\w*)|(?<symbol>\*\*|\/\/|[<>=!]=|[-+*/%()<>,])/y

/** Operators of other languages, with what to write instead. */
const foreign: Readonly<Record<string, string>> = {
  '&': 'write `and`',
  '|': 'write `or`',
  '!': 'write `not`',
  '=': 'write `==` to compare',
  '^': 'write `**` for a power',
  '?': 'write `a if condition else b`',
  $: 'inside an expression, a name has no `$`',
  '{': 'write the name without braces',
  '"': 'the string is not closed',
  "'": 'the string is not closed',
}

export function readTokens(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1
    if (at >= text.length) break
    form.lastIndex = at
    const found = form.exec(text)?.groups
    if (found === undefined) {
      const sign = String.fromCodePoint(text.codePointAt(at)!)
      throw new ExpressionProblem(`\`${sign}\` has no meaning in an expression`, at, at + sign.length, foreign[sign])
    }
    const [kind, word] = Object.entries(found).find(([, one]) => one !== undefined) as [Token['kind'], string]
    const end = at + word.length
    if (kind === 'number' && /\w/.test(text[end] ?? '')) {
      const whole = /^[\w.]*/.exec(text.slice(at))![0]
      throw new ExpressionProblem(`\`${whole}\` is not a number`, at, at + whole.length, 'a product is written `2 * n`')
    }
    tokens.push({ kind, text: word, start: at, end })
    at = end
  }
  return [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }]
}
