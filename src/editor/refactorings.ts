/**
 * Refactorings of composition: extract layers to a block, inline a call, expand a repeat. Each changes the text, keeps its
 * comments, and is offered only if a check of the changed text proves the same network.
 */
import { isSeq } from 'yaml'
import { isMap } from '../compose/blocks.ts'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { lineBreakOf } from '../source/edits.ts'
import { spanOf, type SourceDocument } from '../source/source.ts'
import { paramsOfBlocks } from './blocks.ts'
import type { CodeAction } from './codeAction.ts'
import { itemPathNear, startOfLine, writtenValue } from './cursor.ts'
import { isSameNetwork } from './sameNetwork.ts'
import { substituteNames } from './substitution.ts'
import type { SpecDocument } from './specDocument.ts'

export function refactorings(document: SpecDocument, selection: Span): readonly CodeAction[] {
  const { source, shaped } = document.analysis
  // Of an incomplete network it cannot be proven that it stays the same.
  if (source.written.value === null || !shaped.complete) return []
  const path = itemPathNear(source, selection.start, selection.end)
  if (path === undefined) return []
  const proposals = [
    extractBlock(source.written, path, selection, [...paramsOfBlocks(document).keys()]),
    inlineCall(source.written, path),
    expandRepeat(source.written, path),
  ]
  return proposals.filter((action) => action !== undefined).filter(({ edits }) => isSameNetwork(document, edits))
}

/**
 * Moves the selected items of a list to a new block, and calls it in their place.
 *
 * @param blocks The names of all blocks, inherited ones included.
 */
function extractBlock(
  source: SourceDocument,
  path: Path,
  { start, end }: Span,
  blocks: readonly string[],
): CodeAction | undefined {
  const list = path.slice(0, -1)
  const last = end > start ? itemPathNear(source, end, start) : undefined
  // The selection may end in the layers of a repeat, which is then taken whole.
  const isOneList = last !== undefined && [...list.entries()].every(([index, step]) => last[index] === step)
  if (!isOneList || start === end) return undefined
  const items = linesOfItems(source, list, Number(path.at(-1)), Number(last[list.length]))
  if (items === undefined) return undefined
  const name = freshName('block', blocks)
  const lineBreak = lineBreakOf(source.text)
  const text = [`  ${name}:`, '    layers:', indent(items.text, 6 - items.column)].join(lineBreak) + lineBreak
  const section = source.pairAt(['blocks'])
  const at = startOfLine(source.text, source.locateKey(section === undefined ? ['layers'] : ['blocks']).start)
  const place = section === undefined ? at : endOfLine(source.text, at)
  const edits = [
    { span: { start: place, end: place }, newText: section === undefined ? `blocks:${lineBreak}${text}` : text },
    { span: items.span, newText: `${' '.repeat(items.column)}- ${name}` },
  ]
  return { title: `extract to the block \`${name}\``, kind: 'refactor.extract', edits }
}

/** Replaces a call of a block by the layers of the block. */
function inlineCall(source: SourceDocument, path: Path): CodeAction | undefined {
  const item = writtenValue(source, path)
  const [type, options] = isMap(item) && Object.keys(item).length === 1 ? Object.entries(item)[0]! : [String(item), {}]
  const spec = source.value as Readonly<Record<string, unknown>>
  const block = isMap(spec['blocks']) && Object.hasOwn(spec['blocks'], type) ? spec['blocks'][type] : undefined
  if (!isMap(block) || (options !== null && !isMap(options))) return undefined
  const params = isMap(block['params']) ? block['params'] : {}
  const given = { ...params, ...options }
  const hasOthers = Object.keys(given).some((key) => !Object.hasOwn(params, key))
  const layers = hasOthers ? undefined : linesOfList(source, ['blocks', type, 'layers'])
  const call = linesOfItems(source, path.slice(0, -1), Number(path.at(-1)), Number(path.at(-1)))
  if (layers === undefined || call === undefined) return undefined
  const text = substituteNames(layers.text, new Map(Object.entries(given)))
  if (text === undefined) return undefined
  const edits = [{ span: call.span, newText: indent(text, call.column - layers.column) }]
  return { title: `inline this call of \`${type}\``, kind: 'refactor.inline', edits }
}

