/** Prints the names of layers in functions and loops: `${name}/conv2d`. */
import { quote } from '../printExpression.ts'
import { areEqual, atPlaces, Differs, onlyOne, type Context, type NameStart } from './context.ts'

/**
 * Returns the code of a name that differs between instances. In the last iteration of a loop, it may be another one.
 *
 * @throws Differs
 */
export function printName(context: Context, names: readonly string[]): string {
  const all = partsOf(context, names)
  if (all !== undefined) return printParts(all)
  const [loop, ...around] = context.loops
  if (loop === undefined) return printConditionalName(context, names)
  const places = [...names.keys()]
  const [before, last] = [false, true].map((isLast) => places.filter((place) => loop.isLast[place] === isLast))
  if (before!.length === 0 || last!.length === 0) return printName({ ...context, loops: around }, names)
  const [earlier, later] = [before!, last!].map((some) => ({
    names: some.map((place) => names[place]!),
    context: { ...atPlaces(context, some), loops: atPlaces(context, some).loops.slice(1) },
  }))
  const parts = partsOf(earlier!.context, earlier!.names, true)
  if (parts === undefined) throw new Differs()
  loop.use.count += 1
  return `${loop.isNotLast} ? ${printParts(parts)} : ${printName(later!.context, later!.names)}`
}

/** A layer may have another name where a layer after it is left out. */
function printConditionalName(context: Context, names: readonly string[]): string {
  const [condition, ...others] = context.conditions
  if (condition === undefined) throw new Differs()
  const within = { ...context, conditions: others }
  const sides = [true, false].map((side) => [...names.keys()].filter((place) => condition.values[place] === side))
  if (sides.some((places) => places.length === 0)) return printConditionalName(within, names)
  const [chosen, otherwise] = sides.map((places) =>
    printName(
      atPlaces(within, places),
      places.map((place) => names[place]!),
    ),
  )
  return `(${condition.code}) ? ${chosen!} : ${otherwise!}`
}

type NameParts = Pick<NameStart, 'parts' | 'uses'>

/**
 * Returns the parts of a name: a text, or one of the starts with the same text after it.
 *
 * @param isCounted Whether a name that is the same in all instances is written with the number of the iteration.
 */
export function partsOf({ starts }: Context, names: readonly string[], isCounted = false): NameParts | undefined {
  const same = onlyOne(names)
  if (same !== undefined && !isCounted) return { parts: [same], uses: [] }
  const whole = starts.findLast(({ values }) => areEqual(values, names))
  for (const { parts, values, uses } of whole === undefined ? starts : [whole]) {
    if (names.some((name, place) => !name.startsWith(values[place]!))) continue
    const rest = onlyOne(names.map((name, place) => name.slice(values[place]!.length)))
    if (rest === undefined || !/^([/_][\w/-]*)?$/.test(rest)) continue
    return { parts: rest === '' ? parts : [...parts, rest], uses }
  }
  return same === undefined ? undefined : { parts: [same], uses: [] }
}

function printParts({ parts, uses }: NameParts): string {
  for (const use of uses) use.count += 1
  const [first] = parts
  if (parts.length === 1) return typeof first === 'string' ? quote(first) : first!.code
  return `\`${parts.map((part) => (typeof part === 'string' ? part : `\${${part.code}}`)).join('')}\``
}
