/** Reads the lists of values of a sweep. */
import type { Composition } from '../compose/composition.ts'
import { originInside } from '../compose/origins.ts'
import type { Placed } from '../compose/origins.ts'
import { wrongType } from '../diagnostics/schemaMessages.ts'

/** The keys of a map, except notes. */
export function pathsOf(map: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(map).filter((key) => !key.startsWith('x-'))
}

/** Reads a list with at least one value. */
export function readValues(context: Composition, { value, origin }: Placed, path: string): Placed[] | undefined {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((one: unknown, index) => ({ value: one, origin: originInside(origin, index) }))
  }
  if (Array.isArray(value)) {
    context.report('sweep/nothing-varies', origin, `\`${path}\` has no values`, { help: 'list at least one' })
    return undefined
  }
  const help = `list the values: \`${path}: [${typeof value === 'number' ? `${value}, …` : '…'}]\``
  context.report('schema/wrong-type', origin, wrongType(`\`${path}\``, value, ['array']), { help })
  return undefined
}
