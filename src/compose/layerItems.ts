/** Reads the items of a list of layers: which are included, what each of them is, and its name. */
import type { Fix } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/didYouMean.ts'
import { showValue, wrongType } from '../diagnostics/schemaMessages.ts'
import { applyType } from '../language/apply.ts'
import { createNumbering, impliedInputName } from '../language/layerNames.ts'
import { isLayerType } from '../parts/layers/table.ts'
import { isMap, repeatType, type Block, type Blocks } from './blocks.ts'
import type { Composition } from './composition.ts'
import { expandValue, isReference } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import type { Ending, Frame } from './frames.ts'
import { meantValue } from './meantReference.ts'
import { originAt, originInside, type Expanded, type Origin } from './origins.ts'

export type Options = Readonly<Record<string, unknown>>

export interface LayerItem {
  /** `opaque` is an item that is not one type with its options, which validation reports; `broken` is one that was reported. */
  readonly kind: 'layer' | 'call' | 'repeat' | 'apply' | 'opaque' | 'broken'
  readonly type: string
  /** Its place in the list as written. */
  readonly index: number
  readonly value: unknown
  readonly origin: Origin
  readonly options: Options
  readonly optionsOrigin: Origin
  readonly block?: Block | undefined
  /** Where its name is stated; undefined if it is not. */
  readonly nameOrigin?: Origin | undefined
  /** Its name in its list. */
  readonly name: string
  /** Whether it has no name of its own, and its list has several of its type, so that its name depends on its position. */
  readonly isNumbered: boolean
  /** Expands an option. */
  expand(key: string): Expanded
}

/** An item, and where it is expanded. */
export interface ListedItem {
  readonly item: LayerItem
  /** The list that it is in. */
  readonly frame: Frame
  /** The layer before it; undefined if the list has several inputs and none before it. */
  readonly input: string | undefined
  /** The name of its last layer. */
  readonly ending: Ending
}

/** Reads the included items of a list, with their names. */
export function readItems(
  context: Composition,
  blocks: Blocks,
  items: readonly unknown[],
  list: Origin,
  frame: Frame,
): LayerItem[] {
  const read = items.flatMap(
    (item, index) => readItem(context, blocks, item, originInside(list, index), index, frame) ?? [],
  )
  const stated = readNames(context, read, frame)
  const taken = new Set([
    ...(frame.prefix === '' ? [impliedInputName] : []),
    ...stated.filter((name) => name !== undefined),
  ])
  const numbered = createNumbering(taken)
  const names = new Map<LayerItem, string>()
  // The names of calls are stated in the plain spec, so those of layers avoid them.
  for (const isFirst of [true, false]) {
    for (const [index, item] of read.entries()) {
      const isNamedFirst = item.kind === 'call' || item.kind === 'repeat'
      if (isNamedFirst === isFirst) names.set(item, stated[index] ?? numbered(item.type))
    }
  }
  const unnamed = new Map<string, number>()
  for (const [index, { type }] of read.entries()) {
    if (stated[index] === undefined) unnamed.set(type, (unnamed.get(type) ?? 0) + 1)
  }
  return read.map((item, index) => {
    const name = names.get(item)!
    const isNumbered = stated[index] === undefined && (unnamed.get(item.type)! > 1 || name !== item.type)
    return { ...item, name, isNumbered }
  })
}

const layerName = /^[A-Za-z][A-Za-z0-9_-]*$/

/** The stated names of items. Reports those that layers inside a call could not be named after. */
function readNames(context: Composition, items: readonly LayerItem[], frame: Frame): (string | undefined)[] {
  const calls = new Set<string>()
  return items.map((item) => {
    const { value, origin } =
      item.nameOrigin === undefined ? { value: undefined, origin: item.origin } : item.expand('name')
    const isCall = item.kind === 'call' || item.kind === 'repeat'
    if (typeof value !== 'string' || (!isCall && frame.prefix === ''))
      return typeof value === 'string' ? value : undefined
    const { use } = frame.scope
    if (!layerName.test(value)) {
      context.report(
        'schema/bad-name',
        origin,
        `\`name\` is ${showValue(value)}, but a name must be a letter, then letters, digits, _ and -`,
        { use, ...renaming(value, origin) },
      )
      return undefined
    }
    if (isCall && calls.has(value)) {
      context.report('graph/duplicate-name', origin, `duplicate layer name \`${value}\``, {
        use,
        help: 'rename one of the calls',
      })
      return undefined
    }
    if (isCall) calls.add(value)
    return value
  })
}

/** The fix that replaces each run of other characters with a hyphen. */
function renaming(name: string, { written, path }: Origin): { readonly fixes: readonly Fix[] } {
  const better = name
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .replace(/-+$/, '')
  if (better === '') return { fixes: [] }
  const edits = [{ span: written.locateValue(path), newText: better }]
  return { fixes: [{ kind: 'suggestion', title: `write \`${better}\``, edits }] }
}

