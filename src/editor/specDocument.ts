/** An open spec: its text, its analysis, and the layers that each written item of a list of layers became. */
import { checkText, type Analysis, type AnalysisOptions } from '../analyze.ts'
import { FileLines, type LineIndex } from '../diagnostics/positions.ts'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import type { ShapedNode } from '../graph/shapes.ts'

export interface SpecDocument {
  readonly file: string
  readonly text: string
  readonly lines: LineIndex
  /** The lines of the spec and of the other files that diagnostics point to. */
  readonly files: FileLines
  readonly analysis: Analysis
  /** The options of the analysis, for further analyses of changed texts. */
  readonly options: AnalysisOptions
  /** The items of all lists of layers that became layers of the network, by the offset of their type. */
  readonly items: ReadonlyMap<number, WrittenItem>
}

/** An item in a list of layers as written: a layer, a call of a block or a repeat. */
export interface WrittenItem {
  /** The span of its type, the word that every item begins with. */
  readonly typeSpan: Span
  /**
   * The layers of the network that it became, a list for each time that composition used it. A layer of a block that is
   * called three times has three lists of one; a call of a block with four layers has one list of four.
   */
  readonly uses: readonly (readonly ShapedNode[])[]
}

export function openSpec(text: string, file: string, options: AnalysisOptions = {}): SpecDocument {
  const analysis = checkText(text, file, options)
  const files = new FileLines(file, text, analysis.source.otherTexts)
  return {
    file,
    text,
    lines: files.linesOf({ start: 0, end: 0 }),
    files,
    analysis,
    options,
    items: findItems(analysis),
  }
}

/** Groups the layers of the network by the items that they were written in, from the layer to its outermost call. */
function findItems({ source, shaped }: Analysis): Map<number, WrittenItem> {
  const found = new Map<number, { typeSpan: Span; uses: Map<string, ShapedNode[]> }>()
  for (const node of shaped.nodes) {
    if (node.implied) continue
    const path = node.item.path.slice(0, 2)
    const places = [typeSpanOf(node, path, source), ...(source.usesOf(path)?.chains[0] ?? []).map(({ span }) => span)]
    for (const [index, span] of places.entries()) {
      if (span.file !== undefined) continue
      const use = places.slice(index + 1).map(({ start }) => start)
      const item = found.get(span.start) ?? { typeSpan: span, uses: new Map<string, ShapedNode[]>() }
      found.set(span.start, item)
      const key = use.join(' ')
      const nodes = item.uses.get(key)
      if (nodes === undefined) item.uses.set(key, [node])
      // The chain of calls does not tell the iterations of an outer repeat apart, but a layer occurs once in each of them.
      else if (index === 0) item.uses.set(`${key} ${node.name}`, [node])
      else nodes.push(node)
    }
  }
  return new Map([...found].map(([start, { typeSpan, uses }]) => [start, { typeSpan, uses: [...uses.values()] }]))
}

function typeSpanOf({ item }: ShapedNode, path: Path, source: Analysis['source']): Span {
  return item.path.length > path.length ? source.locateKey(item.path) : source.locateValue(path)
}
