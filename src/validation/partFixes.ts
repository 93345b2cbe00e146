/** Fixes that translate a part of another library. */
import { isAlias, isCollection, isMap, isScalar, type Node, type Pair } from 'yaml'
import type { Fix, Path, TextEdit } from '../diagnostics/diagnostic.ts'
import { lineBreakOf, removeEntry, renameKey, yamlText } from '../source/edits.ts'
import { spanOf, type SourceDocument } from '../source/source.ts'
import { walkNodes } from '../source/walkNodes.ts'
import type { Options } from './foreignArguments.ts'
import type { Translation } from './translatePart.ts'

/** Fixes a part that is written as a key with options under it, `Conv2D: { … }`. */
export function fixesOfKey(source: SourceDocument, place: Path, translations: readonly Translation[]): Fix[] {
  const key = String(place.at(-1))
  return translations.flatMap((translation): Fix[] => {
    const { part, kind, isRenaming } = translation
    const renamed = renameKey(source, place, part)
    if (renamed === undefined) return []
    if (isRenaming) return [{ kind, title: `replace \`${key}\` with \`${part}\``, edits: renamed }]
    const value = source.pairAt(place)?.value
    if (!isWithoutReferences(value)) return []
    const isBlock = isMap(value) && value.flow !== true
    const options = isBlock ? convertPairs(source, value.items as Pair[], translation) : undefined
    if (options !== undefined) {
      return [{ kind, title: `write \`${part}: ${yamlText(translation.options)}\``, edits: [...renamed, ...options] }]
    }
    const span = { ...source.locateKey(place), end: source.locateValue(place).end }
    const newText = `${part}: ${yamlText(translation.options)}`
    return [{ kind, title: `write \`${newText}\``, edits: [{ span, newText }] }]
  })
}

/** Fixes a part that is written as a word, `Conv2D(32, 3)` or `Dropout`. */
export function fixesOfWord(source: SourceDocument, path: Path, translations: readonly Translation[]): Fix[] {
  const span = spanOf(source.nodeAt(path))
  if (span === undefined) return []
  return translations.map(({ part, options, kind }): Fix => {
    const isBare = Object.keys(options).length === 0
    const entry = isBare ? part : `${part}: ${yamlText(options)}`
    // In a list, an entry needs no braces.
    const newText = isBare || typeof path.at(-1) === 'number' ? entry : `{ ${entry} }`
    const written = source.text.slice(span.start, span.end)
    const title = isBare ? `replace \`${written}\` with \`${part}\`` : `write \`${newText}\``
    return { kind, title, edits: [{ span, newText }] }
  })
}

/** Fixes an option that this language lacks: removes it, or writes the options that have its meaning. */
export function fixesOfAbsent(source: SourceDocument, place: Path, options: Options): Fix[] {
  const key = String(place.at(-1))
  const entries = Object.entries(options).map(([option, value]) => `${option}: ${yamlText(value)}`)
  if (entries.length === 0) {
    const edits = removeEntry(source, place)
    return edits === undefined ? [] : [{ kind: 'rewrite', title: `remove \`${key}\``, edits }]
  }
  const map = source.nodeAt(place.slice(0, -1))
  if (!isMap(map) || !isWithoutReferences(source.nodeAt(place))) return []
  const { start } = source.locateKey(place)
  const newText = entries.join(map.flow === true ? ', ' : indentOf(source, start))
  const edits = [{ span: { start, end: source.locateValue(place).end }, newText }]
  return [{ kind: 'rewrite', title: `write \`${entries.join(', ')}\``, edits }]
}

/** Whether a node can be rewritten without losing an anchor, an alias or a reference. */
export function isWithoutReferences(node: unknown): boolean {
  let found = false
  walkNodes(node as Node | null, (one) => {
    if (isAlias(one) || ((isScalar(one) || isCollection(one)) && one.anchor !== undefined)) found = true
    if (isScalar(one) && typeof one.value === 'string' && one.value.startsWith('$')) found = true
  })
  return !found
}

/** Converts options in block style line by line, which keeps their comments. */
function convertPairs(
  source: SourceDocument,
  pairs: readonly Pair[],
  translation: Translation,
): TextEdit[] | undefined {
  const edits: TextEdit[] = []
  const written = new Set<string>()
  let first: number | undefined
  for (const pair of pairs) {
    const [key, value] = [spanOf(pair.key), spanOf(pair.value)]
    if (!isScalar(pair.key) || key === undefined) return undefined
    const word = String(pair.key.value)
    const converted = translation.convert(word)
    if (converted === undefined) {
      written.add(word)
      first ??= key.start
      continue
    }
    if (!isScalar(pair.value) || value === undefined) return undefined
    const entries = Object.entries(converted)
    for (const [option] of entries) written.add(option)
    const [[option, content] = [], ...more] = entries
    if (option === undefined) {
      const lineStart = source.text.lastIndexOf('\n', key.start)
      if (lineStart < 0) return undefined
      const lineEnd = source.text.indexOf('\n', value.end)
      edits.push({ span: { start: lineStart, end: lineEnd < 0 ? source.text.length : lineEnd }, newText: '' })
      continue
    }
    const indent = indentOf(source, key.start)
    const newText = [[option, content], ...more].map(([name, one]) => `${String(name)}: ${yamlText(one)}`).join(indent)
    const edit = { span: { start: key.start, end: Math.max(value.end, key.end) }, newText }
    if (content !== pair.value.value || option !== word) edits.push(edit)
    first ??= key.start
  }
  const added = Object.entries(translation.options).filter(([option]) => !written.has(option))
  if (added.length === 0) return edits
  if (first === undefined) return undefined
  const start = first
  const indent = indentOf(source, start)
  const newText = added.map(([option, value]) => `${option}: ${yamlText(value)}${indent}`).join('')
  const other = edits.find(({ span }) => span.start === start)
  if (other === undefined) return [{ span: { start, end: start }, newText }, ...edits]
  return edits.map((edit) => (edit === other ? { ...edit, newText: newText + edit.newText } : edit))
}

/** A line break, followed by the indentation of the text at `offset`. */
function indentOf({ text }: SourceDocument, offset: number): string {
  return lineBreakOf(text) + ' '.repeat(offset - text.lastIndexOf('\n', offset) - 1)
}
