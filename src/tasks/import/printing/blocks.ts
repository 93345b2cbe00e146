/** Writes runs of items that have the same form as calls of a block, whose parameters are the values in which they differ. */
import { bestWithoutOverlaps, leastShare } from './bestSteps.ts'
import { blockCost, callCost, lineCost } from './cost.ts'
import {
  isSameValue,
  listsIn,
  replaceInLists,
  withInner,
  type Block,
  type Entry,
  type Item,
  type PrintedSpec,
} from './items.ts'
import { generalize, type Generalization } from './parameters.ts'
import { findRuns, usesIn, type Run } from './runs.ts'
import type { Signatures } from './signatures.ts'

/** The reduction of the cost from which a block is worth reading. */
const leastGain = 3

/** A block that may replace several runs. */
export interface BlockCandidate extends Generalization {
  readonly runs: readonly Run[]
  readonly gain: number
}

/** Returns the block that makes a spec shortest, and others of other layers that do nearly as much. */
export function findBlocks(spec: PrintedSpec, signatures: Signatures): BlockCandidate[] {
  const outputs = new Set(spec.outputs)
  const groups = findRuns(listsIn(spec), (list) => usesIn(list, outputs), signatures)
    .map((runs) => ({ runs, most: mostGain(runs) }))
    .toSorted((a, b) => b.most - a.most)
  const found: BlockCandidate[] = []
  let best = leastGain
  for (const { runs, most } of groups) {
    if (most < best * leastShare || most <= leastGain || signatures.work.isSpent) break
    const one = withoutExceptions(runs, signatures)
    if (one.gain > leastGain) found.push(one)
    best = Math.max(best, one.gain)
  }
  return bestWithoutOverlaps(found, ({ runs }) => withInner(runs.flatMap(itemsOf)))
}

function itemsOf({ list, start, end }: Run): Item[] {
  return list.items.slice(start, end)
}

function costOfRuns(runs: readonly Run[]): number {
  return runs.reduce((sum, { cost }) => sum + cost, 0)
}

/** A bound on the gain of a block, which needs no parameters. */
function mostGain(runs: readonly Run[]): number {
  const { start, end } = runs[0]!
  const leastLines = 2 + end - start + runs.length
  return costOfRuns(runs) - lineCost * leastLines
}

/** Leaves out the few runs that differ from all others in a value, if the rest needs a parameter less for it. */
function withoutExceptions(runs: readonly Run[], signatures: Signatures): BlockCandidate {
  const whole = candidateOf(runs, signatures)
  const smaller = whole.params.flatMap(({ name, byDefault }) => {
    const usual = runs.filter((_run, index) => isSameValue(whole.args[index]!.get(name), byDefault))
    const isUsual = byDefault !== undefined && usual.length >= 2 && usual.length < runs.length
    return isUsual ? [candidateOf(usual, signatures)] : []
  })
  const best = smaller.reduce((most, one) => (one.gain > most.gain ? one : most), whole)
  return best === whole ? whole : withoutExceptions(best.runs, signatures)
}

function candidateOf(runs: readonly Run[], signatures: Signatures): BlockCandidate {
  const common = generalize(runs.map(itemsOf), signatures)
  const calls = common.args.reduce((sum, args) => sum + callCost(common.params, args), 0)
  // The options of the block replace those of its first run.
  const first = itemsOf(runs[0]!)
  const stated = withInner(first).map(({ options }) => options.size)
  const changed = common.options.reduce((sum, options, place) => sum + options.size - stated[place]!, 0)
  const entries = runs[0]!.inputs.map((): Entry => ({ kind: 'entry', name: '' }))
  const body = blockCost({ params: common.params, list: { entries, items: first } }) + changed
  return { ...common, runs, gain: costOfRuns(runs) - calls - body }
}

export function addBlocks(spec: PrintedSpec, candidates: readonly BlockCandidate[]): void {
  const blocks = candidates.map(({ runs, params }): Block => {
    const entries = runs[0]!.inputs.map((): Entry => ({ kind: 'entry', name: '' }))
    return { name: '', params, list: { entries, items: itemsOf(runs[0]!) } }
  })
  const calls = candidates.flatMap(({ runs, args }, place) =>
    runs.map((run, index) => ({ run, block: blocks[place]!, args: args[index]! })),
  )
  replaceInLists(
    spec,
    calls.map(({ run, block, args }) => ({ ...run, by: [callOf(run, block, args)] })),
  )
  for (const [place, { list }] of blocks.entries()) {
    const { runs, options } = candidates[place]!
    for (const [index, item] of withInner(list.items).entries()) item.options = options[index]!
    const entryOf = new Map(runs[0]!.inputs.map((input, index) => [input, list.entries[index]!]))
    for (const item of list.items) item.inputs = item.inputs.map((one) => entryOf.get(one) ?? one)
  }
  spec.blocks = [...spec.blocks, ...blocks]
}

function callOf({ list, end, inputs }: Run, block: Block, args: ReadonlyMap<string, unknown>): Item {
  return { kind: 'call', type: 'call', options: args, inputs, origin: list.items[end - 1]!.origin, block }
}
