/** Explains syntax errors of which the text shows what was meant, such as a missing comma, and proposes the fix. */
import { isCollection, type Document, type YAMLParseError } from 'yaml'
import type { Diagnostic, Span, TextEdit } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { walkNodes } from './walkNodes.ts'

interface Explanation {
  readonly message: string
  readonly span: Span
  /** What to write instead, and where; by default, the span. */
  readonly fix?: { readonly title: string; readonly newText: string; readonly at?: readonly Span[] }
}

type Explain = (text: string, error: YAMLParseError, document: Document) => Explanation | undefined

/** Explains what the parser would take for a bracket or a quote that is not closed. */
export function explainEntry(document: Document, text: string): Diagnostic | undefined {
  return document.errors[0]?.code === 'UNEXPECTED_TOKEN' ? explainBy([explainComma], document, text) : undefined
}

/** Returns undefined if the message of the parser is the best that can be said. */
export function explainSyntax(document: Document, text: string): Diagnostic | undefined {
  return explainBy(explanations, document, text)
}

function explainBy(candidates: readonly Explain[], document: Document, text: string): Diagnostic | undefined {
  const [error] = document.errors
  for (const explain of candidates) {
    const found = error && explain(text, error, document)
    if (found === undefined) continue
    const { message, span, fix } = found
    const problem = sourceProblem('source/syntax', message, [span.start, span.end])
    if (fix === undefined) return problem
    const edits: TextEdit[] = (fix.at ?? [span]).map((place) => ({ span: place, newText: fix.newText }))
    return { ...problem, fixes: [{ kind: 'rewrite', title: fix.title, edits }] }
  }
  return undefined
}

