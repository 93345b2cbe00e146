/** Finds the reference that a text was meant to be: `width` or `{{ width }}` for `$width`, `width * 2` for `$(width * 2)`. */
import type { Fix, Span } from '../diagnostics/diagnostic.ts'
import { ExpressionProblem } from './expressions/problem.ts'
import { isReservedWord, readExpression } from './expressions/readExpression.ts'
import { readTokens } from './expressions/tokens.ts'
import type { Expanded } from './origins.ts'
import { namesIn, type Scope } from './scope.ts'

interface Meant {
  readonly help?: string
  readonly fixes?: readonly Fix[]
}

/** The help and the fix for a text that was meant as a reference; empty if it was not. */
export function meantReference(text: string, names: readonly string[], span: Span): Meant {
  const meant = referenceIn(text, names)
  if (meant === undefined) return {}
  const isPlain = !/[,[\]{}"']|: | #/.test(meant)
  const edits = [{ span, newText: isPlain ? meant : JSON.stringify(meant) }]
  return { help: `did you mean \`${meant}\`?`, fixes: [{ kind: 'suggestion', title: `write \`${meant}\``, edits }] }
}

/** The same for a value of a composed spec, which may itself come from a reference. */
export function meantValue({ value, origin }: Pick<Expanded, 'value' | 'origin'>, scope: Scope): Meant {
  if (typeof value !== 'string' || origin.names !== undefined) return {}
  return meantReference(value, namesIn(scope), origin.written.locateValue(origin.path))
}

function referenceIn(text: string, names: readonly string[]): string | undefined {
  const [, braced = text] = /^\$?\{\{?([^{}]*)\}?\}$/.exec(text) ?? []
  const inner = braced
    .replaceAll(/\$(?=[A-Za-z_(])/g, '')
    .replaceAll(/\bvars\./g, '')
    .trim()
  if (names.includes(inner)) return `$${inner}`
  try {
    const used = readTokens(inner).filter((token) => token.kind === 'name' && !isReservedWord(token.text))
    if (used.length === 0 || used.some((token) => !names.includes(token.text))) return undefined
    readExpression(inner)
    return isInParentheses(inner) ? `$${inner}` : `$(${inner})`
  } catch (error) {
    if (error instanceof ExpressionProblem) return undefined
    throw error
  }
}

/** Whether the first parenthesis is closed by the last character. */
function isInParentheses(text: string): boolean {
  return text.startsWith('(') && text.indexOf(')') === text.length - 1
}
