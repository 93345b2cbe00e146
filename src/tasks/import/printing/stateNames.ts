/**
 * Decides which names a spec states. Those that other layers need are stated: of a layer that is not only taken by the one
 * after it, of an output, of an input. Of the others, the spec keeps the names of layers with weights that are one word,
 * such as `fc1` or `predictions`: `conv2_block1_1_conv` repeats what the type and the place of a layer say.
 */
import { impliedInputName } from '../../../language/layerNames.ts'
import { isInput, layerTable } from '../../../parts/layers/table.ts'
import type { Item, ItemList, PrintedSpec } from './items.ts'

/** @param hasWeights Whether a layer, by its name in the file, has weights. */
export function stateNames({ list, outputs }: PrintedSpec, hasWeights: (origin: string) => boolean): void {
  const referenced = new Set([...referencedItems(list), ...(outputs ?? [])])
  const taken = new Set(list.entries.map(({ name }) => name))
  for (const item of list.items) {
    const isNeeded = referenced.has(item) || isInput(item.type)
    if (isNeeded || (item.kind === 'layer' && hasWeights(item.origin) && isTelling(item.origin))) {
      item.name = unusedName(item.origin, taken)
    }
  }
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

/** Whether a name is one word that says more than the type and a number do, as `conv2d_3`, `Dense1` and `conv1` do not. */
function isTelling(name: string): boolean {
  return /^[A-Za-z]+\d*$/.test(name) && !typeWords.has(wordOf(name)) && !typeWords.has(name.toLowerCase())
}

function wordOf(name: string): string {
  return name.toLowerCase().replace(/\d+d?$/, '')
}

const typeWords = new Set([
  ...Object.keys(layerTable).flatMap((type) => [type.toLowerCase(), wordOf(type)]),
  impliedInputName,
  'bn',
  'norm',
  'pool',
])

function unusedName(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 1; taken.has(free); number += 1) free = `${name}_${number}`
  taken.add(free)
  return free
}
