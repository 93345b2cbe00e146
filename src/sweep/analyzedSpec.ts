import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { ShapedGraph } from '../graph/shapes.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../validation/spec.ts'

/** The parts of the analysis of a spec that decide about a trial. */
export interface AnalyzedSpec {
  readonly source: SourceDocument
  readonly spec: Spec
  readonly shaped: ShapedGraph
  readonly diagnostics: readonly Diagnostic[]
}
