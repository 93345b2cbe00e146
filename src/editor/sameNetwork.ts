/** Compares the network of a changed spec with that of the spec as it is. */
import { checkText, type Analysis } from '../analyze.ts'
import { applyEdits, type TextEdit } from '../diagnostics/diagnostic.ts'
import { pretrainedLayers } from '../graph/pretrainedLayers.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { formatShape } from '../language/dims.ts'
import { valueOfLayer } from '../language/layerPattern.ts'
import type { SpecDocument } from './specDocument.ts'

/** Whether the changed text has the same layers with the same shapes, weights and connections, and the same mistakes. */
export function isSameNetwork({ analysis, text, file, options }: SpecDocument, edits: readonly TextEdit[]): boolean {
  const changed = checkText(applyEdits(text, edits), file, options)
  return (
    changed.shaped.complete && errorsOf(changed) === errorsOf(analysis) && networkOf(changed) === networkOf(analysis)
  )
}

/** The codes of the errors, each as often as it is reported. */
function errorsOf({ diagnostics }: Analysis): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return errors
    .map(({ code }) => code)
    .toSorted()
    .join(' ')
}

/** Describes a network without the names of its layers, except for those by which layers find their weights in a file. */
function networkOf(analysis: Analysis): string {
  const { nodes, outputs } = analysis.shaped
  const numbers = new Map(nodes.map(({ name }, index) => [name, index]))
  const layers = nodes.map(({ layer, inputs, shape, params, applies }) => {
    const { name: _name, inputs: _inputs, expect: _expect, ...options } = layer.options
    const links = [...inputs, ...(applies === undefined ? [] : [applies])].map((name) => numbers.get(name))
    return [layer.type, options, links, formatShape(shape), params]
  })
  const pretrained = pretrainedIn(analysis).map(({ name }) => name)
  return JSON.stringify([layers, outputs.map((name) => numbers.get(name)), choicesByPatterns(analysis), pretrained])
}

/** Describes what the patterns of a spec set for each layer. */
export function choicesByPatterns(analysis: Analysis): string {
  const { spec, shaped } = analysis
  const pretrained = new Set(pretrainedIn(analysis))
  return JSON.stringify(
    shaped.nodes.map((node) => [
      node.layer.trainable,
      valueOfLayer(spec.learningRates, node.name) ?? 1,
      pretrained.has(node),
    ]),
  )
}

function pretrainedIn({ spec: { weights }, shaped: { nodes } }: Analysis): readonly ShapedNode[] {
  return weights === undefined ? [] : pretrainedLayers(nodes, weights)
}
