/**
 * Finds runs of items that have the same form: types, options but not their values, and connections. A block can print such
 * runs if their layers take one output of another, and others take only the output of their last layer. A run that enlarges an
 * image may take two: the way up of a U-Net takes the result of the way down as well.
 */
import { isInput, isLayerType, layerDef } from '../../../parts/layers/table.ts'
import type { Item, ItemList, Source } from './items.ts'
import { distancesIn, type Signatures } from './signatures.ts'

/** The items from `start` to before `end` of a list. */
export interface Run {
  readonly list: ItemList
  readonly start: number
  readonly end: number
  /** The outputs that it takes, in the order in which its items take them. */
  readonly inputs: readonly Source[]
}

/** The position of the last item that takes or applies each item of a list. */
export interface Uses {
  readonly taken: readonly number[]
  readonly applied: readonly number[]
}

const mostItems = 100
/** A limit on the work for very long lists. */
const mostSteps = 400_000

/** Returns the runs by their form, with at least two runs of each, which do not overlap. */
export function findRuns(
  lists: readonly ItemList[],
  usesOf: (list: ItemList) => Uses,
  signatures: Signatures,
): Run[][] {
  const total = lists.reduce((sum, { items }) => sum + items.length, 0)
  const longest = Math.min(mostItems, Math.ceil(mostSteps / total))
  const root = new RunNode()
  for (const list of lists) {
    const uses = usesOf(list)
    const series = seriesIn(list.items, longest, signatures)
    for (const start of list.items.keys()) addRuns(root, { list, start, longest, series }, uses, signatures)
  }
  return root.groups()
}

/** The beginning that several runs have in common; its children continue it by an item. */
class RunNode {
  private readonly children = new Map<string, RunNode>()
  readonly runs: Run[] = []

  child(token: string): RunNode {
    const known = this.children.get(token) ?? new RunNode()
    this.children.set(token, known)
    return known
  }

  groups(): Run[][] {
    const own = withoutOverlaps(this.runs)
    const inner = [...this.children.values()].flatMap((child) => child.groups())
    return own.length > 1 ? [own, ...inner] : inner
  }
}

function withoutOverlaps(runs: readonly Run[]): Run[] {
  const kept: Run[] = []
  for (const run of runs) {
    const last = kept.at(-1)
    if (last === undefined || last.list !== run.list || last.end <= run.start) kept.push(run)
  }
  return kept
}

/** The lengths of the series of like items that a run would cut; Infinity where it would cut none. */
interface Series {
  /** For a run that begins at a place. */
  readonly before: readonly number[]
  /** For a run that ends before a place. */
  readonly after: readonly number[]
}

/**
 * Finds equal forms in a row. A run that is longer than one of them may not end between two of them, nor begin after the first
 * of three: of a series of like blocks, it would contain some and leave others.
 */
function seriesIn(items: readonly Item[], longest: number, signatures: Signatures): Series {
  const distances = distancesIn(items)
  const tokens = items.map((item, at) =>
    signatures.numberOf(`form ${signatures.formOf(item)} ${distances[at]!.join()}`),
  )
  const [before, after] = [items.map(() => Infinity), items.map(() => Infinity)]
  for (let length = 1; length <= Math.min(longest, items.length / 2); length += 1) {
    let equal = 0
    for (let at = 0; at + length < items.length; at += 1) {
      equal = tokens[at] === tokens[at + length] ? equal + 1 : 0
      const end = at + 1
      if (equal >= length) after[end] = Math.min(after[end]!, length)
      if (equal >= 2 * length) before[end - length] = Math.min(before[end - length]!, length)
    }
  }
  return { before, after }
}

interface Beginning {
  readonly list: ItemList
  readonly start: number
  readonly longest: number
  readonly series: Series
}

function addRuns(root: RunNode, { list, start, longest, series }: Beginning, uses: Uses, signatures: Signatures): void {
  const { items } = list
  const { taken, applied } = uses
  if (!mayBegin(items, start, uses)) return
  const inside = new Map<Source, number>()
  const inputs: Source[] = []
  let node = root
  /** The position of the last item that takes one of the run besides its last. */
  let lastUse = start
  let mostInputs = 1
  for (let at = start; at < Math.min(items.length, start + longest); at += 1) {
    const item = items[at]!
    if (staysOutside(item) || (item.applied !== undefined && !inside.has(item.applied))) return
    const places = item.inputs.map((one) => {
      const place = inside.get(one)
      if (place !== undefined) return place
      if (!inputs.includes(one)) inputs.push(one)
      return -1 - inputs.indexOf(one)
    })
    if (enlarges(item)) mostInputs = 2
    if (inputs.length > mostInputs) return
    const shared = item.applied === undefined ? '' : inside.get(item.applied)
    node = node.child(`${signatures.formOf(item)} ${places.join()} ${shared}`)
    inside.set(item, at - start)
    lastUse = Math.max(lastUse, applied[at]!)
    const end = at + 1
    const isWhole = Math.min(series.before[start]!, series.after[end] ?? Infinity) >= end - start
    if (lastUse <= at && isWhole && mayEnd(items, end, uses)) node.runs.push({ list, start, end, inputs: [...inputs] })
    lastUse = Math.max(lastUse, taken[at]!)
  }
}

/** An input, and a layer whose name says what it is for, keep their place and their name. */
export function staysOutside({ type, telling }: Item): boolean {
  return isInput(type) || telling === 'word'
}

/** A person writes an activation, dropout or normalization after the layer that it belongs to, if only it takes that. */
export function mayBegin(items: readonly Item[], start: number, { taken }: Uses): boolean {
  const role = roleOf(firstLayer(items[start]!))
  const above = items[start - 1]
  if (above === undefined || taken[start - 1]! > start) return true
  if (role === 'activation' || role === 'noise') return false
  return role !== 'normalization' || !hasKernel(lastLayer(above))
}

function hasKernel({ type }: Item): boolean {
  if (!isLayerType(type) || layerDef(type).role === 'normalization') return false
  return Object.keys(layerDef(type).schema.properties).some((option) => option.endsWith('Initializer'))
}

/** A normalization belongs to the layer before it. */
function mayEnd(items: readonly Item[], end: number, uses: Uses): boolean {
  const next = items[end]
  return next === undefined || roleOf(firstLayer(next)) !== 'normalization' || mayBegin(items, end, uses)
}

function enlarges({ type }: Item): boolean {
  return /^upSampling|Transpose$/.test(type)
}

function roleOf({ type }: Item): string | undefined {
  if (!isLayerType(type)) return undefined
  return layerDef(type).role
}

function firstLayer(item: Item): Item {
  const inner = item.block?.list ?? item.list
  return inner === undefined ? item : firstLayer(inner.items[0]!)
}

function lastLayer(item: Item): Item {
  const inner = item.block?.list ?? item.list
  return inner === undefined ? item : lastLayer(inner.items.at(-1)!)
}

/** @param outputs The outputs of the network, which must be the last layers of their runs. */
export function usesIn({ items }: ItemList, outputs: ReadonlySet<Item>): Uses {
  const positions = new Map(items.map((item, index) => [item as Source, index]))
  const taken = items.map((item, index) => (outputs.has(item) ? Infinity : index))
  const applied = items.map(() => 0)
  for (const [index, item] of items.entries()) {
    for (const input of item.inputs) {
      const place = positions.get(input)
      if (place !== undefined) taken[place] = Math.max(taken[place]!, index)
    }
    if (item.applied !== undefined) applied[positions.get(item.applied)!] = index
  }
  return { taken, applied }
}
