/** The layers of an imported network as one list, without blocks and repeats. */
import { isInput } from '../../../parts/layers/table.ts'
import { impliedInputName } from '../../../language/layerNames.ts'
import type { ImportedLayer, ImportedNetwork } from '../importedNetwork.ts'
import { inOrder } from './signatures.ts'
import type { Entry, Item, PrintedSpec, Source } from './items.ts'
import { findDescriptiveNames } from './descriptiveNames.ts'

/** The spec, with the shape of its input at the top if it has one input. */
export interface FlatSpec extends PrintedSpec {
  /** The shape of the only input; undefined if the input layers are among the layers. */
  readonly inputShape: unknown
}

/** @param ordered Its layers, in the order in which they are written. */
export function flatSpec({ name, outputs }: ImportedNetwork, ordered: readonly ImportedLayer[]): FlatSpec {
  const [first, second] = ordered
  const isImplied = first !== undefined && isInput(first.type) && !(second !== undefined && isInput(second.type))
  const entry: Entry = { kind: 'entry', name: impliedInputName }
  const byOrigin = new Map<string, Item>()
  const sourceOf = (one: string): Source => byOrigin.get(one) ?? entry
  const kindOf = findDescriptiveNames(ordered.map((layer) => layer.name))
  for (const layer of isImplied ? ordered.slice(1) : ordered) {
    byOrigin.set(layer.name, { ...itemOf(layer, sourceOf), nameKind: kindOf(layer.name) })
  }
  const items = [...byOrigin.values()]
  const isLast = outputs.length === 1 && items.at(-1)?.origin === outputs[0]
  return {
    name,
    inputShape: isImplied ? first.options['shape'] : undefined,
    list: { entries: isImplied ? [entry] : [], items },
    blocks: [],
    outputs: isLast ? undefined : outputs.flatMap((one) => byOrigin.get(one) ?? []),
  }
}

function itemOf(layer: ImportedLayer, sourceOf: (name: string) => Source): Item {
  const { name, type, inputs, applies, trainable } = layer
  const options = new Map(inOrder(type, Object.entries(layer.options)))
  if (trainable === false) options.set('trainable', false)
  const applied = applies === undefined ? undefined : sourceOf(applies)
  return {
    kind: 'layer',
    type,
    options,
    inputs: inputs.map(sourceOf),
    applied: applied?.kind === 'entry' ? undefined : applied,
    origin: name,
  }
}
