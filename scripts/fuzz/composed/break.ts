/** Puts one mistake into a composed spec: a value that cannot be computed, one that does not fit, or a call that is wrong. */
import type { RandomSource } from '../randomSource.ts'
import { literal, type Block, type ComposedSpec, type Item, type Written } from './tree.ts'

export interface BrokenSpec {
  readonly spec: ComposedSpec
  /** The only code that the checker may report; undefined if the mistake is one of the plain spec as well. */
  readonly code?: string
}

/** Texts without a value, each with the code of its mistake. */
const valueless: readonly (readonly [text: string, code: string])[] = [
  ['$missing', 'compose/unknown-name'],
  ['$(missing + 1)', 'compose/unknown-name'],
  ['$(1 / 0)', 'compose/bad-expression'],
  ['$(2 +)', 'compose/bad-expression'],
  ['$(2 ^ 3)', 'compose/bad-expression'],
  ['$(max())', 'compose/bad-expression'],
  ['$(10 ** 1000)', 'compose/bad-expression'],
  ['$("a" + 1)', 'compose/bad-expression'],
  ['$(1 if 2 else 3)', 'compose/bad-expression'],
  ['$("a" == 1)', 'compose/bad-expression'],
  ['$(sqrt(-1))', 'compose/bad-expression'],
  ['$(2 * (3)', 'compose/bad-expression'],
  ['$width x', 'compose/bad-reference'],
  ['${width}', 'compose/bad-reference'],
]

const misfits: readonly unknown[] = [0, -1, 2.5, 99, 'abc', true, null, [3, 'a'], [0], { units: 2 }, '$$n', 1e9]

/** Returns undefined if the spec has no place for the mistake that was drawn. */
export function breakComposed(spec: ComposedSpec, random: RandomSource): BrokenSpec | undefined {
  const sites = countSites(spec)
  if (random.chance(0.4) && sites.items > 0) return breakItem(spec, random.integer(0, sites.items - 1), random)
  if (sites.values === 0) return undefined
  const index = random.integer(0, sites.values - 1)
  if (random.chance(0.5)) return { spec: replaceValue(spec, index, () => literal(random.pick(misfits))) }
  const [text, code] = random.pick(valueless)
  return { spec: replaceValue(spec, index, () => ({ ...literal(undefined), text })), code }
}

function breakItem(spec: ComposedSpec, index: number, random: RandomSource): BrokenSpec {
  const [code, change] = random.pick(itemMistakes)
  return { spec: replaceItem(spec, index, change), ...(code !== '' && { code }) }
}

/** Changes of an item, with the code of the mistake, which is empty for those that plain specs can have. */
const itemMistakes: readonly (readonly [code: string, change: (item: Item) => Item])[] = [
  ['', (item) => (item.kind === 'layer' ? { ...item, options: { ...item.options, unitz: literal(3) } } : item)],
  ['', (item) => (item.kind === 'layer' && item.name !== undefined ? { ...item, type: 'denze' } : item)],
  // A slot, `- $layer`, states no inputs.
  ['', (item) => (item.kind === 'slot' ? item : { ...item, inputs: ['nobody'] })],
  [
    'graph/unknown-input',
    (item) => (item.kind === 'call' && item.block.inputs.length < 2 ? { ...item, inputs: ['nobody'] } : item),
  ],
  ['compose/bad-call', (item) => (item.kind === 'call' ? { ...item, inputs: ['input', 'input', 'input'] } : item)],
  [
    'schema/unknown-key',
    (item) => (item.kind === 'call' ? { ...item, args: { ...item.args, xyz: literal(1) } } : item),
  ],
  [
    'compose/bad-repeat',
    (item) => (item.kind === 'repeat' ? { ...item, times: literal(2), over: literal([1]) } : item),
  ],
  ['compose/bad-repeat', (item) => (item.kind === 'repeat' ? withoutCount(item) : item)],
]

function withoutCount({ times: _times, over: _over, ...item }: Item & { kind: 'repeat' }): Item {
  return { ...item, times: literal('x') }
}

interface Visitor {
  value(written: Written): Written
  item(item: Item): Item
}

function countSites(spec: ComposedSpec): { values: number; items: number } {
  const counts = { values: 0, items: 0 }
  visitSpec(spec, {
    value: (one) => {
      counts.values += 1
      return one
    },
    item: (one) => {
      counts.items += 1
      return one
    },
  })
  return counts
}

function replaceValue(spec: ComposedSpec, index: number, change: () => Written): ComposedSpec {
  let at = -1
  return visitSpec(spec, { value: (one) => ((at += 1) === index ? change() : one), item: (one) => one })
}

function replaceItem(spec: ComposedSpec, index: number, change: (item: Item) => Item): ComposedSpec {
  let at = -1
  return visitSpec(spec, { value: (one) => one, item: (one) => ((at += 1) === index ? change(one) : one) })
}

/** Rebuilds a spec. Its calls keep pointing to its blocks. */
function visitSpec({ shape, vars, blocks, items }: ComposedSpec, visitor: Visitor): ComposedSpec {
  const rebuilt = new Map<Block, Block>()
  const visitValues = <Of extends Written | undefined>(values: ReadonlyMap<string, Of>) =>
    new Map([...values].map(([name, one]) => [name, one === undefined ? one : visitor.value(one)] as const))
  const visitOptions = (options: Readonly<Record<string, Written>>) =>
    Object.fromEntries(Object.entries(options).map(([key, one]) => [key, one.isFixed ? one : visitor.value(one)]))
  const visitItem = (item: Item): Item => {
    const { when } = item
    const common = when === undefined ? {} : { when: visitor.value(when) }
    switch (item.kind) {
      case 'layer':
        return visitor.item({ ...item, ...common, options: visitOptions(item.options) })
      case 'call':
        return visitor.item({ ...item, ...common, block: rebuilt.get(item.block)!, args: visitOptions(item.args) })
      case 'repeat': {
        const count =
          item.times === undefined ? { over: visitor.value(item.over!) } : { times: visitor.value(item.times) }
        return visitor.item({ ...item, ...common, ...count, items: item.items.map(visitItem) })
      }
      default:
        return visitor.item({ ...item, ...common })
    }
  }
  const changedVars = visitValues(vars) as ComposedSpec['vars']
  for (const block of blocks) {
    const params = visitValues(block.params) as Block['params']
    rebuilt.set(block, { ...block, params, items: block.items.map(visitItem) })
  }
  return { shape, vars: changedVars, blocks: [...rebuilt.values()], items: items.map(visitItem) }
}
