/** Compares the networks of two specs layer by layer. */
import type { Analysis } from '../../../analyze.ts'

/** Whether both have the same layers in the same order, besides their names: options, connections, shapes and weights. */
export function isSameNetwork(a: Analysis, b: Analysis): boolean {
  const [layers, others] = [describeLayers(a), describeLayers(b)]
  return layers.length === others.length && layers.every((layer, index) => layer === others[index])
}

function describeLayers({ graph, shaped }: Analysis): string[] {
  const places = new Map(graph.nodes.map(({ name }, index) => [name, index]))
  const placeOf = (name: string | undefined) => (name === undefined ? undefined : places.get(name))
  const layers = shaped.nodes.map(({ name, layer, applies, inputs, shape, weights }) => {
    const { type, options, trainable } = layer
    const sorted = Object.entries(options).toSorted(([x], [y]) => (x < y ? -1 : 1))
    return [placeOf(name), type, sorted, trainable, placeOf(applies), inputs.map(placeOf), shape, weights]
  })
  return [...layers, graph.outputs.map(placeOf)].map((one) => JSON.stringify(one))
}
