/** Merges the calls that create a layer in each use of a block into one: where they differ, it has a parameter or an expression. */
import { reference, type Call, type Expression } from '../../../language/expression.ts'
import { isLayerType, layerDef } from '../../../parts/layers/table.ts'
import { Differs, onlyOne, type Context } from './context.ts'
import { printValue, type Written } from './printComputed.ts'
import { printName } from './printNames.ts'

/** Where the options of a layer were written. */
export interface WrittenLayer extends Written {
  readonly type: string
}

/** @throws Differs if the calls differ in more than values. */
export function mergeCalls(context: Context, calls: readonly Call[], written: WrittenLayer): Call {
  return merge({ context, written }, calls, '') as Call
}

interface Merging {
  readonly context: Context
  readonly written: WrittenLayer
}

/** @param key The option that the expressions are in. */
function merge(merging: Merging, all: readonly Expression[], key: string): Expression {
  const same = onlyOne(all)
  if (same !== undefined) return same
  const [first] = all
  if (areAll(all, 'call')) {
    const isSame = onlyOne(all.map(({ callee, args, isAwaited }) => [callee, args.length, isAwaited])) !== undefined
    if (!isSame) throw new Differs()
    const args = all[0]!.args.map((_arg, place) =>
      merge(
        merging,
        all.map((one) => one.args[place]!),
        key,
      ),
    )
    return { ...(first as Call), args }
  }
  if (areAll(all, 'record'))
    return {
      kind: 'record',
      fields: mergeFields(
        merging,
        all.map(({ fields }) => fields),
      ),
    }
  if (areAll(all, 'list') && onlyOne(all.map(({ items }) => items.length)) !== undefined) {
    const items = all[0]!.items.map((_item, place) =>
      merge(
        merging,
        all.map((one) => one.items[place]!),
        key,
      ),
    )
    return { kind: 'list', items }
  }
  const { context, written } = merging
  if (key === 'name' && areAll(all, 'literal'))
    return reference(
      printName(
        context,
        all.map(({ value }) => String(value)),
      ),
    )
  return reference(printValue(context, all.map(dataOf), written, key))
}

function areAll<Kind extends Expression['kind']>(
  all: readonly Expression[],
  kind: Kind,
): all is readonly (Expression & { readonly kind: Kind })[] {
  return all.every((one) => one.kind === kind)
}

type Fields = readonly (readonly [string, Expression])[]

function mergeFields(merging: Merging, all: readonly Fields[]): Fields {
  const keys: string[] = []
  for (const fields of all) {
    let place = 0
    for (const [key] of fields) {
      const known = keys.indexOf(key)
      if (known < 0) keys.splice(place, 0, key)
      place = (known < 0 ? place : known) + 1
    }
  }
  return keys.map((key) => {
    const found = all.map((fields) => fields.find(([name]) => name === key)?.[1] ?? byDefault(merging, key))
    return [key, merge(merging, found, key)] as const
  })
}

/** The default of an option that a call leaves out. */
function byDefault({ written: { type } }: Merging, key: string): Expression {
  const fields = isLayerType(type) ? layerDef(type).schema.properties : {}
  const value = (fields as Readonly<Record<string, { readonly default?: unknown }>>)[key]?.default
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') throw new Differs()
  return { kind: 'literal', value }
}

/** Returns the data that an expression stands for. @throws Differs if it is code. */
function dataOf(expression: Expression): unknown {
  if (expression.kind === 'literal') return expression.value
  if (expression.kind === 'list') return expression.items.map(dataOf)
  throw new Differs()
}
