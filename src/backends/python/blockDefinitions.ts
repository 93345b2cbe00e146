/** Finds the bodies of a network that are used several times, and the parameters by which their uses differ. */
import { columnLiterals, type Body, type Item, type Template } from './foldBlocks.ts'
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

/** The name of a literal of a layer that no keyword precedes, in case it becomes a parameter. */
export type NameLiteral = (template: Template, place: number) => string

/** Returns the definitions of a network, each after those that it uses. Bodies that are used once have none. */
export function definitionsIn<L>(root: Body<L>, nameLiteral: NameLiteral): Definition<L>[] {
  const uses = new Map<string, Body<L>[]>()
  const visit = (body: Body<L>): void => {
    for (const inner of body.items.flatMap(bodiesOf)) {
      visit(inner)
      uses.set(inner.key, [...(uses.get(inner.key) ?? []), inner])
    }
  }
  visit(root)
  return [...uses.values()]
    .filter((all) => all.length > 1)
    .map((all) => defineBody(all, literalNames(all[0]!, nameLiteral)))
}

function bodiesOf<L>(item: Item<L>): readonly Body<L>[] {
  return item.kind === 'layer' ? [] : item.kind === 'call' ? [item.body] : item.bodies
}

/** A name for each literal of a body. */
function literalNames<L>(body: Body<L>, nameLiteral: NameLiteral): readonly string[] {
  return body.items.flatMap((item): readonly string[] => {
    if (item.kind === 'call') return literalNames(item.body, nameLiteral)
    if (item.kind === 'layer') {
      const { template } = item
      return template.literals.map((_literal, place) => keywordBefore(template, place) ?? nameLiteral(template, place))
    }
    const inner = literalNames(item.bodies[0]!, nameLiteral)
    const ofColumns = item.columns.flatMap((column, place) =>
      [inner[place]!, 'step'].slice(0, columnLiterals(column).length),
    )
    return ['times', ...ofColumns]
  })
}

function keywordBefore({ texts }: Template, place: number): string | undefined {
  return /(\w+)=\(?$/.exec(texts[place]!)?.[1]
}

interface ParamColumn extends Param {
  /** Its value in each use. */
  readonly column: readonly string[]
}

function defineBody<L>(uses: readonly Body<L>[], names: readonly string[]): Definition<L> {
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
  const codes = columns.map((column, place) => {
    if (column.every((one) => one === column[0])) return column[0]!
    const known = [...new Set([...stated, ...params])]
    const found = codeBy(known, column)
    if (found === undefined) {
      const taken = known.map(({ name }) => name)
      params.push({ name: freeName(names[place]!, taken), column, place, type: typeOf(column) })
      return params.at(-1)!.name
    }
    if (!params.includes(found.param)) params.push(found.param)
    return found.code
  })
  return { body, uses, params, codes }
}

interface ParamCode {
  readonly param: ParamColumn
  readonly code: string
}

/** The code of a literal by a known parameter: the parameter itself, or a multiple of it. */
function codeBy(known: readonly ParamColumn[], column: readonly string[]): ParamCode | undefined {
  const same = known.find((param) => areEqual(param.column, column))
  if (same !== undefined) return { param: same, code: same.name }
  return known
    .flatMap((param) => {
      const factor = factorOf(param.column, column)
      return factor === undefined ? [] : [{ param, code: `${factor} * ${param.name}` }]
    })
    .at(0)
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