/** The largest number of iterations that a refactoring writes out. */
const mostIterations = 64

/** Replaces a repeat by its iterations. */
function expandRepeat(source: SourceDocument, path: Path): CodeAction | undefined {
  const repeat = writtenValue(source, [...path, 'repeat'])
  if (!isMap(repeat) || Object.keys(repeat).some((key) => !['times', 'over', 'as', 'layers'].includes(key)))
    return undefined
  const { times, over, as } = repeat
  const values = Array.isArray(over)
    ? (over as readonly unknown[])
    : typeof times === 'number'
      ? [...Array(Math.min(times, mostIterations + 1)).keys()]
      : []
  if (values.length === 0 || values.length > mostIterations) return undefined
  const layers = linesOfList(source, [...path, 'repeat', 'layers'])
  const whole = linesOfItems(source, path.slice(0, -1), Number(path.at(-1)), Number(path.at(-1)))
  if (layers === undefined || whole === undefined) return undefined
  const texts = values.map((value) =>
    substituteNames(layers.text, new Map(typeof as === 'string' ? [[as, value]] : [])),
  )
  if (texts.includes(undefined)) return undefined
  const newText = texts.map((text) => indent(text!, whole.column - layers.column)).join(lineBreakOf(source.text))
  return {
    title: `expand this repeat to ${values.length} iterations`,
    kind: 'refactor.inline',
    edits: [{ span: whole.span, newText }],
  }
}

interface ItemLines {
  readonly text: string
  readonly span: Span
  /** The column of the dashes. */
  readonly column: number
}

function linesOfList(source: SourceDocument, path: Path): ItemLines | undefined {
  const list = source.nodeAt(path)
  return isSeq(list) ? linesOfItems(source, path, 0, list.items.length - 1) : undefined
}

/** The lines of items of a list in block style. Undefined if they share a line with something else, or use anchors. */
function linesOfItems(source: SourceDocument, path: Path, first: number, last: number): ItemLines | undefined {
  const list = source.nodeAt(path)
  if (!isSeq(list) || list.flow === true) return flowItems(source, path, first, last)
  const [from, to] = [spanOf(list.items[first]), spanOf(list.items[last])]
  if (from === undefined || to === undefined) return undefined
  const start = startOfLine(source.text, from.start)
  const before = source.text.slice(start, from.start)
  if (!/^ *-\s+$/.test(before)) return undefined
  const span = { start, end: endOfLine(source.text, to.end, false) }
  return { text: source.text.slice(span.start, span.end), span, column: before.indexOf('-') }
}

/** The items of a whole list in braces, written as lines. */
function flowItems(source: SourceDocument, path: Path, first: number, last: number): ItemLines | undefined {
  const list = source.nodeAt(path)
  if (!isSeq(list) || first !== 0 || last !== list.items.length - 1) return undefined
  const texts = list.items.map((item) => {
    const { start, end } = spanOf(item) ?? { start: 0, end: 0 }
    return source.text.slice(start, end).replace(/^\{\s*([\s\S]*?)\s*\}$/, '$1')
  })
  if (texts.some((text) => text === '' || text.includes('\n') || text.includes('#'))) return undefined
  const span = spanOf(list) ?? { start: 0, end: 0 }
  return { text: texts.map((text) => `- ${text}`).join(lineBreakOf(source.text)), span, column: 0 }
}

function indent(text: string, by: number): string {
  const lines = text.split(/\r?\n/)
  return lines
    .map((line) =>
      by >= 0 ? (line === '' ? line : ' '.repeat(by) + line) : line.replace(new RegExp(`^ {0,${-by}}`), ''),
    )
    .join(lineBreakOf(text))
}

function endOfLine(text: string, offset: number, withBreak = true): number {
  const found = text.indexOf('\n', offset)
  if (found < 0) return text.length
  return withBreak ? found + 1 : text[found - 1] === '\r' ? found - 1 : found
}

function freshName(word: string, taken: readonly string[]): string {
  let number = 1
  while (taken.includes(number === 1 ? word : `${word}${number}`)) number += 1
  return number === 1 ? word : `${word}${number}`
}
