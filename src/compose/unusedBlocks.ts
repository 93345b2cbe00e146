/**
 * Expands the blocks that nothing calls, so that mistakes in them are found as well: each as a call without arguments. Required
 * parameters are unknown, so what depends on them is not checked.
 */
import { impliedInputName } from '../language/layerNames.ts'
import type { Block, Blocks } from './blocks.ts'
import { bindDefaults } from './callScope.ts'
import { Composition } from './composition.ts'
import { frameOf } from './frames.ts'
import { LayerExpander } from './layerExpander.ts'
import { LayerList } from './layerList.ts'
import type { Scope } from './scope.ts'

/** The most items of these blocks that are expanded. */
const mostItems = 1000

/**
 * @param used The blocks that calls were found of.
 * @returns The layers of the others; undefined without any.
 */
export function expandUnusedBlocks(
  context: Composition,
  { blocks, scope }: { readonly blocks: Blocks; readonly scope: Scope },
  used: ReadonlySet<Block>,
): LayerList | undefined {
  const isUnused = (block: Block) => !used.has(block)
  if (![...blocks.known.values()].some(isUnused)) return undefined
  // A block that is too large would be reported where it is called.
  const out = new LayerList(new Composition(), false, { layers: mostItems, items: mostItems })
  const expander = new LayerExpander(context, { blocks, scope }, out)
  // A block often calls those before it.
  for (const block of [...blocks.known.values()].toReversed()) {
    if (isUnused(block) && !out.used.has(block)) expander.expandUnused(block, frameOfUnused(context, block, scope))
  }
  return out.values.length === 0 ? undefined : out
}

function frameOfUnused(context: Composition, block: Block, globals: Scope) {
  const names = block.inputs.length < 2 ? [impliedInputName, ...block.inputs] : block.inputs
  return frameOf(bindDefaults(context, block, globals), 1, {
    prefix: `${block.name}/`,
    inputs: new Map(names.map((name) => [name, impliedInputName])),
  })
}
