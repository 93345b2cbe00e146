/** Takes back blocks that are called once, and repeats that are longer than what they repeat. */
import {
  isSameValue,
  listsIn,
  Reference,
  replaceInLists,
  withInner,
  withRepeats,
  type Block,
  type Item,
  type ItemList,
  type PrintedSpec,
  type Source,
} from './items.ts'
import { defaultOf } from './signatures.ts'

export function simplify(spec: PrintedSpec): void {
  const calls = countCalls(spec)
  const isInlined = (block: Block) => calls.get(block)! < 2
  // Each block comes after those that it calls, whose layers are then in its list.
  for (const block of spec.blocks) inlineCalls(spec, block.list, isInlined)
  inlineCalls(spec, spec.list, isInlined)
  spec.blocks = inOrderOfCalls(spec)
  for (const list of listsIn(spec)) unrollShortRepeats(spec, list)
}

function countCalls(spec: PrintedSpec): Map<Block, number> {
  const calls = new Map(spec.blocks.map((block) => [block, 0]))
  for (const { items } of listsIn(spec)) {
    for (const { block } of items) if (block !== undefined) calls.set(block, calls.get(block)! + 1)
  }
  return calls
}

/** Replaces the calls of some blocks, which have no other calls, by their layers. */
function inlineCalls(spec: PrintedSpec, outer: ItemList, isInlined: (block: Block) => boolean): void {
  for (const list of withRepeats(outer)) {
    replaceWhere(spec, list, (call) => {
      if (call.block === undefined || !isInlined(call.block)) return undefined
      const { list: body } = call.block
      for (const item of withInner(body.items)) {
        const options = [...item.options].map(([key, value]) => [key, argumentIn(value, call)] as const)
        item.options = new Map(options.filter(([key, value]) => !isSameValue(value, defaultOf(item, key))))
      }
      const inputOf = new Map<Source, Source>(body.entries.map((entry, index) => [entry, call.inputs[index]!]))
      for (const item of body.items) item.inputs = item.inputs.map((one) => inputOf.get(one) ?? one)
      return body.items
    })
  }
}

function argumentIn(value: unknown, call: Item): unknown {
  if (!(value instanceof Reference)) return value
  const argument = call.options.get(value.param.name)
  if (argument instanceof Reference) return new Reference(argument.param, argument.factor * value.factor)
  return value.factor === 1 ? argument : Number(argument) * value.factor
}

/** Writes two equal layers as two lines, where the number of them is no parameter. */
function unrollShortRepeats(spec: PrintedSpec, list: ItemList): void {
  replaceWhere(spec, list, (item) => {
    const [once, ...others] = item.list?.items ?? []
    if (once === undefined || others.length > 0 || once.list !== undefined || item.options.get('times') !== 2) {
      return undefined
    }
    const [entry] = item.list!.entries
    const copy = (index: number, input: Source): Item => {
      const inputs = once.inputs.map((one) => (one === entry ? input : one))
      return { ...once, ...item.iterations![index]!, inputs }
    }
    const first = copy(0, item.inputs[0]!)
    return [first, copy(1, first)]
  })
}

function replaceWhere(spec: PrintedSpec, list: ItemList, by: (item: Item) => readonly Item[] | undefined): void {
  const replacements = list.items.flatMap((item, start) => {
    const items = by(item)
    return items === undefined ? [] : [{ list, start, end: start + 1, by: items }]
  })
  replaceInLists(spec, replacements)
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
