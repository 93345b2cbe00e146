/** Writes runs of items that have the same form as calls of a block, whose parameters are the values in which they differ. */
import { blockCost, callCost, costOfAll } from './cost.ts'
import {
  isSameValue,
  listsIn,
  replaceItems,
  withInner,
  type Block,
  type Entry,
  type Item,
  type PrintedSpec,
} from './items.ts'
import { generalize, type Generalization } from './parameters.ts'
import { findRuns, usesIn, type Run } from './runs.ts'
import type { Signatures } from './signatures.ts'

/** The reduction of the cost from which a block is worth reading: about that of a line. */
const leastGain = 6

/** A block that may replace several runs. */
export interface BlockCandidate extends Generalization {
  readonly runs: readonly Run[]
  readonly gain: number
}

/** Returns the block that makes a spec shortest; undefined if none does. */
export function findBlock(spec: PrintedSpec, signatures: Signatures): BlockCandidate | undefined {
  const outputs = new Set(spec.outputs)
  const groups = findRuns(listsIn(spec), (list) => usesIn(list, outputs), signatures)
    .map((runs) => ({ runs, most: mostGain(runs) }))
    .toSorted((a, b) => b.most - a.most)
  let best: BlockCandidate | undefined
  for (const { runs, most } of groups) {
    if (most <= (best?.gain ?? leastGain)) break
    const found = withoutExceptions(runs, signatures)
    if (found.gain > (best?.gain ?? leastGain)) best = found
  }
  return best
}

function itemsOf({ list, start, end }: Run): Item[] {
  return list.items.slice(start, end)
}

/** A bound on the gain of a block, which needs no parameters. */
function mostGain(runs: readonly Run[]): number {
  const { start, end } = runs[0]!
  const least = 5 * (2 + end - start + runs.length)
  return runs.reduce((sum, run) => sum + costOfAll(itemsOf(run)), 0) - least
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
  const before = runs.reduce((sum, run) => sum + costOfAll(itemsOf(run)), 0)
  const calls = common.args.reduce((sum, args) => sum + callCost(common.params, args), 0)
  // The options of the block replace those of its first run.
  const first = itemsOf(runs[0]!)
  const stated = withInner(first).map(({ options }) => options.size)
  const changed = common.options.reduce((sum, options, place) => sum + options.size - stated[place]!, 0)
  const entries = runs[0]!.inputs.map((): Entry => ({ kind: 'entry', name: '' }))
  const body = blockCost({ params: common.params, list: { entries, items: first } }) + changed
  return { ...common, runs, gain: before - calls - body }
}

export function addBlock(spec: PrintedSpec, { runs, params, options, args }: BlockCandidate): void {
  const [first] = runs
  const entries = first!.inputs.map((): Entry => ({ kind: 'entry', name: '' }))
  const items = itemsOf(first!)
  const block: Block = { name: '', params, list: { entries, items } }
  // From the last run, since a call replaces several items.
  for (const [index, run] of [...runs.entries()].toReversed()) {
    const call: Item = {
      kind: 'call',
      type: 'call',
      options: args[index]!,
      inputs: run.inputs,
      origin: run.list.items[run.end - 1]!.origin,
      block,
    }
    replaceItems(spec, run.list, [run.start, run.end], call)
  }
  for (const [place, item] of withInner(items).entries()) item.options = options[place]!
  const entryOf = new Map(first!.inputs.map((input, index) => [input, entries[index]!]))
  for (const item of items) item.inputs = item.inputs.map((one) => entryOf.get(one as Item) ?? one)
  spec.blocks = [...spec.blocks, block]
}
