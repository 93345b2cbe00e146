/** What the printers of blocks share: where the code of an item comes from, and the parts of a loop. */
import type { Definition } from './blockDefinitions.ts'
import { columnLiterals, type Body, type Item, type LoopItem } from './foldBlocks.ts'

/** Puts the items of calls without a definition into the body. */
export function spliceCalls<L>(body: Body<L>, isDefined: (body: Body<L>) => boolean): Body<L> {
  if (!body.items.some((item) => item.kind === 'call' && !isDefined(item.body))) return body
  const items: Item<L>[] = []
  const places: number[] = []
  for (const item of body.items) {
    const refs = item.refs.map((ref) => (ref.kind === 'start' ? ref : { ...ref, index: places[ref.index]! }))
    if (item.kind !== 'call' || isDefined(item.body)) items.push({ ...item, refs })
    else {
      const start = items.length
      for (const inner of spliceCalls(item.body, isDefined).items)
        items.push({
          ...inner,
          name: `${item.name}_${inner.name}`,
          refs: inner.refs.map((ref) =>
            ref.kind === 'start' ? refs[ref.index]! : { ...ref, index: start + ref.index },
          ),
        })
    }
    places.push(items.length - 1)
  }
  return { ...body, items }
}

interface PlacedItem<L> {
  readonly item: Item<L>
  readonly place: number
  /** The codes of its literals. */
  readonly own: readonly string[]
}

/** The items of a body with the codes of their literals. */
export function placeItems<L>({ items }: Body<L>, codes: readonly string[]): readonly PlacedItem<L>[] {
  let next = 0
  return items.map((item, place) => {
    const start = next
    next += countLiterals(item)
    return { item, place, own: codes.slice(start, next) }
  })
}

function countLiterals<L>(item: Item<L>): number {
  if (item.kind === 'layer') return item.template.literals.length
  if (item.kind === 'call') return item.body.literals.length
  return 1 + item.columns.reduce((sum, column) => sum + columnLiterals(column).length, 0)
}

/** The arguments of a call in a loop, and its head: `for i in range(6)`. */
export function loopParts<L>(
  { columns }: LoopItem<L>,
  { params }: Definition<L>,
  [count, ...own]: readonly string[],
): { readonly args: readonly string[]; readonly head: string } {
  let next = 0
  const codes = columns.map((column) => {
    const start = next
    next += columnLiterals(column).length
    return own.slice(start, next)
  })
  // What the arguments refer to around the loop.
  const around = new Set([count, ...own].flatMap((code) => code?.match(/\b[a-z]\w*/g) ?? []))
  const listed: (readonly [name: string, values: string])[] = []
  let isCounted = false
  const args = params.map(({ place, name }) => {
    const column = columns[place]!
    const [code, step] = codes[place]!
    if (column.kind === 'same') return `${name}=${code}`
    if (column.kind === 'listed') {
      const variable = around.has(name) ? `${name}_i` : name
      listed.push([variable, code!])
      return `${name}=${variable}`
    }
    isCounted = true
    return `${name}=${code} + ${step === '1' ? '' : `${step} * `}i`
  })
  const values = listed.length > 1 ? `zip(${listed.map(([, all]) => all).join(', ')})` : listed[0]?.[1]
  const variables = listed.map(([name]) => name).join(', ')
  if (values === undefined) return { args, head: `for ${isCounted ? 'i' : '_'} in range(${count})` }
  if (!isCounted) return { args, head: `for ${variables} in ${values}` }
  return { args, head: `for i, ${listed.length > 1 ? `(${variables})` : variables} in enumerate(${values})` }
}
