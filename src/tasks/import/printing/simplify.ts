/** Takes back blocks that are called once, and repeats that are longer than what they repeat. */
import {
  isSameValue,
  listsIn,
  Reference,
  withInner,
  type Block,
  type Item,
  type ItemList,
  type PrintedSpec,
  type Source,
} from './items.ts'
import { defaultOf } from './signatures.ts'

export function simplify(spec: PrintedSpec): void {
  // Later blocks call earlier ones or were made from their layers.
  for (const block of spec.blocks) {
    const [first, ...others] = callsOf(spec, block)
    if (others.length > 0) continue
    spec.blocks = spec.blocks.filter((one) => one !== block)
    if (first !== undefined) inline(spec, first.list, first.call)
  }
  spec.blocks = inOrderOfCalls(spec)
  for (const list of listsIn(spec)) unrollShortRepeats(spec, list)
}

function callsOf(spec: PrintedSpec, block: Block): { readonly list: ItemList; readonly call: Item }[] {
  return listsIn(spec).flatMap((list) => list.items.flatMap((call) => (call.block === block ? [{ list, call }] : [])))
}

/** Replaces the call of a block by its layers. */
function inline(spec: PrintedSpec, list: ItemList, call: Item): void {
  const { list: body } = call.block!
  for (const item of withInner(body.items)) {
    const options = [...item.options].map(([key, value]) => [key, argumentIn(value, call)] as const)
    item.options = new Map(options.filter(([key, value]) => !isSameValue(value, defaultOf(item, key))))
  }
  const inputOf = new Map<Source, Source>(body.entries.map((entry, index) => [entry, call.inputs[index]!]))
  for (const item of body.items) item.inputs = item.inputs.map((one) => inputOf.get(one) ?? one)
  replaceItem(spec, list, call, body.items)
}

function argumentIn(value: unknown, call: Item): unknown {
  if (!(value instanceof Reference)) return value
  const argument = call.options.get(value.param.name)
  if (argument instanceof Reference) return new Reference(argument.param, argument.factor * value.factor)
  return value.factor === 1 ? argument : Number(argument) * value.factor
}

/** Writes two equal layers as two lines, where the number of them is no parameter. */
function unrollShortRepeats(spec: PrintedSpec, list: ItemList): void {
  for (const item of list.items) {
    const [once, ...others] = item.list?.items ?? []
    if (once === undefined || others.length > 0 || once.list !== undefined || item.options.get('times') !== 2) continue
    const [entry] = item.list!.entries
    const copy = (index: number, input: Source): Item => {
      const inputs = once.inputs.map((one) => (one === entry ? input : one))
      return { ...once, ...item.iterations![index]!, inputs }
    }
    const first = copy(0, item.inputs[0]!)
    replaceItem(spec, list, item, [first, copy(1, first)])
  }
}

/** Replaces an item by several, the last of which has its output. */
function replaceItem(spec: PrintedSpec, list: ItemList, item: Item, by: readonly Item[]): void {
  const replaced = (one: Source) => (one === item ? by.at(-1)! : one)
  for (const other of list.items) other.inputs = other.inputs.map(replaced)
  spec.outputs = spec.outputs?.map((one) => (one === item ? by.at(-1)! : one))
  list.items = list.items.flatMap((one) => (one === item ? by : [one]))
}

/** The blocks in the order in which they are first called, each after those that it calls. */
function inOrderOfCalls({ list }: PrintedSpec): Block[] {
  const ordered = new Set<Block>()
  const addAll = ({ items }: ItemList): void => {
    for (const { block } of withInner(items)) {
      if (block === undefined || ordered.has(block)) continue
      addAll(block.list)
      ordered.add(block)
    }
  }
  addAll(list)
  return [...ordered]
}
