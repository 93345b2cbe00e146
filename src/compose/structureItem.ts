import type { LayerItem } from './layerItems.ts'
import type { StructureItem } from './structure.ts'

/**
 * Describes an item that was expanded.
 *
 * @param overridden The names of layers that are not what their list says.
 */
export function structureItem(
  { kind, type, index, name, nameOrigin, options }: LayerItem,
  output: string,
  overridden: ReadonlySet<string>,
  { block, inputs = [], lists = [] }: Partial<StructureItem> = {},
): StructureItem {
  return {
    kind: kind === 'call' || kind === 'repeat' ? kind : 'layer',
    type,
    index,
    name,
    isNamed: nameOrigin !== undefined,
    options,
    output,
    inputs,
    block,
    lists,
    isOverridden:
      kind === 'call' || kind === 'repeat'
        ? lists.some(({ items }) => items.some((one) => one.isOverridden))
        : overridden.has(output),
  }
}
