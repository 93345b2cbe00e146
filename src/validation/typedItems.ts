/** Fixes items such as `- type: Conv2D` with options beside it, or `class_name: Dense, config: { … }`: here the type must be the key. */
import { isMap, isScalar } from 'yaml'
import type { Fix, Path, TextEdit } from '../diagnostics/diagnostic.ts'
import { yamlText } from '../source/edits.ts'
import { spanOf, type SourceDocument } from '../source/source.ts'
import { isWithoutReferences } from './partFixes.ts'
import type { SchemaNode } from './schemaNode.ts'

const typeKeys = ['type', 'class_name', 'className', 'class', 'op', 'kind', 'layer_type', '_target_']
const optionKeys: ReadonlySet<string> = new Set(['config', 'options', 'params', 'args', 'kwargs'])

/** Finds the key that gives the type of the item at `path`. */
export function typeKeyOf(path: Path, value: unknown, choice: SchemaNode): string | undefined {
  if (value === null || typeof value !== 'object' || path[0] === 'loss') return undefined
  const item = value as Readonly<Record<string, unknown>>
  // The `name` of a layer is not its type.
  const keys = path[0] === 'layers' ? typeKeys : [...typeKeys, 'name']
  return keys.find((key) => typeof item[key] === 'string' && !Object.hasOwn(choice.properties ?? {}, key))
}

export function fixesOfTypedItem(
  source: SourceDocument,
  path: Path,
  item: Readonly<Record<string, unknown>>,
  typeKey: string,
): Fix[] {
  const type = String(item[typeKey])
  const { [typeKey]: _type, ...rest } = item
  const only = Object.keys(rest).find((key) => optionKeys.has(key) && isOptions(rest[key]))
  const { [only ?? '']: inner, ...beside } = rest
  const options = only === undefined ? rest : { ...beside, ...(inner as object) }
  const node = source.nodeAt(path)
  if (!isWithoutReferences(node)) return []
  const isEmpty = Object.keys(options).length === 0
  const entry = `${yamlText(type)}: ${yamlText(options)}`
  const isItem = typeof path.at(-1) === 'number'
  const whole = isEmpty ? yamlText(type) : isItem ? entry : `{ ${entry} }`
  const edits =
    (only === undefined && !isEmpty ? nestLines(source, path, typeKey, type) : undefined) ??
    replaceWhole(source, path, whole)
  return edits ? [{ kind: 'rewrite', title: `write \`${isEmpty ? whole : `${yamlText(type)}: { … }`}\``, edits }] : []
}

function isOptions(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** In block style, indents the lines of the options under the type and otherwise keeps them. */
function nestLines(source: SourceDocument, path: Path, typeKey: string, type: string): TextEdit[] | undefined {
  const map = source.nodeAt(path)
  if (!isMap(map) || map.flow === true) return undefined
  const [first, next] = map.items
  const [key, value] = [spanOf(first?.key), spanOf(first?.value)]
  const start = spanOf(next?.key)?.start
  if (!isScalar(first?.key) || first.key.value !== typeKey || !key || !value || start === undefined) return undefined
  const end = spanOf(map)?.end ?? start
  const lineStarts = [...source.text.slice(start, end).matchAll(/\n(?=[^\r\n])/g)]
  const indents = [start, ...lineStarts.map(({ index }) => start + index + 1)].map((at) => ({
    span: { start: at, end: at },
    newText: '  ',
  }))
  return [{ span: { start: key.start, end: value.end }, newText: `${yamlText(type)}:` }, ...indents]
}

/** Replaces the item by text on one line, unless comments would be lost. */
function replaceWhole(source: SourceDocument, path: Path, newText: string): TextEdit[] | undefined {
  const span = spanOf(source.nodeAt(path))
  if (span === undefined) return undefined
  const text = source.text.slice(span.start, span.end)
  if (/(^|\s)#/.test(text)) return undefined
  const isBlock = text.includes('\n') && !text.startsWith('{')
  if (!isBlock || typeof path.at(-1) === 'number') return [{ span, newText }]
  // A map on the lines below its key moves up to the line of the key.
  const before = source.text.slice(0, span.start).trimEnd().length
  return [{ span: { start: before, end: span.end }, newText: ` ${newText}` }]
}
