/**
 * Decides which names a spec states: those that other layers need, of a layer that is not only taken by the one after it, of an
 * output, of an input; and those of layers with weights that say what the layer is for.
 */
import { isInput } from '../../../parts/layers/table.ts'
import type { Item, ItemList, PrintedSpec } from './items.ts'
import { hasWeights } from './signatures.ts'

export function stateNames({ list, outputs }: PrintedSpec): void {
  const referenced = new Set([...referencedItems(list), ...(outputs ?? [])])
  const taken = new Set(list.entries.map(({ name }) => name))
  for (const item of list.items) {
    const isNeeded = referenced.has(item) || isInput(item.type)
    if (isNeeded || (item.nameKind !== undefined && hasWeights(item))) {
      item.name = unusedName(nameFor(item), taken, '_')
    }
  }
}

/** The name of a call or a repeat has no characters with which the names of its layers are formed. */
function nameFor({ kind, origin }: Item): string {
  if (kind === 'layer') return origin
  const name = origin.replaceAll(/[^A-Za-z0-9_-]+/g, '_')
  return /^[A-Za-z]/.test(name) ? name : `layer_${name}`
}

/** The items that others refer to by name. */
export function referencedItems({ items }: ItemList): Set<Item> {
  const referenced = new Set<Item>()
  for (const [index, item] of items.entries()) {
    if (item.applied !== undefined) referenced.add(item.applied)
    const isAbove = item.inputs.length === 1 && item.inputs[0] === items[index - 1]
    for (const input of isAbove ? [] : item.inputs) if (input.kind !== 'entry') referenced.add(input)
  }
  return referenced
}

/** @param separator What is between a name that is taken and its number. */
export function unusedName(name: string, taken: Set<string>, separator: string): string {
  let free = name
  for (let number = 2; taken.has(free); number += 1) free = `${name}${separator}${number}`
  taken.add(free)
  return free
}
