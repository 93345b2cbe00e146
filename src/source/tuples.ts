/**
 * Python's tuples. `kernelSize: (3, 3)` is habit, and inside braces YAML reads it as two entries, `kernelSize: "(3"` and
 * `"3)"`. What was meant is the list [3, 3], of the same length, so the text is read with other brackets and every place
 * in it stays where it is.
 */
import { isCollection, isPair, isScalar, type Document } from 'yaml'
import { applyEdits, type Diagnostic, type Span } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { walkNodes } from './walkNodes.ts'

/** No spec has a longer one; bounds the search for the end. */
const LONGEST = 500

/** Numbers, names and further tuples, parted by commas. */
const tupleText = /^\((?:[\w.\s,()-]|None)*\)$/

export interface Tuple {
  readonly span: Span
  /** As a list, of the same length as the tuple. */
  readonly list: string
}

/** The tuples that YAML took apart: those within braces or brackets. */
export function findTuples(document: Document, text: string): Tuple[] {
  if (!/[:,[{]\s*\(/.test(text)) return []
  const starts: number[] = []
  walkNodes(document.contents, (node) => {
    if (!isCollection(node) || node.flow !== true) return
    for (const item of node.items) {
      const value = isPair(item) ? item.value : item
      const start = isScalar(value) && value.type === 'PLAIN' ? (value.range?.[0] ?? 0) : 0
      if (text[start] === '(') starts.push(start)
    }
  })
  const tuples: Tuple[] = []
  for (const start of starts.toSorted((a, b) => a - b)) {
    if (start < (tuples.at(-1)?.span.end ?? 0)) continue
    const end = closingOf(text, start)
    const written = end === undefined ? '' : text.slice(start, end)
    if (end === undefined || !written.includes(',') || !tupleText.test(written)) continue
    tuples.push({ span: { start, end }, list: asList(written) })
  }
  return tuples
}

/** The offset behind the parenthesis that closes the one at `start`. */
function closingOf(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < Math.min(text.length, start + LONGEST); at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0) return at + 1
  }
  return undefined
}

function asList(tuple: string): string {
  return tuple
    .replaceAll('(', '[')
    .replaceAll(')', ']')
    .replaceAll(/\bNone\b/g, 'null')
}

/** The text with lists in the place of tuples; all offsets stay. */
export function withLists(text: string, tuples: readonly Tuple[]): string {
  const edits = tuples.map(({ span, list }) => ({ span, newText: list }))
  return applyEdits(text, edits)
}

export function tellTuple({ span, list }: Tuple): Diagnostic {
  const neat = list.replaceAll(/,\s*\]/g, ']').replaceAll(/,\s*/g, ', ')
  return {
    ...sourceProblem('source/tuple', 'lists are written in square brackets, not parentheses', [span.start, span.end]),
    fixes: [{ kind: 'rewrite', title: `write \`${neat}\``, edits: [{ span, newText: neat }] }],
  }
}
