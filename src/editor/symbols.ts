/** The outline of a spec, its code lenses and semantic tokens. */
import { formatBytes, formatCount, formatLarge } from '../diagnostics/formatCount.ts'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { costOf } from '../graph/cost.ts'
import { isMap } from '../compose/blocks.ts'
import { describeBriefly } from './layerFacts.ts'
import { findNames } from './names.ts'
import type { SpecDocument } from './specDocument.ts'

export interface OutlineEntry {
  readonly name: string
  readonly kind: 'section' | 'layer' | 'block' | 'variable'
  readonly detail?: string
  readonly span: Span
  readonly nameSpan: Span
  readonly children: readonly OutlineEntry[]
}

export function outlineOf({ analysis: { source }, items }: SpecDocument): readonly OutlineEntry[] {
  const written = source.written
  const detailOf = (start: number) => {
    const item = items.get(start)
    return item === undefined ? {} : { detail: describeBriefly(item) }
  }
  const entryOf = (
    name: string,
    kind: OutlineEntry['kind'],
    path: Path,
    children: readonly OutlineEntry[] = [],
  ): OutlineEntry => {
    const nameSpan = written.locateKey(path)
    const value = written.locateValue(path)
    const span = { start: nameSpan.start, end: Math.max(nameSpan.end, value.end) }
    return { name, kind, ...detailOf(nameSpan.start), span, nameSpan, children }
  }
  const layersOf = (list: unknown, path: Path): OutlineEntry[] =>
    (Array.isArray(list) ? (list as readonly unknown[]) : []).map((item, index) => {
      const [type, options] = isMap(item) ? (Object.entries(item)[0] ?? ['', null]) : [String(item), null]
      const place = isMap(item) ? [...path, index, type] : [...path, index]
      const inner = isMap(options) ? layersOf(options['layers'], [...place, 'layers']) : []
      const stated = isMap(options) && typeof options['name'] === 'string' ? `${type} ${options['name']}` : type
      return entryOf(stated, 'layer', place, inner)
    })
  const childrenOf = (key: string, value: unknown): OutlineEntry[] => {
    if (key === 'layers') return layersOf(value, [key])
    if (!isMap(value)) return []
    if (key === 'vars') return Object.keys(value).map((name) => entryOf(name, 'variable', [key, name]))
    if (key !== 'blocks') return []
    return Object.entries(value).map(([name, block]) =>
      entryOf(name, 'block', [key, name], layersOf(isMap(block) ? block['layers'] : [], [key, name, 'layers'])),
    )
  }
  const spec = isMap(written.value) ? written.value : {}
  return Object.entries(spec).map(([key, value]) => entryOf(key, 'section', [key], childrenOf(key, value)))
}

export interface CodeLens {
  readonly span: Span
  readonly title: string
  /** The command line that it runs; undefined for one that only shows something. */
  readonly command?: 'train' | 'summary'
}

/** The cost of the network above its layers, and the commands to run. */
export function codeLenses({ analysis: { source, spec, shaped } }: SpecDocument): readonly CodeLens[] {
  if (!isMap(source.written.value) || source.written.value['layers'] === undefined || !shaped.complete) return []
  const span = source.written.locateKey(['layers'])
  const { params, flops, stepBytes, batchSize } = costOf(spec, shaped)
  const cost = `${formatCount(params)} parameters · ${formatLarge(flops)}FLOP for each sample · ${formatBytes(stepBytes)} for a step of ${batchSize}`
  return [
    { span, title: cost },
    { span, title: 'train', command: 'train' },
    { span, title: 'summary', command: 'summary' },
  ]
}

export interface SemanticToken {
  readonly span: Span
  readonly type: 'variable' | 'function'
}

/** The variables in references and expressions, and the calls of blocks. */
export function semanticTokens({ analysis: { source } }: SpecDocument): readonly SemanticToken[] {
  return findNames(source).flatMap(({ kind, span, isDefinition }): SemanticToken[] => {
    if (kind === 'layer') return []
    return kind === 'block' || !isDefinition ? [{ span, type: kind === 'block' ? 'function' : 'variable' }] : []
  })
}
