/** Finds what is written at an offset: the path from the root of the spec, and whether the offset is in a key or in a value. */
import { isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { spanOf, type SourceDocument } from '../source/source.ts'

export interface Place {
  /** The path of the key or the value, as written. */
  readonly path: Path
  readonly role: 'key' | 'value'
  readonly span: Span
  /** The text of the scalar; empty for a list, a map or nothing. */
  readonly word: string
}

/** Returns undefined between values, such as on an empty line. */
export function placeAt(source: SourceDocument, offset: number): Place | undefined {
  return descend(source.written.nodeAt([]), [], offset)
}

/** The path of the list item at an offset, or of the nearest one from there to `limit`: whole lines may be selected. */
export function itemPathNear(source: SourceDocument, offset: number, limit: number): Path | undefined {
  const step = limit < offset ? -1 : 1
  for (let at = offset; at !== limit + step; at += step) {
    const path = itemPathOf(placeAt(source, at)?.path ?? [])
    if (path !== undefined) return path
  }
  return undefined
}

function descend(node: Node | undefined, path: Path, offset: number): Place | undefined {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const inner = [...path, String(key.value)]
      const keySpan = spanOf(key)
      if (keySpan !== undefined && contains(keySpan, offset)) {
        return { path: inner, role: 'key', span: keySpan, word: String(key.value) }
      }
      if (isAt(value, offset)) return descend(value as Node, inner, offset)
    }
    return undefined
  }
  if (isSeq(node)) {
    const index = node.items.findIndex((item) => isAt(item, offset))
    return index < 0 ? undefined : descend(node.items[index] as Node, [...path, index], offset)
  }
  const span = spanOf(node)
  if (span === undefined || !contains(span, offset)) return undefined
  return { path, role: 'value', span, word: isScalar(node) ? String(node.value ?? '') : '' }
}

function isAt(node: unknown, offset: number): boolean {
  const span = spanOf(node)
  return span !== undefined && contains(span, offset)
}

function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end
}

/** The path of the layer item that contains a path; undefined outside the lists of layers, such as in the names in `weights`. */
export function itemPathOf(path: Path): Path | undefined {
  if (path[0] === 'weights') return undefined
  const index = path.findLastIndex((step, at) => typeof step === 'number' && path[at - 1] === 'layers')
  return index < 0 ? undefined : path.slice(0, index + 1)
}

/** The span of the type of the item at `path`: of the key of `dense: { … }`, or of the word `flatten`. */
export function typeSpan(source: SourceDocument, path: Path): Span | undefined {
  const node = source.written.nodeAt(path)
  return spanOf(isMap(node) ? node.items[0]?.key : node)
}

/** The value at a path as written; undefined if it is missing or the text cannot be parsed. */
export function writtenValue(source: SourceDocument, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    const isInside = value !== null && typeof value === 'object' && Object.hasOwn(value, step)
    return isInside ? (value as Readonly<Record<string | number, unknown>>)[step] : undefined
  }, source.written.value)
}

/** The keys of the map at a path, also in a text that cannot be parsed. */
export function writtenKeys(source: SourceDocument, path: Path): readonly string[] {
  const node = source.written.nodeAt(path)
  return isMap(node) ? node.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : []
}

/** The offset at which the line of an offset begins. */
export function startOfLine(text: string, offset: number): number {
  // `lastIndexOf` takes a negative position for 0.
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}
