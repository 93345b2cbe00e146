/**
 * Finds the structure of a network, and writes it as blocks and repeats.
 *
 *     conv 32, relu, conv 32, relu, pool           repeat 2 × [conv 32, relu], pool           stage 32
 *     conv 64, relu, conv 64, relu, pool    →      repeat 2 × [conv 64, relu], pool    →      stage 64
 *
 * It makes the spec shorter step by step, as long as that is possible:
 *
 * 1. A layer that occurs several times in a row with equal options becomes a repeat (repeats.ts).
 * 2. Otherwise, the spec gets the repeat of several layers or the block that makes it shortest (cost.ts). A block replaces
 *    layers that occur several times with equal types and connections; the values of options in which they differ become its
 *    parameters (runs.ts, parameters.ts, blocks.ts).
 *
 * What a step writes is an item of its list as a layer is, so later steps find repeats of calls, and blocks that call others. A
 * block or a repeat has its layers once, so each step works on what is left of the network. Its work is the number of items times
 * the length of the longest run, which is limited; so is the work of all steps together (searchWork.ts).
 */
import { addBlocks, findBlocks } from './blocks.ts'
import type { PrintedSpec } from './items.ts'
import { addRepeats, findRepeats } from './repeats.ts'
import { SearchWork } from './searchWork.ts'
import { Signatures } from './signatures.ts'
import { simplify } from './simplify.ts'

/** Returns whether the search went to its end; a very large network has structure that is not found. */
export function addStructure(spec: PrintedSpec, work = new SearchWork()): boolean {
  while (!work.isSpent && addBestSteps(spec, work));
  simplify(spec)
  return !work.isSpent
}

/** Returns false if nothing makes the spec shorter. */
function addBestSteps(spec: PrintedSpec, work: SearchWork): boolean {
  // The signature of a repeat changes with the layers inside it.
  const signatures = new Signatures(work)
  const single = findRepeats(spec, signatures, 1)
  const repeats = single.length > 0 ? single : findRepeats(spec, signatures)
  const blocks = single.length > 0 ? [] : findBlocks(spec, signatures)
  const gainOf = (steps: readonly { readonly gain: number }[]) => Math.max(0, ...steps.map(({ gain }) => gain))
  if (gainOf(repeats) >= gainOf(blocks)) addRepeats(spec, repeats)
  else addBlocks(spec, blocks)
  return repeats.length > 0 || blocks.length > 0
}
