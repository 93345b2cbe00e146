/** Makes imported networks of specs, and compares them with the specs that are printed for them. */
import { analyze, type Analysis } from '../../../src/analyze.ts'
import { hasErrors } from '../../../src/diagnostics/diagnostic.ts'
import type { ShapedNode } from '../../../src/graph/shapes.ts'
import { applyType } from '../../../src/language/apply.ts'
import { layerDef } from '../../../src/parts/layers/table.ts'
import type { ImportedLayer, ImportedNetwork } from '../../../src/tasks/import/importedNetwork.ts'

/** A spec without mistakes as a reader would return it: without blocks and repeats, and with weights of no values. */
export function networkOf({ spec, shaped }: Analysis): ImportedNetwork {
  const nameOf = (name: string) => name.replaceAll('/', '_')
  const layers = shaped.nodes.map((node): ImportedLayer => {
    const { name, layer, inputs, applies } = node
    const common = { name: nameOf(name), inputs: inputs.map(nameOf) }
    if (applies !== undefined) return { ...common, type: applyType, options: {}, applies: nameOf(applies) }
    const trainable = layer.trainable ? {} : { trainable: false }
    return { ...common, type: layer.type, options: statedOptions(node), ...trainable }
  })
  const weights = shaped.nodes.flatMap(({ name, weights: arrays }) =>
    arrays.length === 0
      ? []
      : [[nameOf(name), arrays.map(({ shape }) => ({ shape, values: new Float32Array() }))] as const],
  )
  return { name: spec.name, layers, outputs: shaped.outputs.map(nameOf), weights: new Map(weights) }
}

function statedOptions({ layer }: ShapedNode): Record<string, unknown> {
  const fields = layerDef(layer.type).schema.properties as Record<string, { default?: unknown }>
  return Object.fromEntries(
    Object.entries(layer.options).filter(([key, value]) => !isEqual(value, fields[key]?.default)),
  )
}

/** The layers of a network, with their names in a printed spec, as they are compared. */
export function describeNetwork(analysis: Analysis, names?: ReadonlyMap<string, string>): unknown[] {
  const nameOf = (name: string) => names?.get(name.replaceAll('/', '_')) ?? name
  const layers = analysis.shaped.nodes.map(({ name, layer, inputs, applies, shape, weights, params }) => ({
    name: nameOf(name),
    type: layer.type,
    options: applies === undefined ? layer.options : {},
    inputs: inputs.map(nameOf),
    applies: applies === undefined ? undefined : nameOf(applies),
    trainable: layer.trainable,
    shape,
    weights,
    params,
  }))
  return [...layers.toSorted((a, b) => (a.name < b.name ? -1 : 1)), analysis.shaped.outputs.map(nameOf)]
}

export function analyzeValid(text: string): Analysis | undefined {
  const analysis = analyze(text, 'net.yaml')
  return hasErrors(analysis.diagnostics) ? undefined : analysis
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
