/** Parts of a network that reach no output. */
import type { Graph } from './graph.ts'
import type { GraphContext } from './graphContext.ts'

/** Judges only graphs without mistakes: what an unknown name leaves unused merely follows. */
export function reportUnused({ nodes, outputs }: Graph, context: GraphContext): void {
  if (context.diagnostics.length > 0 || context.spec.layers.some(({ valid }) => !valid)) return
  const used = new Set(outputs)
  for (const { inputs, applies } of nodes) {
    for (const input of inputs) used.add(input)
    if (applies !== undefined) used.add(applies)
  }
  for (const { name, item, implied } of nodes) {
    if (used.has(name) || implied) continue
    context.report('graph/unused-layer', item.path, `nothing uses the output of \`${name}\``, {
      severity: 'warning',
      atKey: true,
      help: 'name it in the `inputs` of another layer or in `outputs`, or remove it',
    })
  }
}
