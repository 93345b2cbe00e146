/** Expands the layers of a spec: to those of the plain spec, or to the tree of its calls and repeats. */
import { impliedInputName } from '../language/layerNames.ts'
import type { Blocks } from './blocks.ts'
import { Composition } from './composition.ts'
import { LayerCounter } from './countLayers.ts'
import { frameOf } from './frames.ts'
import { LayerExpander } from './layerExpander.ts'
import { LayerList, mostItems, mostLayers } from './layerList.ts'
import { originInside, type Origin } from './origins.ts'
import type { Scope } from './scope.ts'
import type { StructureList } from './structure.ts'

/** The list of layers of a spec, with what its items can refer to. */
export interface WrittenLayers {
  readonly blocks: Blocks
  readonly items: readonly unknown[]
  readonly list: Origin
  readonly scope: Scope
}

/**
 * Expands the list of layers of a spec.
 *
 * @param keepsNumbered Whether the result lists the layers with automatic names, for overrides.
 */
export function expandLayers(context: Composition, written: WrittenLayers, keepsNumbered: boolean): LayerList {
  const { blocks, items, list, scope } = written
  const expander = new LayerExpander(context, written, new LayerList(context, keepsNumbered))
  const most = { layers: mostLayers, items: mostItems }
  const index = new LayerCounter(blocks, scope, most).indexBeyond(items, list)
  const hasRoom = index === undefined || expander.out.hasRoom(originInside(list, index), mostLayers + 1, 1)
  if (hasRoom) expander.expandList(items, list, frameOf(scope, 0), impliedInputName)
  return expander.out
}

/**
 * Expands the list again, for how it was written. Only back ends need that, and it is as large as the layers.
 *
 * @param overridden The names of layers that are not what their list says.
 */
export function structureOfLayers(written: WrittenLayers, overridden: ReadonlySet<string>): StructureList {
  const context = new Composition()
  const expander = new LayerExpander(context, written, new LayerList(context, false), overridden)
  const top = frameOf(written.scope, 0)
  expander.expandList(written.items, written.list, top, impliedInputName)
  return top
}
