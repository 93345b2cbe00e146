/**
 * Reads Python's tuples. Inside braces YAML reads `kernelSize: (3, 3)` as two entries, `kernelSize: "(3"` and `"3)"`. The
 * list [3, 3] has the same length, so the text is parsed with square brackets instead, which moves no offset.
 */
import { isCollection, isPair, isScalar, type Document } from 'yaml'
import { applyEdits, type Diagnostic, type Span } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { walkNodes } from './walkNodes.ts'

/** Longer than any tuple in a spec; limits the search for its end. */
const LONGEST = 500

/** Numbers, names and nested tuples, separated by commas. */
const tupleText = /^\((?:[\w.\s,()-]|None)*\)$/

export interface Tuple {
  readonly span: Span
  /** The tuple as a list, of the same length. */
  readonly list: string
}

/** Finds the tuples that YAML splits into entries: those inside braces or brackets. */
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

/** The offset after the parenthesis that closes the one at `start`. */
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

/** Replaces tuples with lists. All offsets stay the same. */
export function withLists(text: string, tuples: readonly Tuple[]): string {
  const edits = tuples.map(({ span, list }) => ({ span, newText: list }))
  return applyEdits(text, edits)
}

export function reportTuple({ span, list }: Tuple): Diagnostic {
  const neat = list.replaceAll(/,\s*\]/g, ']').replaceAll(/,\s*/g, ', ')
  return {
    ...sourceProblem('source/tuple', 'lists are written in square brackets, not parentheses', [span.start, span.end]),
    fixes: [{ kind: 'rewrite', title: `write \`${neat}\``, edits: [{ span, newText: neat }] }],
  }
}
