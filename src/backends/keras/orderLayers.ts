/** Orders layers as Keras does, which numbers their groups of weights in this order (`map_graph` in keras/src/ops/function.py). */
import type { Program, ProgramLayer } from '../../program/program.ts'

/** Returns the names of the layers: those far from the outputs first, and equally far ones as a search from the outputs meets them. */
export function orderLayers({ layers, inputs, outputs }: Program): string[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const made = (layer: ProgramLayer) => ('applies' in layer ? layer.applies : layer.name)
  const indices = new Map<string, number>()
  const finished = new Set<string>()
  const visit = (name: string): void => {
    const layer = byName.get(name)!
    if (finished.has(name)) return
    if (!indices.has(made(layer))) indices.set(made(layer), indices.size)
    for (const input of layer.inputs) visit(input)
    finished.add(name)
  }
  for (const output of outputs) visit(output)
  const depths = new Map<string, number>()
  const layerDepths = new Map<string, number>()
  for (const name of [...finished].toReversed()) {
    const layer = byName.get(name)!
    const depth = Math.max(depths.get(name) ?? 0, layerDepths.get(made(layer)) ?? 0)
    layerDepths.set(made(layer), depth)
    depths.set(name, depth)
    for (const input of layer.inputs) depths.set(input, Math.max(depth + 1, depths.get(input) ?? 0))
  }
  for (const input of inputs) {
    if (layerDepths.has(input)) continue
    layerDepths.set(input, 0)
    indices.set(input, -1)
  }
  return [...layerDepths.keys()].toSorted(
    (a, b) => layerDepths.get(b)! - layerDepths.get(a)! || indices.get(a)! - indices.get(b)!,
  )
}
