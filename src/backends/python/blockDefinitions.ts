/** Finds the bodies of a network that are used several times, and the parameters by which their uses differ. */
import type { Body, Item } from './foldBlocks.ts'
import { snakeCase } from './printLiteral.ts'
import { pythonWords } from './pythonNames.ts'

/** A body that is used several times, with the values of its literals in each use. */
export interface Definition<L> {
  readonly body: Body<L>
  readonly uses: readonly Body<L>[]
  readonly params: readonly Param[]
  /** For each literal: the code in the definition. */
  readonly codes: readonly string[]
}

export interface Param {
  readonly name: string
  readonly type: string
  /** The place of a literal that has its value. */
  readonly place: number
}

/** The definitions of a network by key, each after those that it uses. Bodies that are used once have none. */
export function definitionsIn<L>(root: Body<L>, hintsOf: (body: Body<L>) => readonly string[]): Definition<L>[] {
  const uses = new Map<string, Body<L>[]>()
  const visit = (body: Body<L>): void => {
    for (const inner of body.items.flatMap(bodiesOf)) {
      visit(inner)
      uses.set(inner.key, [...(uses.get(inner.key) ?? []), inner])
    }
  }
  visit(root)
  return [...uses.values()].filter((all) => all.length > 1).map((all) => defineBody(all, hintsOf(all[0]!)))
}

function bodiesOf<L>(item: Item<L>): readonly Body<L>[] {
  return item.kind === 'layer' ? [] : item.kind === 'call' ? [item.body] : item.bodies
}

interface ParamColumn extends Param {
  /** Its value in each use. */
  readonly column: readonly string[]
}

function defineBody<L>(uses: readonly Body<L>[], hints: readonly string[]): Definition<L> {
  const [body] = uses as readonly [Body<L>]
  const columns = body.literals.map((_value, place) => uses.map(({ literals }) => literals[place]!))
  const params: ParamColumn[] = []
  // The parameters of the block come first, so that other values are multiples of them.
  const stated = body.params.flatMap((name): ParamColumn[] => {
    const column = uses.map((use) => valueIn(use, name))
    const place = columns.findIndex((one) => areEqual(column, one))
    return place < 0
      ? []
      : [
          {
            name: freeName(snakeCase(name).replaceAll(/\W/g, '_'), []),
            column: columns[place]!,
            place,
            type: typeOf(columns[place]!),
          },
        ]
  })
  const use = (param: ParamColumn) => {
    if (!params.includes(param)) params.push(param)
  }
  const codes = columns.map((column, place) => {
    if (column.every((one) => one === column[0])) return column[0]!
    const known = [...stated, ...params.filter((param) => !stated.includes(param))]
    const same = known.find((param) => areEqual(param.column, column))
    if (same !== undefined) use(same)
    if (same !== undefined) return same.name
    const multiple = known
      .map((param) => [param, factorOf(param.column, column)] as const)
      .find(([, factor]) => factor !== undefined)
    if (multiple !== undefined) use(multiple[0])
    if (multiple !== undefined) return `${multiple[1]} * ${multiple[0].name}`
    const name = freeName(
      hints[place]!,
      known.map((param) => param.name),
    )
    const made = { name, column, place, type: typeOf(column) }
    params.push(made)
    return made.name
  })
  return { body, uses, params, codes }
}

function areEqual(left: readonly (string | undefined)[], right: readonly string[]): boolean {
  return left.every((value, place) => value === right[place])
}

/** The literal of a parameter of the block in a use. */
function valueIn<L>({ scope }: Body<L>, name: string): string | undefined {
  const value = scope.bindings.get(name)?.resolve().value
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? JSON.stringify(value) : undefined
}

/** The whole number above 1 by which one column is a multiple of another. */
function factorOf(column: readonly string[], multiple: readonly string[]): number | undefined {
  const factors = multiple.map((value, place) => Number(value) / Number(column[place]!))
  const [factor] = factors
  return Number.isInteger(factor) && factor! > 1 && factors.every((one) => one === factor) ? factor : undefined
}

/** The names of modules, and variables that code has. */
const reserved: ReadonlySet<string> = new Set('x i self nn F torch np keras layers ops math'.split(' '))

function freeName(wanted: string, taken: readonly string[]): string {
  let name = pythonWords.includes(wanted) || reserved.has(wanted) ? `${wanted}_` : wanted
  for (let number = 1; taken.includes(name); number += 1) name = `${wanted}_${number}`
  return name
}

function typeOf(column: readonly string[]): string {
  const types = column.map((value) => {
    if (/^["']/.test(value)) return 'str'
    if (/^(?:True|False)$/.test(value)) return 'bool'
    if (value.startsWith('(')) return 'tuple[int, ...]'
    return /^\d+$/.test(value) ? 'int' : 'float'
  })
  return [...new Set(types)].toSorted().join(' | ')
}
