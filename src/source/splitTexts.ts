/**
 * Reads values that YAML splits at their commas. Inside braces it reads the Python tuple `kernelSize: (3, 3)` as two entries,
 * `kernelSize: "(3"` and `"3)"`, and the expression `$(max(2, 3))` likewise. The text is parsed again with these values in a
 * form of the same length, which moves no offset: the tuple as the list [3, 3], the expression with other commas.
 */
import { isCollection, isPair, isScalar, type Document } from 'yaml'
import { applyEdits, type Diagnostic, type Span } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { walkNodes } from './walkNodes.ts'

/** Longer than any tuple in a spec; limits the search for its end. */
const longestTuple = 500
const longestExpression = 10_000

/** Numbers, names and nested tuples, separated by commas. */
const tupleText = /^\((?:[\w.\s,()-]|None)*\)$/

/** Replaces a comma of an expression. It is in no keyboard layout, font or number format. */
const hiddenComma = '\u{E000}'

export interface SplitText {
  readonly span: Span
  readonly kind: 'tuple' | 'expression'
  /** The text in another form of the same length, which YAML reads as one value. */
  readonly whole: string
}

/** Finds the values that YAML splits into entries: those inside braces or brackets. */
export function findSplitTexts(document: Document, text: string): SplitText[] {
  if (!/[:,[{]\s*\$?\(/.test(text)) return []
  const starts: number[] = []
  walkNodes(document.contents, (node) => {
    if (!isCollection(node) || node.flow !== true) return
    for (const item of node.items) {
      const value = isPair(item) ? item.value : item
      const start = isScalar(value) && value.type === 'PLAIN' ? (value.range?.[0] ?? 0) : 0
      if (text[start] === '(' || text.startsWith('$(', start)) starts.push(start)
    }
  })
  const found: SplitText[] = []
  for (const start of starts.toSorted((a, b) => a - b)) {
    if (start < (found.at(-1)?.span.end ?? 0)) continue
    const kind = text[start] === '(' ? 'tuple' : 'expression'
    const end = closingOf(text, start, kind === 'tuple' ? longestTuple : longestExpression)
    const written = end === undefined ? '' : text.slice(start, end)
    if (end === undefined || !written.includes(',') || (kind === 'tuple' && !tupleText.test(written))) continue
    const whole = kind === 'tuple' ? asList(written) : written.replaceAll(',', hiddenComma)
    found.push({ span: { start, end }, kind, whole })
  }
  return found
}

/** The offset after the parenthesis that closes the first one from `start` on. */
function closingOf(text: string, start: number, longest: number): number | undefined {
  let depth = 0
  for (let at = start; at < Math.min(text.length, start + longest); at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0 && text[at] === ')') return at + 1
  }
  return undefined
}

function asList(tuple: string): string {
  return tuple
    .replaceAll('(', '[')
    .replaceAll(')', ']')
    .replaceAll(/\bNone\b/g, 'null')
}

/** Replaces the values with their other form. All offsets stay the same. */
export function withoutSplits(text: string, found: readonly SplitText[]): string {
  const edits = found.map(({ span, whole }) => ({ span, newText: whole }))
  return applyEdits(text, edits)
}

/** Returns an expression with its own commas. */
export function withCommas(expression: string): string {
  return expression.replaceAll(hiddenComma, ',')
}

export function reportSplit({ span, kind, whole }: SplitText): Diagnostic {
  return kind === 'tuple' ? reportTuple(span, whole) : reportExpression(span, withCommas(whole))
}

function reportTuple(span: Span, list: string): Diagnostic {
  const neat = list.replaceAll(/,\s*\]/g, ']').replaceAll(/,\s*/g, ', ')
  return {
    ...sourceProblem('source/tuple', 'lists are written in square brackets, not parentheses', [span.start, span.end]),
    fixes: [{ kind: 'rewrite', title: `write \`${neat}\``, edits: [{ span, newText: neat }] }],
  }
}

function reportExpression(span: Span, expression: string): Diagnostic {
  const quoted = expression.includes('"') ? `'${expression.replaceAll("'", "''")}'` : `"${expression}"`
  const message = 'inside braces and brackets, an expression with a comma must be in quotes'
  return {
    ...sourceProblem('source/unquoted-expression', message, [span.start, span.end]),
    fixes: [{ kind: 'rewrite', title: `write \`${quoted}\``, edits: [{ span, newText: quoted }] }],
  }
}
