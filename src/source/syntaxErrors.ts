/**
 * Reports syntax errors. The parser continues after an error and reports its consequences; to give one message per mistake,
 * only the first error is reported, at its origin: the bracket that is not closed, not the line where the parser noticed.
 */
import { isCollection, isMap, isScalar, type Document, type YAMLParseError } from 'yaml'
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { explainEntry, explainSyntax } from './explainSyntax.ts'
import { reportOddTexts } from './oddTexts.ts'
import { walkNodes } from './walkNodes.ts'

export function reportSyntaxErrors(document: Document, text: string): Diagnostic[] {
  const duplicates = reportDuplicates(document)
  if (document.errors.length === 0) return [...duplicates, ...reportOddTexts(document, text)]
  return [...duplicates, reportFirst(document.errors, document, text)]
}

/** Reports duplicate keys. The parser's own check compares each key with all before it, too slow for thousands of keys. */
function reportDuplicates(document: Document): Diagnostic[] {
  const found: Diagnostic[] = []
  walkNodes(document.contents, (map) => {
    if (!isMap(map) || map.items.length < 2) return
    const keys = new Map<string, Span>()
    for (const { key } of map.items) {
      if (!isScalar(key)) continue
      const word = String(key.value)
      const [start, end] = key.range ?? [0, 0]
      const first = keys.get(word)
      if (first === undefined) keys.set(word, { start, end })
      else {
        const problem = sourceProblem('source/duplicate-key', `\`${word}\` is in this map twice`, [start, end])
        found.push({ ...problem, related: [{ message: 'first written here', span: first }] })
      }
    }
  })
  return found
}

function syntaxError(what: string, { start, end }: Span): Diagnostic {
  return sourceProblem('source/syntax', what, [start, end])
}

function reportFirst(errors: readonly YAMLParseError[], document: Document, text: string): Diagnostic {
  const entry = explainEntry(document, text)
  if (entry !== undefined) return entry
  const opened = findUnclosed(document, text)
  if (opened !== undefined) return syntaxError(`this ${text[opened]} is not closed`, { start: opened, end: opened + 1 })
  const explained = explainSyntax(document, text)
  if (explained !== undefined) return explained
  const first = errors[0]!
  const key = errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY')
  if (key !== undefined && first.code === 'BLOCK_AS_IMPLICIT_KEY') {
    const lastLine = text.slice(key.pos[0], key.pos[1]).search(/[^\n]*$/)
    const start = first.pos[0] < key.pos[0] ? key.pos[0] : key.pos[0] + lastLine
    return syntaxError('the indentation of this line does not match the lines around it', wordFrom(text, start))
  }
  if (first.code === 'BAD_INDENT') {
    return syntaxError('the indentation of this line does not match the lines around it', wordFrom(text, first.pos[0]))
  }
  if (first.code === 'TAB_AS_INDENT') {
    return syntaxError('YAML does not allow tabs for indentation; use spaces', {
      start: first.pos[0],
      end: first.pos[1],
    })
  }
  if (first.message.startsWith('Nested mappings are not allowed')) {
    const what =
      'a line has one key and its value: write a text with a colon in quotes, and options in braces, `key: { option: value }`, or on indented lines'
    return syntaxError(what, { start: first.pos[0], end: first.pos[1] })
  }
  return syntaxError(shortenParserMessage(first.message), { start: first.pos[0], end: first.pos[1] })
}

const closings: ReadonlyMap<string, string> = new Map(Object.entries({ '{': '}', '[': ']', '"': '"', "'": "'" }))

/** The offset of the innermost bracket or quote that is not closed. */
function findUnclosed(document: Document, text: string): number | undefined {
  let found: number | undefined
  walkNodes(document.contents, (node) => {
    if (!node.range || !(isCollection(node) || isScalar(node))) return
    const [start, end] = node.range
    const close = closings.get(text[start] ?? '')
    const isClosed = text[end - 1] === close && end - start > 1
    const isQuoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
    if (close !== undefined && !isClosed && (isQuoted || isCollection(node))) found = start
  })
  return found
}

/** The span from the first non-space character at or after `offset` to the end of its line. */
function wordFrom(text: string, offset: number): Span {
  const start = offset + text.slice(offset).search(/\S|$/)
  const length = text.slice(start).search(/[ \t]*(#.*)?(\r?\n|$)/)
  return { start, end: start + Math.max(1, length) }
}

/** Shortens a message of the parser, which begins in upper case and may have several lines, to one clause. */
function shortenParserMessage(message: string): string {
  const first = message.split('\n')[0] ?? message
  return `invalid YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`
}
