/** Checks what no schema and no shape sees: whether data, network, loss and optimizer mean the same thing. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../validation/spec.ts'
import type { ShapedGraph } from '../graph/shapes.ts'
import { networkOf } from './checkedNetwork.ts'
import { ruleTable } from './table.ts'

export function checkMeaning(
  spec: Spec,
  shaped: ShapedGraph,
  source: SourceDocument,
  rules = ruleTable,
): readonly Diagnostic[] {
  const network = networkOf(spec, shaped, source)
  return withoutRepetition(rules.flatMap((rule) => rule.check(network)))
}

/** What serves several outputs, such as their loss, may be wrong for each of them: that is one mistake. */
function withoutRepetition(found: readonly Diagnostic[]): Diagnostic[] {
  const told = new Map(found.toReversed().map((one) => [`${one.code} ${one.span.start} ${one.message}`, one]))
  return found.filter((one) => told.get(`${one.code} ${one.span.start} ${one.message}`) === one)
}
