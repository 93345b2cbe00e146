/** Checks whether the engine can train the network: a layer that lacks a needed gradient would fail only during the run. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { layerDef } from '../parts/layers/table.ts'
import { reportAt } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../validation/spec.ts'
import { toFix, type ShapedGraph } from './shapes.ts'

/** Checks specs with a loss; without one, a spec is not trained. */
export function checkTrainability(spec: Spec, shaped: ShapedGraph, source: SourceDocument): Diagnostic[] {
  if (spec.loss === undefined) return []
  const diagnostics: Diagnostic[] = []
  const trained = findTrained(shaped)
  const learning = findLearning(shaped)
  for (const node of shaped.nodes) {
    const followsWeights = node.inputs.some((input) => trained.has(input))
    const hasWeights = learning.has(node.applies ?? node.name)
    const { layer, item } = node
    const missing = layerDef(layer.type).missingGradient?.(layer.options, node.inputShapes)
    if (missing === undefined || !(followsWeights || (hasWeights && missing.ownWeights))) continue
    const optionPath = missing.option === undefined ? layer.path : [...layer.path, missing.option]
    const isWritten = missing.option !== undefined && source.pairAt(optionPath) !== undefined
    diagnostics.push(
      reportAt(source, missing.code, isWritten ? optionPath : item.path, missing.message, {
        atKey: !isWritten,
        fixes: (missing.suggestions ?? []).flatMap((suggestion) =>
          toFix(suggestion, suggestion.kind === 'insertBefore' ? item : layer, source),
        ),
        ...(missing.help !== undefined && { help: missing.help }),
      }),
    )
  }
  return diagnostics
}

/** The names of the layers that have trained weights, or pass gradients on to such weights before them. */
export function findTrained(shaped: ShapedGraph): ReadonlySet<string> {
  const learning = findLearning(shaped)
  const trained = new Set<string>()
  for (const { name, inputs, applies } of shaped.nodes)
    if (learning.has(applies ?? name) || inputs.some((input) => trained.has(input))) trained.add(name)
  return trained
}

/** The names of the layers with trained weights, at their own places. */
function findLearning({ nodes }: ShapedGraph): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ name, trainableParams }) => (trainableParams > 0 ? [name] : [])))
}
