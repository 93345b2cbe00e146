/** Finds the parameters of a block from its uses: the values in which they differ, and how these depend on each other. */
import { isReservedWord } from '../../../compose/expressions/readExpression.ts'
import { callKeys } from '../../../compose/blocks.ts'
import { isSameValue, Reference, withInner, type Item, type Param } from './items.ts'
import { defaultOf, inOrder, type Signatures } from './signatures.ts'
import { unusedName } from './stateNames.ts'

/** What is common to several runs of items that have the same form. */
export interface Generalization {
  readonly params: readonly Param[]
  /** For each item of a run, and of its repeats, the options that the block states. */
  readonly options: readonly ReadonlyMap<string, unknown>[]
  /** For each run, the argument of each parameter. */
  readonly args: readonly ReadonlyMap<string, unknown>[]
}

/** The values that an option has in the runs. */
interface Series {
  readonly family: string
  readonly key: string
  readonly values: readonly unknown[]
  /** The value of an item that does not state it. */
  readonly implied: unknown
}

/** @param runs The items of each run; corresponding ones have the same form. */
export function generalize(runs: readonly (readonly Item[])[], signatures: Signatures): Generalization {
  const flat = runs.map(withInner)
  const series = flat[0]!.map((_item, place) => seriesOf(flat.map((items) => items[place]!)))
  const varying = new Map<string, Series>()
  const keyOf = ({ family, values }: Series) => `${family} ${values.map((value) => signatures.keyOf(value)).join('; ')}`
  for (const one of series.flat()) if (!isConstant(one)) varying.set(keyOf(one), varying.get(keyOf(one)) ?? one)
  const lastSize = series.flat().findLast(({ family }) => family === sizes)
  const references = referencesTo(varying, lastSize)
  const options = series.map(
    (ofItem, place) =>
      new Map(
        ofItem.flatMap((one): [string, unknown][] => {
          if (!isConstant(one)) return [[one.key, references.get(keyOf(one))!.reference]]
          return isLayerDefault(flat[0]![place]!, one) ? [] : [[one.key, one.values[0]]]
        }),
      ),
  )
  const stated = [...varying.keys()].map((key) => references.get(key)!).filter(({ isDerived }) => !isDerived)
  const sorted = stated.toSorted((a, b) => rankOf(a.reference.param, a.family) - rankOf(b.reference.param, b.family))
  const args = runs.map((_run, index) => new Map(sorted.map((one) => [one.reference.param.name, one.values[index]])))
  return { params: sorted.map(({ reference }) => reference.param), options, args }
}

/** The options of corresponding items, those that are not stated with their defaults. */
function seriesOf(items: readonly Item[]): Series[] {
  const keys = new Set(items.flatMap(({ options }) => [...options.keys()]))
  return inOrder(
    items[0]!.type,
    [...keys].map((key) => [key, key] as const),
  ).map(([key]) => {
    const implied = impliedValue(items[0]!, key)
    const values = items.map(({ options }) => (options.has(key) ? options.get(key) : implied))
    return { family: familyOf(key), key, values, implied }
  })
}

function impliedValue(item: Item, key: string): unknown {
  return item.block?.params.find(({ name }) => name === key)?.byDefault ?? defaultOf(item, key)
}

/** Calls have all arguments, those that equal the default as well. */
function isLayerDefault({ block }: Item, { values, implied }: Series): boolean {
  return block === undefined && isSameValue(values[0], implied)
}

/** A value that refers to a parameter of a block around it must become an argument. */
function isConstant({ values }: Series): boolean {
  return values.every((value) => !(value instanceof Reference) && isSameValue(value, values[0]))
}

interface ReferencedSeries extends Series {
  readonly reference: Reference
  /** Whether it is a multiple of another parameter. */
  readonly isDerived: boolean
}

/**
 * A parameter for each series, or a multiple of one that another series has.
 *
 * @param last The size of the last layer that has one.
 */
function referencesTo(varying: ReadonlyMap<string, Series>, last: Series | undefined): Map<string, ReferencedSeries> {
  const taken = new Set<string>(callKeys)
  const bases: ReferencedSeries[] = []
  const found = new Map<string, ReferencedSeries>()
  const sizeOf = ({ values }: Series) => linearOf(values[0]).factor || 0
  const bySize = [...varying].toSorted(([, a], [, b]) => sizeOf(a) - sizeOf(b))
  for (const [key, one] of bySize) {
    const base = bases.find((other) => multipleOf(one, other) !== undefined)
    if (base !== undefined) {
      const reference = new Reference(base.reference.param, multipleOf(one, base))
      found.set(key, { ...one, reference, isDerived: true })
      continue
    }
    const param: Param = { name: unusedName(nameOf(one, last), taken, ''), byDefault: usualValue(one) }
    const own = { ...one, reference: new Reference(param), isDerived: false }
    bases.push(own)
    found.set(key, own)
  }
  return found
}

/** The whole number by which each value of a series is a multiple of another's. */
function multipleOf({ family, values }: Series, base: Series): number | undefined {
  if (family !== base.family) return undefined
  const [first, firstBase] = [linearOf(values[0]), linearOf(base.values[0])]
  const factor = first.factor / firstBase.factor
  const isMultiple = values.every((value, index) => {
    const [one, other] = [linearOf(value), linearOf(base.values[index])]
    return one.param === other.param && one.factor === factor * other.factor
  })
  return isMultiple && Number.isInteger(factor) && factor > 1 ? factor : undefined
}

/** A number, or a multiple of a parameter. */
function linearOf(value: unknown): { readonly factor: number; readonly param?: Param } {
  if (value instanceof Reference) return value
  return { factor: typeof value === 'number' ? value : NaN }
}

/** The value of at least half of the uses, or that of layers which state none, for options that are not what a use is about. */
function usualValue({ family, values, implied }: Series): unknown {
  if (family === sizes || family === depths) return undefined
  const literal = values.filter((value) => !(value instanceof Reference) && value !== null)
  const counts = new Map<string, number>()
  const keys = literal.map((value) => JSON.stringify(value))
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  if (most >= 2 && most * 2 >= values.length) return literal[keys.findIndex((key) => counts.get(key) === most)]
  return literal.find((value) => isSameValue(value, implied))
}

const sizes = 'sizes'
const depths = 'depths'

/** Options whose equal values have the same meaning. */
function familyOf(key: string): string {
  const word = key.replace(/\d+$/, '')
  return ['filters', 'units', 'expanded', 'reduced'].includes(word)
    ? sizes
    : word === 'times' || word === 'depth'
      ? depths
      : word
}

/** The option's name. A size that is larger or smaller than that of the last layer in all runs says so. */
function nameOf(one: Series, last: Series | undefined): string {
  const { key, family, values } = one
  if (family === sizes && last !== undefined && multipleOf(last, one) === undefined) {
    const differences = values.map((value, index) => linearOf(value).factor - linearOf(last.values[index]).factor)
    if (differences.every((difference) => difference > 0)) return 'expanded'
    if (differences.every((difference) => difference < 0)) return 'reduced'
  }
  const word = key === 'times' ? 'depth' : key.replace(/\d+$/, '')
  return isReservedWord(word) ? `${word}_` : word
}

/** Sizes first, then the other required parameters, then those with a default. */
function rankOf({ byDefault }: Param, family: string): number {
  return family === sizes ? 0 : family === depths ? 1 : byDefault === undefined ? 2 : 3
}
