/** Writes runs of items that repeat exactly, each iteration taking the output of the one before it, as repeats. */
import { impliedInputName } from '../../../language/layerNames.ts'
import { bestWithoutOverlaps } from './bestSteps.ts'
import { costOfAll, repeatCost } from './cost.ts'
import { listsIn, replaceInLists, withInner, type Entry, type Item, type ItemList, type PrintedSpec } from './items.ts'
import { mayBegin, staysOutside, usesIn, type Uses } from './runs.ts'
import { distancesIn, type Signatures } from './signatures.ts'

const longestPeriod = 100
/** A limit on the work for very long lists. */
const mostSteps = 400_000

interface Repetition {
  readonly start: number
  readonly period: number
  readonly times: number
  /** The reduction of the cost of the spec. */
  readonly gain: number
}

interface Connections extends Uses {
  readonly distances: readonly (readonly number[])[]
}

/** A repetition in one of the lists of a spec. */
export interface RepeatCandidate extends Repetition {
  readonly list: ItemList
}

/**
 * Returns the repetition that makes a spec shortest, and others in other places that do nearly as much.
 *
 * @param longest The most items of an iteration.
 */
export function findRepeats(spec: PrintedSpec, signatures: Signatures, longest = longestPeriod): RepeatCandidate[] {
  const outputs = new Set(spec.outputs)
  const found = listsIn(spec).flatMap((list) =>
    repetitionsIn(list, usesIn(list, outputs), signatures, longest).map((one) => ({ ...one, list })),
  )
  return bestWithoutOverlaps(found, ({ list, start, period, times }) =>
    withInner(list.items.slice(start, start + period * times)),
  )
}

export function addRepeats(spec: PrintedSpec, candidates: readonly RepeatCandidate[]): void {
  const replacements = candidates.map((one) => {
    const { list, start, period, times } = one
    return { list, start, end: start + period * times, by: [repeatOf(one)] }
  })
  replaceInLists(spec, replacements)
}

function repeatOf({ list, start, period, times }: RepeatCandidate): Item {
  const all = list.items.slice(start, start + period * times)
  const once = all.slice(0, period)
  const input = once[0]!.inputs[0]!
  const entry: Entry = { kind: 'entry', name: impliedInputName }
  const repeat: Item = {
    kind: 'repeat',
    type: 'repeat',
    options: new Map([['times', times]]),
    inputs: [input],
    origin: all.at(-1)!.origin,
    iterations: all.map(({ origin, nameKind }) => ({ origin, nameKind })),
    list: { entries: [entry], items: once },
  }
  for (const item of once) item.inputs = item.inputs.map((one) => (one === input ? entry : one))
  return repeat
}

function repetitionsIn({ items }: ItemList, uses: Uses, signatures: Signatures, mostPeriod: number): Repetition[] {
  const distances = distancesIn(items)
  const tokens = items.map((item, index) =>
    staysOutside(item) ? NaN : signatures.numberOf(`${signatures.contentOf(item)} ${distances[index]!.join()}`),
  )
  const connections = { ...uses, distances }
  const longest = Math.min(mostPeriod, Math.floor(items.length / 2), Math.ceil(mostSteps / items.length))
  const found: Repetition[] = []
  for (let period = 1; period <= longest; period += 1) {
    signatures.work.add(items.length)
    for (let start = 0; start + 2 * period <= items.length; start += 1) {
      if (tokens[start] !== tokens[start + period]) continue
      let end = start + period + 1
      while (end < items.length && tokens[end] === tokens[end - period]) end += 1
      const one = repetitionIn(items, connections, { start, end, period })
      if (one !== undefined && one.gain > 0) found.push(one)
      start = end - period
    }
  }
  return found
}

/** The longest repetition in a range whose items each equal the one that is `period` later. */
function repetitionIn(
  items: readonly Item[],
  connections: Connections,
  { start, end, period }: { readonly start: number; readonly end: number; readonly period: number },
): Repetition | undefined {
  let best: Repetition | undefined
  for (let from = start; from < start + period && from + 2 * period <= end; from += 1) {
    if (!mayBegin(items, from, connections)) continue
    const times = iterationsAt(connections, { start: from, end, period })
    if (times <= (best?.times ?? 1)) continue
    const before = costOfAll(items.slice(from, from + period * times))
    best = { start: from, period, times, gain: before - repeatCost(items.slice(from, from + period)) }
  }
  return best
}

/** The number of iterations from a place: each takes only the output of the one before it, which nothing else takes. */
function iterationsAt(
  { distances, taken, applied }: Connections,
  { start, end, period }: { readonly start: number; readonly end: number; readonly period: number },
): number {
  for (let from = start; from + period <= end; from += period) {
    const last = from + period - 1
    for (let at = from; at <= last; at += 1) {
      const takesOthers = distances[at]!.some((distance) => distance > at - from + 1)
      const isTakenLater = applied[at]! > last || (at < last && taken[at]! > last)
      if (takesOthers || isTakenLater) return (from - start) / period
    }
    if (taken[last]! > last + period) return (from - start) / period + 1
  }
  return Math.floor((end - start) / period)
}
