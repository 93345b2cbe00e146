/**
 * YAML text to a document that can answer "where is /layers/3/conv2d/kernelSize?". Aliases and merge keys are followed to
 * the node where the value was written, so that a mistake in an anchored map is reported where its author made it.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Diagnostic, Path, Span } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { NodeReader, nestedTooDeep } from './nodeReader.ts'
import { parseYaml } from './parseYaml.ts'
import { tellSyntaxErrors } from './syntaxErrors.ts'
import { findTuples, tellTuple, withLists } from './tuples.ts'

/** In characters. A spec of 100,000 layers has five million, and takes seconds and a gigabyte of memory. */
const LARGEST_TEXT = 6_000_000

export interface SourceDocument {
  readonly file: string
  readonly text: string
  /** The document as plain data: maps without a prototype, lists, scalars. */
  readonly value: unknown
  /** The place of the value at `path`, or of the nearest that exists above it. */
  locateValue(path: Path): Span
  /** The place of the key that holds the value at `path`; for an item of a list, the item's. */
  locateKey(path: Path): Span
  /** The node at `path`, with aliases followed; undefined where there is none. */
  nodeAt(path: Path): Node | undefined
  /** The pair that holds the value at `path`, where its parent is a map. */
  pairAt(path: Path): Pair | undefined
}

export interface ParsedSource {
  readonly source: SourceDocument
  readonly diagnostics: readonly Diagnostic[]
}

/** Parses a text of the file at hand. */
export type ParseText = (text: string) => ParsedSource

/** Parses `text`. Never throws: what is wrong with it comes back as diagnostics, and `value` is what could be read. */
export function parseSource(text: string, file: string): ParsedSource {
  const tooLarge = (message: string, offset: number): ParsedSource => ({
    source: new YamlSource(file, text, null, undefined),
    diagnostics: [sourceProblem('source/too-large', message, [offset, offset])],
  })
  if (text.length > LARGEST_TEXT) {
    const size = `${(text.length / 1e6).toFixed(1)} million characters`
    return tooLarge(`this text has ${size}; the limit for a spec is ${LARGEST_TEXT / 1e6} million`, 0)
  }
  const asWritten = parseYaml(text)
  const tuples = asWritten.tooDeep === undefined ? findTuples(asWritten.document, text) : []
  const { document, tooDeep } = tuples.length === 0 ? asWritten : parseYaml(withLists(text, tuples))
  if (tooDeep !== undefined) return tooLarge(nestedTooDeep, tooDeep)
  const inSyntax = [...tuples.map(tellTuple), ...tellSyntaxErrors(document, text)]
  const reader = new NodeReader(document)
  const value = inSyntax.some(({ code }) => code === 'source/syntax') ? null : reader.read(document.contents)
  const diagnostics = [...inSyntax, ...reader.diagnostics]
  const source = new YamlSource(file, text, value, document.contents ?? undefined, reader)
  if (diagnostics.length === tuples.length && !isMap(source.nodeAt([]))) {
    const span = document.contents?.range ?? [0, 0]
    const what = 'a spec is a map with at least `name: …` and `layers: …`'
    diagnostics.push(sourceProblem('source/not-a-map', what, [span[0], span[1]]))
  }
  return { source, diagnostics: diagnostics.map((one) => ({ ...one, span: clampSpan(one.span, text.length) })) }
}

/** The parser places what is missing at the end one past it. */
function clampSpan({ start, end }: Span, length: number): Span {
  return { start: Math.min(start, length), end: Math.min(end, length) }
}

interface Step {
  readonly node: Node | undefined
  readonly pair?: Pair
  readonly isItem?: boolean
}

class YamlSource implements SourceDocument {
  readonly file: string
  readonly text: string
  readonly value: unknown
  private readonly root: Node | undefined
  private readonly reader: NodeReader | undefined
  private readonly pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>()

  constructor(file: string, text: string, value: unknown, root: Node | undefined, reader?: NodeReader) {
    this.file = file
    this.text = text
    this.value = value
    this.root = root
    this.reader = reader
  }

  nodeAt(path: Path): Node | undefined {
    const steps = this.walk(path)
    return steps.length === path.length + 1 ? steps.at(-1)?.node : undefined
  }

  pairAt(path: Path): Pair | undefined {
    const steps = this.walk(path)
    return steps.length === path.length + 1 ? steps.at(-1)?.pair : undefined
  }

  locateValue(path: Path): Span {
    const steps = this.walk(path)
    for (const { node, pair, isItem } of steps.toReversed()) {
      const span = node === undefined ? undefined : spanOf(node)
      if (span !== undefined && span.end > span.start) return span
      if (span !== undefined && isItem === true) return this.placeOfNothing(span.start)
      if (pair !== undefined && isScalar(pair.key)) return spanOf(pair.key) ?? { start: 0, end: 0 }
    }
    return { start: 0, end: 0 }
  }

  locateKey(path: Path): Span {
    const key = this.pairAt(path)?.key
    return (isScalar(key) ? spanOf(key) : undefined) ?? this.locateValue(path)
  }

  /** The dash of an item that is empty; the parser places what is not there behind it, or on a later line. */
  private placeOfNothing(offset: number): Span {
    const dash = this.text.lastIndexOf('-', offset)
    return dash < 0 ? { start: offset, end: offset } : { start: dash, end: dash + 1 }
  }

  /** The nodes from the root to `path`, as far as they exist; each with the pair that holds it, in a map. */
  private walk(path: Path): Step[] {
    const steps: Step[] = [{ node: this.resolve(this.root) }]
    for (const step of path) {
      const parent = steps.at(-1)?.node
      if (isSeq(parent) && typeof step === 'number' && step < parent.items.length) {
        steps.push({ node: this.resolve(parent.items[step] as Node), isItem: true })
      } else if (isMap(parent)) {
        const pair = this.findPair(parent, String(step))
        if (pair === undefined) break
        steps.push({ node: this.resolve(pair.value as Node), pair })
      } else break
    }
    return steps
  }

  private findPair(map: YAMLMap, key: string): Pair | undefined {
    let own = this.pairs.get(map)
    if (own === undefined) {
      // Of a key that stands twice, the first.
      own = new Map(
        map.items.toReversed().flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])),
      )
      this.pairs.set(map, own)
    }
    const found = own.get(key)
    if (found !== undefined) return found
    return this.reader?.mergedMaps(map).flatMap((merged) => this.findPair(merged, key) ?? [])[0]
  }

  /** An alias of nothing, or of itself, stands for itself, so that it has a place. */
  private resolve(node: Node | undefined): Node | undefined {
    return isAlias(node) ? (this.reader?.resolveAlias(node) ?? node) : node
  }
}

/** The text of a node itself, without the comment or blank space behind it. */
export function spanOf(node: unknown): Span | undefined {
  if (isPair(node)) return spanOf(node.key)
  const range = (node as Node | undefined)?.range
  return range ? { start: range[0], end: endOf(node as Node, range[1]) } : undefined
}

/** A list or map in block style ends where its last value does; the parser counts the comments behind it in. */
function endOf(node: Node, stated: number): number {
  let last: unknown = node
  let end = stated
  while ((isMap(last) || isSeq(last)) && last.flow !== true && last.items.length > 0) {
    const item: unknown = last.items.at(-1)
    const key = isPair(item) ? ((item.key as Node | null)?.range?.[1] ?? 0) : 0
    last = isPair(item) ? item.value : item
    end = Math.max(key, (last as Node | null)?.range?.[1] ?? 0)
  }
  return Math.min(end, stated)
}
