/**
 * Finds runs of items that have the same form: types, options but not their values, and connections. A block can print such
 * runs if their layers take one output of another, and others take only the output of their last layer. A run that enlarges an
 * image may take two: the way up of a U-Net takes the result of the way down as well.
 */
import { isInput, isLayerType, layerDef } from '../../../parts/layers/table.ts'
import { costOf } from './cost.ts'
import type { Item, ItemList, Source } from './items.ts'
import { distancesIn, hasWeights, type Signatures } from './signatures.ts'

/** The items from `start` to before `end` of a list. */
export interface Run {
  readonly list: ItemList
  readonly start: number
  readonly end: number
  /** The outputs that it takes, in the order in which its items take them. */
  readonly inputs: readonly Source[]
  readonly cost: number
}

/** The position of the last item that takes or applies each item of a list. */
export interface Uses {
  readonly taken: readonly number[]
  readonly applied: readonly number[]
}

const mostItems = 100

/**
 * Returns the runs by their form, with at least two runs of each, which do not overlap.
 *
 * It begins a run at each item, and lets all of them grow by an item at a time. Those whose form no other has are dropped.
 */
export function findRuns(
  lists: readonly ItemList[],
  usesOf: (list: ItemList) => Uses,
  signatures: Signatures,
): Run[][] {
  const found: Run[][] = []
  let groups = [lists.flatMap((list) => beginningsIn(list, usesOf(list), signatures))]
  for (let length = 1; length <= mostItems && groups.length > 0; length += 1) {
    groups = groups.flatMap(growTogether).filter((group) => group.length > 1)
    for (const group of groups) {
      const runs = withoutOverlaps(group.flatMap((run) => run.finish() ?? []))
      if (runs.length > 1) found.push(runs)
    }
  }
  return found
}

function growTogether(group: readonly GrowingRun[]): GrowingRun[][] {
  const byItem = new Map<string, GrowingRun[]>()
  for (const run of group) {
    const item = run.grow()
    if (item === undefined) continue
    const others = byItem.get(item)
    if (others === undefined) byItem.set(item, [run])
    else others.push(run)
  }
  return [...byItem.values()]
}

function withoutOverlaps(runs: readonly Run[]): Run[] {
  const kept: Run[] = []
  for (const run of runs) {
    const last = kept.at(-1)
    if (last === undefined || last.list !== run.list || last.end <= run.start) kept.push(run)
  }
  return kept
}

/** What the runs of a list share. */
interface Surroundings {
  readonly list: ItemList
  readonly uses: Uses
  readonly places: ReadonlyMap<Source, number>
  readonly series: Series
  readonly signatures: Signatures
  readonly isOutside: readonly boolean[]
  /** The cost of all items before each place. */
  readonly costBefore: readonly number[]
}

function beginningsIn(list: ItemList, uses: Uses, signatures: Signatures): GrowingRun[] {
  const { items } = list
  const places = new Map<Source, number>(items.map((item, place) => [item, place]))
  const costBefore = [0]
  for (const [place, item] of items.entries()) costBefore.push(costBefore[place]! + costOf(item))
  const series = seriesIn(items, signatures)
  const surroundings = { list, uses, places, series, signatures, isOutside: items.map(staysOutside), costBefore }
  return [...items.keys()].flatMap((start) =>
    mayBegin(items, start, uses) ? [new GrowingRun(surroundings, start)] : [],
  )
}

class GrowingRun {
  private readonly around: Surroundings
  private readonly start: number
  private end: number
  private readonly inputs: Source[] = []
  private mostInputs = 1
  /** The position of the last item that takes an item besides the last one, or applies any. */
  private lastUse: number

  constructor(around: Surroundings, start: number) {
    this.around = around
    this.start = start
    this.end = start
    this.lastUse = start
  }

  /** Adds the next item, and returns its form and connections; undefined if no block could contain it. */
  grow(): string | undefined {
    const { list, uses, signatures, isOutside } = this.around
    const at = this.end
    const item = list.items[at]
    if (item === undefined || isOutside[at]!) return undefined
    const applied = item.applied === undefined ? at : this.placeOf(item.applied)
    if (applied < 0) return undefined
    const places = item.inputs.map((one) => this.placeOf(one))
    if (enlarges(item)) this.mostInputs = 2
    if (this.inputs.length > this.mostInputs) return undefined
    if (at > this.start) this.lastUse = Math.max(this.lastUse, uses.taken[at - 1]!)
    this.lastUse = Math.max(this.lastUse, uses.applied[at]!)
    this.end = at + 1
    return `${signatures.formOf(item)} ${places.join()} ${applied - at}`
  }

  /** Returns the run so far, if a block can print it. */
  finish(): Run | undefined {
    const { start, end, inputs } = this
    const { list, uses, series, costBefore } = this.around
    const isWhole = Math.min(series.before[start]!, series.after[end] ?? Infinity) >= end - start
    const isClosed = this.lastUse < end
    return isWhole && isClosed && mayEnd(list.items, end, uses)
      ? { list, start, end, inputs: [...inputs], cost: costBefore[end]! - costBefore[start]! }
      : undefined
  }

  /** The distance of an item of the run from its start; negative for an input. */
  private placeOf(one: Source): number {
    const place = this.around.places.get(one) ?? -1
    if (place >= this.start) return place - this.start
    if (!this.inputs.includes(one)) this.inputs.push(one)
    return -1 - this.inputs.indexOf(one)
  }
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
function seriesIn(items: readonly Item[], signatures: Signatures): Series {
  const distances = distancesIn(items)
  const tokens = items.map((item, at) =>
    signatures.numberOf(`form ${signatures.formOf(item)} ${distances[at]!.join()}`),
  )
  const [before, after] = [items.map(() => Infinity), items.map(() => Infinity)]
  for (let length = 1; length <= Math.min(mostItems, items.length / 2); length += 1) {
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

/** An input, and a layer whose name says what it is for, keep their place and their name. */
export function staysOutside({ type, nameKind }: Item): boolean {
  return isInput(type) || nameKind === 'word'
}

/** A person writes an activation, dropout or normalization after the layer that it belongs to, if only it takes that. */
export function mayBegin(items: readonly Item[], start: number, { taken }: Uses): boolean {
  const role = roleOf(firstLayer(items[start]!))
  const above = items[start - 1]
  if (above === undefined || taken[start - 1]! > start) return true
  if (role === 'activation' || role === 'noise') return false
  if (role !== 'normalization') return true
  const before = lastLayer(above)
  return roleOf(before) === 'normalization' || !hasWeights(before)
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
