/** Names layers, and reports names in the spec that no layer has. */
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { createNumbering } from '../language/layerNames.ts'
import { setValue } from '../source/edits.ts'
import type { LayerSpec } from '../validation/spec.ts'
import type { GraphNode } from './graph.ts'
import type { GraphContext } from './graphContext.ts'

/**
 * Names layers as Keras does: `conv2d`, `conv2d_1`. Avoids names that the spec gives to layers.
 *
 * @param implied The input that the spec omits. No layer may have its name.
 */
export function nameLayers(context: GraphContext, implied: GraphNode | undefined): string[] {
  const { layers } = context.spec
  const given = new Map<string, LayerSpec>()
  for (const layer of layers) {
    if (layer.name === undefined) continue
    if (layer.name === implied?.name) {
      context.report(
        'graph/duplicate-name',
        [...layer.path, 'name'],
        `\`${layer.name}\` is already the name of the network’s input`,
        {
          help: 'rename the layer',
          related: [{ message: 'the input is defined here', span: context.source.locateValue(implied.layer.path) }],
        },
      )
    }
    const first = given.get(layer.name)
    if (first === undefined) given.set(layer.name, layer)
    else {
      context.report('graph/duplicate-name', [...layer.path, 'name'], `duplicate layer name \`${layer.name}\``, {
        help: 'rename one of the layers',
        related: [{ message: 'the other layer is here', span: context.source.locateValue([...first.path, 'name']) }],
      })
    }
  }
  const taken = new Set([...given.keys(), ...(implied ? [implied.name] : [])])
  const numbered = createNumbering(taken)
  return layers.map((layer) => {
    // Layers whose name is taken by another layer or the input are numbered, so that no node becomes its own input.
    const { name = layer.type } = layer
    if (given.get(name) === layer && name !== implied?.name) return name
    return numbered(name)
  })
}

/** The largest number of names that a message lists. */
export const maxListedNames = 12

/**
 * Reports a name that no layer has, with the most similar name or the available ones.
 *
 * @param list Returns the names that it may have been meant to be.
 */
export function reportUnknownName(
  context: GraphContext,
  code: DiagnosticCode,
  path: Path,
  name: string,
  list: () => readonly string[],
): void {
  const candidates = context.takeWords(list)
  const meant = candidates && didYouMean(name, candidates)
  const edits = meant === undefined ? undefined : setValue(context.source, path, meant)
  const known = candidates && `the available layers are ${listWords(candidates.slice(0, maxListedNames), 'and')}`
  context.report(code, path, `there is no layer named \`${name}\``, {
    help: meant === undefined ? (known ?? 'use the name of a layer of this spec') : `did you mean \`${meant}\`?`,
    fixes: edits ? [{ kind: 'suggestion', title: `replace \`${name}\` with \`${meant}\``, edits }] : [],
  })
}
