/** What a drawing of a network shows: a card for each layer and folded group, a box for each open group, and the edges between them. */
import { formatCount, countOf } from '../../../diagnostics/formatCount.ts'
import type { GroupFacts, LayerFacts, NetworkFacts } from '../../facts/networkFacts.ts'

export interface Card {
  readonly id: string
  readonly title: string
  readonly detail: string
  readonly kind: LayerFacts['kind'] | 'group'
  readonly params: number
  readonly flops: number
  /** The layers that it shows: one, or those of a folded group. */
  readonly layers: readonly LayerFacts[]
  readonly isWrong: boolean
  /** The box that it is in. */
  readonly parent?: string
}

export interface Edge {
  readonly from: string
  readonly to: string
  readonly shape: string
  /** The number of values that flow along it for one sample. */
  readonly size: number
}

export interface Box extends GroupFacts {
  readonly parent?: string
}

export interface GraphModel {
  readonly cards: readonly Card[]
  readonly boxes: readonly Box[]
  readonly edges: readonly Edge[]
}

/** @param isOpen Whether a group is drawn as a box with its content. */
export function graphModelOf({ layers, groups }: NetworkFacts, isOpen: (key: string) => boolean): GraphModel {
  const labels = new Map(groups.map(({ key, label }) => [key, label]))
  const parents = new Map<string, string | undefined>()
  const members = new Map<string, { layers: LayerFacts[]; parent: string | undefined; isGroup: boolean }>()
  const cardOf = new Map<string, string>()
  for (const layer of layers) {
    const folded = layer.groups.findIndex((key) => !isOpen(key))
    const open = folded < 0 ? layer.groups : layer.groups.slice(0, folded)
    for (const [index, key] of open.entries()) parents.set(key, open[index - 1])
    // A layer may have the name that a group has as its key, so the keys of cards differ.
    const id = folded < 0 ? `layer ${layer.name}` : `group ${layer.groups[folded]}`
    cardOf.set(layer.name, id)
    const card = members.get(id) ?? { layers: [], parent: open.at(-1), isGroup: folded >= 0 }
    card.layers.push(layer)
    members.set(id, card)
  }
  const cards = [...members].map(([id, { layers: own, parent, isGroup }]): Card => {
    const text = isGroup
      ? { title: labels.get(id.slice('group '.length)) ?? '', detail: countOf(own.length, 'layer') }
      : describe(own[0]!)
    return {
      id,
      ...text,
      kind: isGroup ? 'group' : own[0]!.kind,
      params: total(own, 'params'),
      flops: total(own, 'flops'),
      layers: own,
      isWrong: own.some(({ isWrong }) => isWrong),
      ...(parent !== undefined && { parent }),
    }
  })
  const boxes = [...parents].map(([key, parent]): Box => {
    return { key, label: labels.get(key) ?? '', ...(parent !== undefined && { parent }) }
  })
  return { cards, boxes, edges: edgesOf(layers, cardOf) }
}

/** Opens as many levels of groups as give at most this number of cards. */
const comfortable = 40

/** The groups that are open at first: all whose depth is below a limit, so that the drawing stays small. */
export function openAtFirst(network: NetworkFacts): ReadonlySet<string> {
  const depths = new Map(network.layers.flatMap(({ groups }) => groups.map((key, depth) => [key, depth] as const)))
  const deepest = Math.max(-1, ...depths.values()) + 1
  for (let limit = deepest; limit > 0; limit--) {
    const open = new Set([...depths].filter(([, depth]) => depth < limit).map(([key]) => key))
    if (graphModelOf(network, (key) => open.has(key)).cards.length <= comfortable) return open
  }
  return new Set()
}

function edgesOf(layers: readonly LayerFacts[], cardOf: ReadonlyMap<string, string>): Edge[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const edges = new Map<string, Edge>()
  for (const { name, inputs } of layers) {
    for (const input of inputs) {
      const [source, from, to] = [byName.get(input), cardOf.get(input), cardOf.get(name)]
      if (source === undefined || from === undefined || to === undefined || from === to) continue
      edges.set(`${input} ${to}`, { from, to, shape: source.shape ?? '?', size: source.size })
    }
  }
  return [...edges.values()]
}

function describe(layer: LayerFacts): { title: string; detail: string } {
  const { type, detail, shape } = layer
  // The boxes around it are the rest of its name.
  const name = layer.groups.length === 0 ? layer.name : layer.name.slice(layer.name.lastIndexOf('/') + 1)
  const isNamedByType = name.toLowerCase().startsWith(type.toLowerCase())
  const parts = [...(isNamedByType ? [] : [type]), ...(detail === '' ? [] : [detail])]
  return { title: name, detail: shape === undefined ? 'shape unknown' : parts.join(' · ') }
}

function total(layers: readonly LayerFacts[], key: 'params' | 'flops'): number {
  return layers.reduce((sum, layer) => sum + layer[key], 0)
}

/** Describes a card for people who do not see it. */
export function labelOf({ title, detail, kind, params, layers }: Card): string {
  const shape = layers.at(-1)?.shape
  const parts = [
    kind === 'group' ? `folded group ${title}` : title,
    detail,
    ...(shape === undefined ? [] : [`output ${shape}`]),
    ...(params === 0 ? [] : [`${formatCount(params)} parameters`]),
  ]
  return parts.filter((part) => part !== '').join(', ')
}
