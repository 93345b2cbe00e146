/** Names blocks after what they do, and the layers inside them and in repeats after how they are used. */
import { impliedInputName } from '../../../language/layerNames.ts'
import { listsIn, type Block, type Item, type ItemList, type PrintedSpec, type Source } from './items.ts'
import { referencedItems, unusedName } from './stateNames.ts'

export function nameBlocks(spec: PrintedSpec): void {
  const taken = new Set<string>()
  for (const block of spec.blocks) {
    block.name = unusedName(wordForBlock(block), taken, '')
    const [first, second] = block.list.entries
    first!.name = second === undefined ? impliedInputName : 'main'
    if (second !== undefined) second.name = 'skip'
  }
  for (const list of listsIn(spec)) if (list !== spec.list) nameItems(list)
}

/** What the types of the layers of a block call it, the first that fits. None is the name of a layer type. */
const wordsByLayers: readonly (readonly [RegExp, string])[] = [
  [/^upSampling|Transpose$/, 'up'],
  [/Pooling/, 'down'],
  [/^depthwiseConv|^separableConv/, 'separable'],
  [/^conv/, 'unit'],
  [/^dense$/, 'hidden'],
  [/Normalization$/, 'normalized'],
]

const wordsByMerges: readonly (readonly [RegExp, string])[] = [
  [/^add$/, 'residual'],
  [/^multiply$/, 'gated'],
]

function wordForBlock({ list }: Block): string {
  const called = list.items.flatMap(({ block }) => block?.name ?? [])
  const isSeries = called.filter((name) => /^(separable|inverted|double|bottleneck)/.test(name)).length > 1
  const hasResiduals = called.some((name) => name.startsWith('residual'))
  if (isSeries || hasResiduals || list.items.some((item) => item.list !== undefined)) return 'stage'
  const layers = list.items.flatMap(layersOf).map(({ type }) => type)
  const merges = list.items.filter(({ inputs }) => inputs.length > 1)
  const word = wordIn(wordsByLayers, layers) ?? 'block'
  if (merges.length > 0 && word !== 'up') {
    const byMerge = wordIn(
      wordsByMerges,
      merges.map(({ type }) => type),
    )
    return byMerge ?? (merges.some(takesEntry) ? 'growth' : 'branches')
  }
  return word === 'unit' || word === 'separable' ? wordForConvolutions(word, layers) : word
}

function wordIn(words: typeof wordsByLayers, types: readonly string[]): string | undefined {
  return words.find(([pattern]) => types.some((type) => pattern.test(type)))?.[1]
}

function wordForConvolutions(word: 'unit' | 'separable', types: readonly string[]): string {
  const convolutions = types.filter((type) => type.startsWith('conv')).length
  if (word === 'separable') return convolutions > 1 ? 'inverted' : word
  if (convolutions > 2) return 'bottleneck'
  return convolutions > 1 ? 'double' : types.length === 1 ? 'conv' : word
}

/** The layers of an item, with those of the block that it calls. */
function layersOf(item: Item): Item[] {
  return (item.block?.list ?? item.list)?.items.flatMap(layersOf) ?? [item]
}

function takesEntry({ inputs }: Item): boolean {
  return inputs.some((one) => one.kind === 'entry')
}

/** Names the items of a block or a repeat that others refer to; several of one kind are numbered from 1. */
function nameItems(list: ItemList): void {
  const referenced = referencedItems(list)
  const named = list.items.filter((item) => referenced.has(item))
  const words = named.map((item) => wordForItem(item, list))
  const taken = new Set([impliedInputName, ...list.entries.map(({ name }) => name)])
  for (const [index, item] of named.entries()) {
    const word = words[index]!
    const isOnly = words.indexOf(word) === words.lastIndexOf(word)
    const number = words.slice(0, index + 1).filter((one) => one === word).length
    item.name = unusedName(isOnly ? word : `${word}${number}`, taken, '_')
  }
}

function wordForItem(item: Item, { items }: ItemList): string {
  const users = items.filter(({ inputs, applied }) => inputs.includes(item) || applied === item)
  const [user] = users
  if (users.length > 1 || user === undefined || user.inputs.length < 2) return 'trunk'
  if (user.inputs.length > 2) return 'branch'
  if (wordIn(wordsByMerges, [user.type]) === 'gated') return isLonger(item, user.inputs) ? 'gate' : 'features'
  return isLonger(item, user.inputs) ? 'branch' : 'shortcut'
}

/** Whether the way to a layer has more layers than that to the other input of a merge. */
function isLonger(item: Item, inputs: readonly Source[]): boolean {
  const lengths = inputs.filter((one) => one !== item).map(lengthOfWay)
  return lengthOfWay(item) >= Math.max(0, ...lengths)
}

function lengthOfWay(one: Source): number {
  let length = 0
  for (let at = one; at.kind !== 'entry' && at.inputs.length > 0; at = at.inputs[0]!) length += layersOf(at).length
  return length
}
