/** Runs all rules, which check what schema and shapes cannot: whether data, network, loss and optimizer fit together. */
import { keyOfSpan, type Diagnostic } from '../diagnostics/diagnostic.ts'
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

/** Keeps the first of equal diagnostics: a loss of several outputs may be wrong for each of them, but that is one mistake. */
function withoutRepetition(found: readonly Diagnostic[]): Diagnostic[] {
  const firsts = new Map(found.toReversed().map((one) => [`${one.code} ${keyOfSpan(one.span)} ${one.message}`, one]))
  return found.filter((one) => firsts.get(`${one.code} ${keyOfSpan(one.span)} ${one.message}`) === one)
}