const explainTemplate: Explain = (text, { pos }) => {
  const { start, line } = lineAt(text, pos[0])
  const column = line.search(/\{\{|\{%/)
  if (column < 0) return undefined
  return {
    message: 'a spec is not a template: write the value, or a variable of `vars`, such as `$folder`',
    span: { start: start + column, end: start + column + 2 },
  }
}

const explainBraces: Explain = (text, { pos }) => {
  const start = pos[0] - 1
  if (!text.startsWith('${', start)) return undefined
  const message = 'a reference has no braces: write `$name`, or `$(expression)`'
  const [whole, name] = /^\$\{([A-Za-z_]\w*)\}/.exec(text.slice(start, start + 200)) ?? []
  if (whole === undefined) return { message, span: { start, end: pos[1] } }
  const span = { start, end: start + whole.length }
  return { message, span, fix: { title: `write \`$${name}\``, newText: `$${name}` } }
}

/** A pattern such as `*` or `*norm`, which YAML reads as an alias. */
const explainStar: Explain = (text, { code, pos }, { warnings }) => {
  const colon = warnings.find((one) => one.code === 'BAD_ALIAS')?.pos[0]
  const end = colon ?? (code === 'BAD_ALIAS' ? pos[1] : undefined)
  if (end === undefined) return undefined
  const pattern = /\*[^\s,[\]{}]*$/.exec(text.slice(0, end))?.[0]
  if (pattern === undefined) return undefined
  return {
    message: 'a text that begins with `*` must be in quotes, since `*` begins an alias',
    span: { start: end - pattern.length, end },
    fix: { title: `write \`'${pattern}'\``, newText: `'${pattern}'` },
  }
}

const explainDash: Explain = (text, { code, pos }) => {
  const { start, line } = lineAt(text, pos[0])
  const [, indent] = /^([ \t]*)-[A-Za-z]/.exec(line) ?? []
  if (indent === undefined || !/^(MULTILINE_IMPLICIT_KEY|BAD_INDENT|MISSING_CHAR)$/.test(code)) return undefined
  const dashes = [...text.matchAll(new RegExp(`^${indent}-(?=[A-Za-z])`, 'gm'))]
  const at = dashes.map((dash) => ({ start: dash.index + dash[0].length, end: dash.index + dash[0].length }))
  const dash = start + indent.length
  return {
    message: 'a space is missing after the dash',
    span: { start: dash, end: dash + 1 },
    fix: { title: 'add the space', newText: ' ', at },
  }
}

/** Two entries of a map or list in braces or brackets without a comma between them. */
const explainComma: Explain = (text, error, document) => {
  const place = missingComma(text, error, document)
  if (place === undefined) return undefined
  return {
    message: 'a comma is missing before this entry',
    span: { start: place.entry, end: place.entry + 1 },
    fix: { title: 'add the comma', newText: ',', at: [{ start: place.end, end: place.end }] },
  }
}

/** Returns where the entry before the missing comma ends, and where the next begins. */
function missingComma(
  text: string,
  { code, pos }: YAMLParseError,
  document: Document,
): Record<'end' | 'entry', number> | undefined {
  if (!isInBraces(document, pos[0])) return undefined
  if (code === 'BLOCK_IN_FLOW' || code === 'MULTILINE_IMPLICIT_KEY') {
    // A value and the key after it: `10 activation: …`.
    const [, value, space] = /^([^\s:]\S*|\S[^:\n]*?)(\s+)[\w"'-]+\s*:\s/.exec(text.slice(pos[0])) ?? []
    if (value === undefined || space === undefined) return undefined
    const end = pos[0] + value.length
    return { end, entry: end + space.length }
  }
  const before = text.slice(0, pos[0])
  const end = before.trimEnd().length
  const isApart = end < before.length && !before.slice(end).includes('\n')
  const isAfterEntry = code === 'UNEXPECTED_TOKEN' && isApart && /[\]}"']/.test(text[end - 1] ?? '')
  return isAfterEntry && /[\w"'[{]/.test(text[pos[0]] ?? '') ? { end, entry: pos[0] } : undefined
}

function isInBraces(document: Document, offset: number): boolean {
  let isInside = false
  walkNodes(document.contents, (node) => {
    const [start, end] = node.range ?? [0, 0]
    if (isCollection(node) && node.flow === true && start < offset && offset < end) isInside = true
  })
  return isInside
}

/** Text after a closing quote, often since the text itself has a quote. */
const explainQuote: Explain = (text, { code, pos }) => {
  const quote = /(["'])[ \t]*$/.exec(text.slice(0, pos[0]))?.[1]
  if (code !== 'UNEXPECTED_TOKEN' || quote === undefined) return undefined
  const inside = quote === '"' ? '\\"' : "''"
  const message = `the text ends at the quote before this; a quote inside of a text is written \`${inside}\``
  return { message, span: { start: pos[0], end: pos[1] } }
}

const explainExtraComma: Explain = (_text, { message, pos }) =>
  message.startsWith('Unexpected , in flow')
    ? {
        message: 'there is nothing before this comma',
        span: { start: pos[0], end: pos[1] },
        fix: { title: 'remove the comma', newText: '' },
      }
    : undefined

const explainClosing: Explain = (text, { message, pos }) =>
  /^Unexpected flow-(map|seq)-end token/.test(message)
    ? {
        message: `this ${text[pos[0]]} closes nothing`,
        span: { start: pos[0], end: pos[1] },
        fix: { title: `remove the ${text[pos[0]]}`, newText: '' },
      }
    : undefined

/** A key without the colon or the space after it: `dataset mnist`, `dataset:mnist`. */
const explainColon: Explain = (text, error, { errors }) => {
  const key = errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY')
  if (key !== error) return undefined
  const { start, line } = lineAt(text, key.pos[0])
  const column = Math.max(line.search(/\S/), key.pos[0] - start)
  const content = line.slice(column).replace(/\s+(#.*)?$/, '')
  const [, word, between] = /^([A-Za-z_]\w*)(:| +)[^\s:]\S*$/.exec(content) ?? []
  const place = start + column + (word?.length ?? 0)
  return {
    message: 'a colon and a space are missing between the key and the value of this line',
    span: { start: start + column, end: start + column + Math.max(1, content.length) },
    ...(between !== undefined && {
      fix: { title: 'add them', newText: ': ', at: [{ start: place, end: place + between.length }] },
    }),
  }
}

/** A text that begins with a character that YAML reserves. */
const explainReserved: Explain = (text, { code, pos }) => {
  if (code !== 'BAD_SCALAR_START') return undefined
  const start = pos[0]
  const character = text[start]!
  if (character === '|' || character === '>') {
    return { message: 'a text over several lines cannot be inside braces or brackets', span: { start, end: pos[1] } }
  }
  const written = /^[^,[\]{}\r\n"\\]*?(?=\s*(?:\s#|[,[\]{}\r\n]|$))/.exec(text.slice(start))?.[0] ?? ''
  return {
    message: `a text that begins with \`${character}\` must be in quotes`,
    span: { start, end: start + Math.max(1, written.length) },
    ...(written !== '' && { fix: { title: 'put it in quotes', newText: `"${written}"` } }),
  }
}

const explanations: readonly Explain[] = [
  explainTemplate,
  explainBraces,
  explainStar,
  explainDash,
  explainComma,
  explainQuote,
  explainExtraComma,
  explainClosing,
  explainColon,
  explainReserved,
]

function lineAt(text: string, offset: number): { readonly start: number; readonly line: string } {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  return { start, line: text.slice(start, end < 0 ? undefined : end) }
}
