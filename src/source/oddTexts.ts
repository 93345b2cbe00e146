/** Reports what is valid YAML but means something else than its author thinks. */
import { isMap, isScalar, type Document, type Node } from 'yaml'
import type { Diagnostic, Fix, TextEdit } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { removeTag } from './nodeReader.ts'
import { walkNodes } from './walkNodes.ts'

export function reportOddTexts(document: Document, text: string): Diagnostic[] {
  const found = reportTags(document, text)
  walkNodes(document.contents, (node) => {
    const odd =
      reportTemplate(node, text) ??
      reportNumber(node, text) ??
      reportDashes(node, text) ??
      reportIndentation(node, text)
    if (odd !== undefined) found.push(odd)
  })
  return found
}

/** Reports tags that only a certain program understands, such as `!include` or `!!python/tuple`. */
function reportTags({ warnings, contents }: Document, text: string): Diagnostic[] {
  const tags = warnings
    .filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
    .map(({ pos: [start] }) => ({ start, tag: /^![^\s,[\]{}]*/.exec(text.slice(start, start + 200))?.[0] ?? '!' }))
    .filter(({ tag }) => tag !== removeTag)
  if (tags.length === 0) return []
  const nodes: Node[] = []
  walkNodes(contents, (node) => void nodes.push(node))
  return tags.flatMap(({ start, tag }) => {
    const end = start + tag.length
    // The value is blamed, so that what is wrong with it without its tag is not reported as well.
    const value = nodes.find(({ range }) => range !== null && range !== undefined && range[0] >= end)?.range
    const place = value && value[1] > value[0] ? value : ([start, end] as const)
    const isFile = /include|import|file/i.test(tag)
    const problem = sourceProblem('source/unknown-tag', `a spec has no tag \`${tag}\``, [place[0], place[1]])
    const help = isFile ? 'a spec takes what another file says with `extends: ./other.yaml`' : 'write the value itself'
    const space = /^[ \t]*/.exec(text.slice(end))![0].length
    const edits = [{ span: { start, end: end + space }, newText: '' }]
    // Tags of YAML and Python say what a value is; others compute it.
    const fixes = tag.startsWith('!!') ? [fixOf(`remove \`${tag}\``, edits)] : []
    return [{ ...problem, help, fixes }]
  })
}

/** A placeholder of a template, such as `{{ name }}`, which YAML reads as a map in a map. */
function reportTemplate(node: Node, text: string): Diagnostic | undefined {
  if (!isMap(node) || node.flow !== true || !node.range || !text.startsWith('{{', node.range[0])) return undefined
  const message = 'a spec is not a template: write the value, or a variable of `vars`, such as `$folder`'
  const span = { start: node.range[0], end: node.range[1] }
  const problem = sourceProblem('source/syntax', message, [span.start, span.end])
  const [, name] = /^\{\{\s*([A-Za-z_]\w*)\s*\}\}$/.exec(text.slice(span.start, span.end)) ?? []
  return name === undefined
    ? problem
    : { ...problem, fixes: [fixOf(`write \`$${name}\``, [{ span, newText: `$${name}` }])] }
}

/** A number with a comma, such as `1,000` or `0,01`, which is two entries inside of braces. */
function reportNumber(node: Node, text: string): Diagnostic | undefined {
  if (!isMap(node) || node.flow !== true) return undefined
  for (const { value } of node.items) {
    if (!isScalar(value) || value.type !== 'PLAIN' || !value.range) continue
    const [start] = value.range
    const [written, whole, rest] = /^(\d{1,3}),(\d+)(?=\s*[,}])/.exec(text.slice(start, start + 40)) ?? []
    if (written === undefined) continue
    const number = /^[1-9]/.test(whole!) && rest!.length === 3 ? `${whole}${rest}` : `${whole}.${rest}`
    const span = { start, end: start + written.length }
    const problem = sourceProblem('source/syntax', 'a comma separates entries, and is not part of a number', [
      start,
      span.end,
    ])
    return { ...problem, fixes: [fixOf(`write \`${number}\``, [{ span, newText: number }])] }
  }
  return undefined
}

/** The items of a list without spaces after their dashes, which YAML reads as one text. */
function reportDashes(node: Node, text: string): Diagnostic | undefined {
  if (!isScalar(node) || node.type !== 'PLAIN' || !node.range) return undefined
  const [start, end] = node.range
  const written = text.slice(start, end)
  if (!/^-[A-Za-z]\w*[ \t]*(#.*)?\r?\n/.test(written)) return undefined
  const dashes = [...written.matchAll(/^[ \t]*-(?=[A-Za-z])/gm)].map((dash) => start + dash.index + dash[0].length)
  const problem = sourceProblem('source/syntax', 'a space is missing after the dash', [start, start + 1])
  const edits = dashes.map((at) => ({ span: { start: at, end: at }, newText: ' ' }))
  return { ...problem, fixes: [fixOf('add the space', edits)] }
}

/** A key that begins with a space that YAML does not count as one, as in text copied from a web page. */
function reportIndentation(node: Node, text: string): Diagnostic | undefined {
  if (!isScalar(node) || node.type !== 'PLAIN' || !node.range) return undefined
  const [start] = node.range
  const length = /^[\u00A0\u2000-\u200B\u202F\u3000\uFEFF]+/.exec(text.slice(start, start + 200))?.[0].length ?? 0
  if (length === 0) return undefined
  const span = { start, end: start + length }
  const message = 'this is a no-break space or another space that YAML does not know'
  const edits = [{ span, newText: ' '.repeat(length) }]
  return { ...sourceProblem('source/syntax', message, [start, start + length]), fixes: [fixOf('write spaces', edits)] }
}

function fixOf(title: string, edits: readonly TextEdit[]): Fix {
  return { kind: 'rewrite', title, edits }
}