/** The fix for a value instead of the only parameter that a block requires: `unit: 3` for `unit: { filters: 3 }`. */
function naming(block: Block | undefined, value: unknown, { written, path }: Origin): readonly Fix[] {
  const required = [...(block?.params ?? [])].filter(([, { byDefault }]) => byDefault === null)
  const [first, ...others] = required.length > 0 ? required : [...(block?.params ?? [])]
  if (first === undefined || others.length > 0 || typeof value === 'object') return []
  const span = written.locateValue(path)
  const newText = `{ ${first[0]}: ${written.text.slice(span.start, span.end)} }`
  return [{ kind: 'suggestion', title: `write \`${newText}\``, edits: [{ span, newText }] }]
}

function readItem(
  context: Composition,
  blocks: Blocks,
  written: unknown,
  place: Origin,
  index: number,
  frame: Frame,
): LayerItem | undefined {
  const { scope } = frame
  const isReplaced = isReference(written)
  const { value, origin } = isReplaced ? expandValue(context, written, place, scope) : { value: written, origin: place }
  const opaque: LayerItem = {
    kind: 'opaque',
    type: 'unknown',
    index,
    value,
    origin,
    options: {},
    optionsOrigin: origin,
    name: '',
    isNumbered: false,
    expand: () => ({ value: undefined, origin, size: 1, isPlain: true }),
  }
  // The reference was reported.
  if (value === unknown) return { ...opaque, kind: 'broken' }
  const entry = typeof value === 'string' ? [value, null] : isMap(value) ? Object.entries(value)[0] : undefined
  if (entry === undefined || (isMap(value) && Object.keys(value).length !== 1)) return opaque
  const [word, inner] = entry as [string, unknown]
  const optionsOrigin = typeof value === 'string' ? origin : originAt(origin, [word])
  const type = typeOf(context, blocks, word, optionsOrigin, frame)
  const hasOptions = inner === null || isMap(inner)
  if (!hasOptions && type !== repeatType && !blocks.known.has(type)) return opaque
  if (blocks.mayBeBroken(word) && !isLayerType(type)) return { ...opaque, kind: 'broken', type }
  if (!hasOptions) {
    context.report('schema/wrong-type', optionsOrigin, wrongType(`\`${word}\``, inner, ['object']), {
      use: scope.use,
      fixes: naming(blocks.known.get(type), inner, optionsOrigin),
    })
    return { ...opaque, kind: 'broken', type }
  }
  const options = inner ?? {}
  const known = new Map<string, Expanded>()
  const expand = (key: string): Expanded => {
    const found =
      known.get(key) ??
      // What comes from a reference has been expanded where it was written.
      // Notes are free: they may contain any text.
      (isReplaced || key.startsWith('x-')
        ? { value: options[key], origin: originAt(optionsOrigin, [key]), size: 1, isPlain: false }
        : expandValue(context, options[key], originInside(optionsOrigin, key), scope))
    known.set(key, found)
    return found
  }
  if (Object.hasOwn(options, 'if') && !isIncluded(context, expand('if'), frame)) return undefined
  const block = blocks.known.get(type)
  const kind = block !== undefined ? 'call' : type === repeatType ? 'repeat' : type === applyType ? 'apply' : 'layer'
  const nameOrigin = Object.hasOwn(options, 'name') ? expand('name').origin : undefined
  return { ...opaque, kind, type, options, optionsOrigin, block, nameOrigin, expand }
}

/** The type of an item. A word that is nearly the name of a block is reported, and read as that block. */
function typeOf(context: Composition, blocks: Blocks, word: string, place: Origin, { scope }: Frame): string {
  if (blocks.known.has(word) || isLayerType(word) || word === applyType || word === repeatType) return word
  if (blocks.mayBeBroken(word)) return word
  const meant = didYouMean(word, [...blocks.known.keys(), repeatType])
  if (meant === undefined) return word
  const span = place.written.locateKey(place.path)
  context.report('schema/unknown-layer', place, `there is no layer type or block \`${word}\``, {
    use: scope.use,
    atKey: true,
    help: `did you mean \`${meant}\`?`,
    fixes: [{ kind: 'suggestion', title: `replace \`${word}\` with \`${meant}\``, edits: [{ span, newText: meant }] }],
  })
  return meant
}

/** Whether `if` includes an item. One whose condition is unknown is included, so that it is checked. */
function isIncluded(context: Composition, { value, origin }: Expanded, { scope }: Frame): boolean {
  if (typeof value === 'boolean') return value
  if (value !== unknown) {
    context.report('schema/wrong-type', origin, `\`if\` must be true or false, but is ${showValue(value)}`, {
      use: scope.use,
      help: 'write a condition, such as `if: $(depth > 2)`',
      ...meantValue({ value, origin }, scope),
    })
  }
  return true
}
