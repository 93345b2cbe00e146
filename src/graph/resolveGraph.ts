/** Resolves the graph: names every layer, resolves every reference, and orders the layers topologically. */
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import type { SourceDocument } from '../source/source.ts'
import { impliedInputName } from '../language/layerNames.ts'
import { valueOfLayer } from '../language/layerPattern.ts'
import { resolveOptions } from '../language/schema.ts'
import { isInput, layerDef } from '../parts/layers/table.ts'
import { applyType } from '../language/apply.ts'
import type { LayerSpec, Spec } from '../validation/spec.ts'
import { GraphContext } from './graphContext.ts'
import type { Graph, GraphNode } from './graph.ts'
import { nameLayers } from './layerNames.ts'
import { orderNodes } from './order.ts'
import { findApplied, findInputs, findOutputs } from './references.ts'
import { reportUnused } from './unused.ts'

export interface ResolvedGraph {
  readonly graph: Graph
  readonly diagnostics: readonly Diagnostic[]
}

export function resolveGraph(spec: Spec, source: SourceDocument): ResolvedGraph {
  const context = new GraphContext(spec, source)
  const { layers } = spec
  const implied = layers.length > 0 && !isInput(layers[0]!.type) ? impliedInput(context) : undefined
  const names = nameLayers(context, implied)
  const known = new Set([...(implied ? [implied.name] : []), ...names])
  const kept = layers.map((layer, index) => withTrainability(layer, names[index]!, spec))
  const byName = new Map(kept.map((layer, index) => [names[index]!, layer]))
  if (implied && !byName.has(implied.name)) byName.set(implied.name, implied.layer)
  const stated = kept.map((item, index): GraphNode => {
    const above = index > 0 ? names[index - 1] : implied?.name
    const inputs = findInputs(item, above, known, context)
    const node = { name: names[index]!, item, layer: item, inputs, implied: false }
    if (item.type !== applyType) return node
    const layer = findApplied(item, byName, context)
    return layer
      ? { ...node, layer, applies: String(item.options['layer']) }
      : { ...node, layer: { ...item, valid: false } }
  })
  checkInputsFirst(context)
  const outputs = findOutputs(names, known, context)
  const nodes = orderNodes(implied ? [implied, ...stated] : stated, context)
  const graph = { nodes, outputs }
  reportUnused(graph, context)
  if (layers.length > 0 && layers.every(({ type }) => isInput(type))) {
    context.report('graph/no-layers', ['layers'], 'the network has no layer besides its input', {
      help: 'add one, for example `- flatten`',
      atKey: true,
    })
  }
  return { graph, diagnostics: context.diagnostics }
}

/** Applies the patterns of `trainable` to a layer that does not say itself whether it is trained. */
function withTrainability(layer: LayerSpec, name: string, { trainable: patterns }: Spec): LayerSpec {
  const trainable = layer.statesTrainable === true ? undefined : valueOfLayer(patterns, name)
  return trainable === undefined ? layer : { ...layer, trainable }
}

/** The input whose shape comes from the dataset, or from `input` at the top level of the spec. */
function impliedInput(context: GraphContext): GraphNode {
  const { facts, inputShape } = context.spec
  const shape = inputShape ?? facts?.sampleShape
  const isReportedElsewhere = ['dataset', 'input'].some((key) => context.source.pairAt([key]) !== undefined)
  if (shape === undefined && !isReportedElsewhere) {
    context.report('graph/no-input', ['layers'], 'the shape of the input is unknown', {
      help: 'add `dataset: mnist` or `input: { shape: [28, 28, 1] }`',
      atKey: true,
    })
  }
  const valid = shape !== undefined
  const options = valid ? resolveOptions(layerDef('input').schema, { shape }) : {}
  const path: Path = inputShape === undefined ? ['dataset'] : ['input', 'shape']
  const layer: LayerSpec = { type: 'input', options, trainable: true, path, valid }
  return { name: impliedInputName, item: layer, layer, inputs: [], implied: true }
}

function checkInputsFirst(context: GraphContext): void {
  const { layers } = context.spec
  const first = layers.findIndex(({ type }) => !isInput(type))
  for (const layer of first < 0 ? [] : layers.slice(first)) {
    if (!isInput(layer.type)) continue
    context.report('graph/input-not-first', layer.path, 'this input layer follows other layers', {
      help: 'move input layers to the top of `layers`',
      atKey: true,
    })
  }
}
