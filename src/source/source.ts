/**
 * Parses YAML text to a document that can answer "where is /layers/3/conv2d/kernelSize?". Aliases and merge keys are followed
 * to the node where the value was written, so a mistake in an anchored map is reported at its origin.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import {
  noOtherTexts,
  type Diagnostic,
  type Path,
  type Span,
  type SpecTexts,
  type Uses,
} from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { NodeReader, nestedTooDeep } from './nodeReader.ts'
import { parseYaml } from './parseYaml.ts'
import { reportSyntaxErrors } from './syntaxErrors.ts'
import { findSplitTexts, reportSplit, withoutSplits } from './splitTexts.ts'

/** The limit in characters. A spec of 100,000 layers has five million, and takes seconds and a gigabyte of memory. */
const LARGEST_TEXT = 6_000_000

export interface SourceDocument {
  readonly file: string
  readonly text: string
  /** The document as plain data: maps without a prototype, lists and scalars. */
  readonly value: unknown
  /** Returns the span of the value at `path`, or of its nearest ancestor that exists. */
  locateValue(path: Path): Span
  /** Returns the span of the key that holds the value at `path`; for a list item, the span of the item. */
  locateKey(path: Path): Span
  /** Returns the node at `path`, with aliases followed; undefined if it does not exist. */
  nodeAt(path: Path): Node | undefined
  /** Returns the pair that holds the value at `path`, if its parent is a map. */
  pairAt(path: Path): Pair | undefined
  /** The texts of other files that values come from, by the name of the file. */
  readonly otherTexts: ReadonlyMap<string, string>
  /** The document as written; the document itself if it is not composed. */
  readonly written: SourceDocument
  /**
   * Returns the document and the path at which the value at `path` was written, which are others in a composed spec; undefined
   * for a value of the command line.
   */
  writtenAt(path: Path): WrittenPlace | undefined
  /** The files that the spec extends, as far as they are known, from its parent on. */
  readonly parents: readonly string[]
  readonly completeness: Completeness
  /** Returns how composition brought the value to `path`; undefined in a plain spec. */
  usesOf(path: Path): Uses | undefined
  /** The places whose values could not be computed, which has been reported. */
  readonly unknown: readonly Path[]
}

/**
 * Whether a spec has all that it needs. An `abstract` one is only there to be extended; of one whose parent is missing, what it
 * takes from that is unknown.
 */
export type Completeness = 'complete' | 'abstract' | 'parent missing'

export interface ParsedSource {
  readonly source: SourceDocument
  readonly diagnostics: readonly Diagnostic[]
}

/** A place in the text of a spec or of a file that it extends. */
export interface WrittenPlace {
  readonly document: SourceDocument
  readonly path: Path
}

/** Parses other texts of the same spec and of the files that it extends. */
export type ParseText = (texts: SpecTexts) => ParsedSource

/** Parses `text`. Never throws: returns mistakes as diagnostics, and as `value` everything that could be read. */
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
  const split = asWritten.tooDeep === undefined ? findSplitTexts(asWritten.document, text) : []
  const { document, tooDeep } = split.length === 0 ? asWritten : parseYaml(withoutSplits(text, split))
  if (tooDeep !== undefined) return tooLarge(nestedTooDeep, tooDeep)
  const inSyntax = [...split.map(reportSplit), ...reportSyntaxErrors(document, text)]
  const reader = new NodeReader(document)
  const value = inSyntax.some(({ code }) => code === 'source/syntax') ? null : reader.read(document.contents)
  const diagnostics = [...inSyntax, ...reader.diagnostics]
  const source = new YamlSource(file, text, value, document.contents ?? undefined, reader)
  if (diagnostics.length === split.length && !isMap(source.nodeAt([]))) {
    const span = document.contents?.range ?? [0, 0]
    const what = 'a spec is a map with at least `name: …` and `layers: …`'
    diagnostics.push(sourceProblem('source/not-a-map', what, [span[0], span[1]]))
  }
  return { source, diagnostics: diagnostics.map((one) => ({ ...one, span: clampSpan(one.span, text.length) })) }
}

/** Clamps a span to the text: the parser places something missing at the end one character past it. */
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
  readonly otherTexts = noOtherTexts
  readonly unknown: readonly Path[] = []
  readonly parents: readonly string[] = []
  readonly completeness = 'complete'
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

  get written(): SourceDocument {
    return this
  }

  writtenAt(path: Path): WrittenPlace {
    return { document: this, path }
  }

  usesOf(): undefined {
    return undefined
  }

  locateValue(path: Path): Span {
    const steps = this.walk(path)
    for (const { node, pair, isItem } of steps.toReversed()) {
      const span = node === undefined ? undefined : spanOf(node)
      if (span !== undefined && span.end > span.start) return span
      if (span !== undefined && isItem === true) return this.dashOfEmptyItem(span.start)
      if (pair !== undefined && isScalar(pair.key)) return spanOf(pair.key) ?? { start: 0, end: 0 }
    }
    return { start: 0, end: 0 }
  }

  locateKey(path: Path): Span {
    const key = this.pairAt(path)?.key
    return (isScalar(key) ? spanOf(key) : undefined) ?? this.locateValue(path)
  }

  /** The dash of an empty list item. The parser places the missing value after the dash, or on a later line. */
  private dashOfEmptyItem(offset: number): Span {
    const dash = this.text.lastIndexOf('-', offset)
    return dash < 0 ? { start: offset, end: offset } : { start: dash, end: dash + 1 }
  }

  /** The nodes from the root to `path`, as far as they exist, each with the pair that holds it if its parent is a map. */
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
      // In reverse order, so the first of duplicate keys wins.
      own = new Map(
        map.items.toReversed().flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])),
      )
      this.pairs.set(map, own)
    }
    const found = own.get(key)
    if (found !== undefined) return found
    return this.reader?.mergedMaps(map).flatMap((merged) => this.findPair(merged, key) ?? [])[0]
  }

  /** Follows an alias. One that refers to nothing, or to itself, is returned as it is, so it has a position. */
  private resolve(node: Node | undefined): Node | undefined {
    return isAlias(node) ? (this.reader?.resolveAlias(node) ?? node) : node
  }
}

/** Returns the span of a node itself, without the comment or white space after it. */
export function spanOf(node: unknown): Span | undefined {
  if (isPair(node)) return spanOf(node.key)
  const range = (node as Node | undefined)?.range
  return range ? { start: range[0], end: endOf(node as Node, range[1]) } : undefined
}

/** The end of a node. A list or map in block style ends with its last value; the parser includes comments after it. */
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
