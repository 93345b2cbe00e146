/** Resolves references to layers by name: inputs, outputs, and layers that are applied again. */
import type { Fix, Path } from '../diagnostics/diagnostic.ts'
import { removeEntry, setValue } from '../source/edits.ts'
import { isInput } from '../parts/layers/table.ts'
import { applyType } from '../language/apply.ts'
import type { LayerSpec } from '../validation/spec.ts'
import type { GraphContext } from './graphContext.ts'
import { reportUnknownName } from './layerNames.ts'

/** Finds the names of the layers that feed `layer`: by default the layer above. */
export function findInputs(
  layer: LayerSpec,
  above: string | undefined,
  known: ReadonlySet<string>,
  context: GraphContext,
): readonly string[] {
  const path = [...layer.path, 'inputs']
  if (isInput(layer.type)) {
    if (layer.inputs) {
      context.report('graph/input-not-first', path, 'an input layer cannot have `inputs`', {
        help: 'remove `inputs`',
        atKey: true,
        fixes: removal(context, path, 'remove `inputs`'),
      })
    }
    return []
  }
  if (layer.inputs === undefined) return above === undefined ? [] : [above]
  for (const [index, input] of layer.inputs.entries()) {
    if (known.has(input)) continue
    const place = context.source.nodeAt([...path, index]) === undefined ? path : [...path, index]
    const listOthers = () => [...known].filter((name) => name !== layer.name)
    reportUnknownName(context, 'graph/unknown-input', place, input, listOthers)
  }
  return layer.inputs
}

function removal({ source }: GraphContext, path: Path, title: string): Fix[] {
  const edits = removeEntry(source, path)
  return edits ? [{ kind: 'suggestion', title, edits }] : []
}

/** Finds the outputs that the spec names, or the last layer. */
export function findOutputs(names: readonly string[], known: ReadonlySet<string>, context: GraphContext): string[] {
  const last = names.at(-1)
  const stated = context.spec.outputs
  if (stated === undefined) return last === undefined ? [] : [last]
  const firsts = new Map<string, number>()
  for (const [index, name] of stated.entries()) {
    const first = firsts.get(name)
    if (first !== undefined) reportRepeated(context, stated, first, index)
    else if (!known.has(name))
      reportUnknownName(context, 'graph/unknown-output', ['outputs', index], name, () => [...known])
    firsts.set(name, first ?? index)
  }
  return [...firsts.keys()].filter((name) => known.has(name))
}

function reportRepeated(context: GraphContext, stated: readonly string[], first: number, index: number): void {
  const edits = setValue(context.source, ['outputs'], [...new Set(stated)])
  context.report('graph/duplicate-output', ['outputs', index], `\`outputs\` lists \`${stated[index]}\` twice`, {
    help: 'list it once; to change how much its loss counts, use `lossWeights`',
    related: [{ message: 'first listed here', span: context.source.locateValue(['outputs', first]) }],
    fixes: edits ? [{ kind: 'suggestion', title: 'list each output once', edits }] : [],
  })
}

/** Finds the layer that an `apply` names, or returns undefined if that cannot be applied. */
export function findApplied(
  item: LayerSpec,
  byName: ReadonlyMap<string, LayerSpec>,
  context: GraphContext,
): LayerSpec | undefined {
  if (!item.valid) return undefined
  const name = String(item.options['layer'])
  const path = [...item.path, 'layer']
  const found = byName.get(name)
  if (found !== undefined && !isInput(found.type) && found.type !== applyType) return found
  if (found === undefined) {
    const listShareable = () =>
      [...byName].flatMap(([word, { type }]) => (isInput(type) || type === applyType ? [] : [word]))
    reportUnknownName(context, 'graph/unknown-shared-layer', path, name, listShareable)
    return undefined
  }
  const source = followApplications(found, byName)
  const edits = source === undefined ? undefined : setValue(context.source, path, source)
  context.report('graph/not-shareable', path, describeUnshareable(found, name, item, source), {
    help:
      source === undefined
        ? 'use the name of a layer that takes an input'
        : `use the layer itself: \`layer: ${source}\``,
    related: [{ message: `\`${name}\` is here`, span: context.source.locateKey(found.path) }],
    fixes: edits ? [{ kind: 'suggestion', title: `apply \`${source}\``, edits }] : [],
  })
  return undefined
}

function describeUnshareable(found: LayerSpec, name: string, item: LayerSpec, source: string | undefined): string {
  if (found === item) return '`apply` refers to itself'
  if (isInput(found.type)) return `\`${name}\` is an input, so it cannot be applied`
  const of = source === undefined ? '' : ` of \`${source}\``
  return `\`${name}\` is itself an \`apply\`${of}, not a layer with weights`
}

/** Follows a chain of `apply` items to the layer at its end. */
function followApplications(from: LayerSpec, byName: ReadonlyMap<string, LayerSpec>): string | undefined {
  const seen = new Set<LayerSpec>()
  let name: string | undefined
  for (let layer: LayerSpec | undefined = from; layer?.type === applyType; layer = byName.get(name)) {
    if (seen.has(layer) || !layer.valid) return undefined
    seen.add(layer)
    name = String(layer.options['layer'])
  }
  return name !== undefined && byName.has(name) && !isInput(byName.get(name)!.type) ? name : undefined
}
