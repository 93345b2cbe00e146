/** Phases 1 to 6 of the analysis in analyze.ts: from texts to the shape of each layer. They load neither rules nor sweeps. */
import type { ComposedSpec } from './compose/compose.ts'
import { noOtherTexts, type Diagnostic, type SpecTexts } from './diagnostics/diagnostic.ts'
import type { Graph } from './graph/graph.ts'
import { resolveGraph } from './graph/resolveGraph.ts'
import { inferShapes, type ShapedGraph } from './graph/shapes.ts'
import type { DatasetProbe } from './language/datasetDef.ts'
import type { SourceDocument } from './source/source.ts'
import { SpecParser } from './sweep/specParser.ts'
import { recoverSpec } from './validation/recoverSpec.ts'
import { readSpec, type Spec } from './validation/spec.ts'

/** Parses and expands texts of the spec, for phases that try changes of it. */
export type ParseSpec = (texts: SpecTexts) => ComposedSpec

/** What is known of a network before anything judges it. */
export interface InferredNetwork {
  readonly source: SourceDocument
  readonly spec: Spec
  readonly graph: Graph
  readonly shaped: ShapedGraph
}

export interface InferredSpec extends InferredNetwork {
  readonly composed: ComposedSpec
  /** The document without broken entries; `source` if it has none. */
  readonly repaired: SourceDocument
  /** What was broken; undefined if the document is not a map. */
  readonly recovered: ReturnType<typeof recoverSpec> | undefined
  readonly graphProblems: readonly Diagnostic[]
  readonly shapeProblems: readonly Diagnostic[]
}

export function inferSpec(texts: SpecTexts, probe: DatasetProbe, parse: ParseSpec): InferredSpec {
  const composed = parse(texts)
  const { source } = composed
  const isMap = source.value !== null && typeof source.value === 'object' && !Array.isArray(source.value)
  const recovered = isMap ? recoverSpec(source, parse) : undefined
  const repaired = recovered?.source ?? source
  const spec = readSpec(repaired, recovered?.broken ?? [], probe)
  const { graph, diagnostics: graphProblems } = resolveGraph(spec, repaired)
  const { shaped, diagnostics: shapeProblems } = inferShapes(graph, repaired)
  return { source, spec, graph, shaped, composed, repaired, recovered, graphProblems, shapeProblems }
}

/** Infers the shapes of a text. */
export function inferText(text: string, file: string, probe: DatasetProbe): InferredNetwork {
  const parser = new SpecParser(file, [], probe.host)
  return inferSpec({ text, otherTexts: noOtherTexts }, probe, (texts) => parser.parse(texts))
}
