/** Reads `blocks`: lists of layers with parameters, which `layers` calls by name. */
import type { Fix } from '../diagnostics/diagnostic.ts'
import { didYouMean, listWords, type ForeignWords } from '../diagnostics/didYouMean.ts'
import { wrongType } from '../diagnostics/schemaMessages.ts'
import { applyType } from '../language/apply.ts'
import { isLayerType } from '../parts/layers/table.ts'
import type { Composition } from './composition.ts'
import { unknown } from './expressions/evaluate.ts'
import { originInside, type Origin, type Use } from './origins.ts'
import { checkName } from './variables.ts'

/** The key of a repeat in a list of layers. */
export const repeatType = 'repeat'

/** What a call accepts besides the parameters of its block. */
export const callKeys = ['name', 'inputs', 'expect', 'trainable', 'if'] as const

export interface Block {
  readonly name: string
  readonly origin: Origin
  /** The parameters with their defaults; null for a parameter without one. */
  readonly params: ReadonlyMap<string, { readonly byDefault: unknown; readonly origin: Origin }>
  /** The names by which its layers refer to the inputs of a call. */
  readonly inputs: readonly string[]
  readonly layers: readonly unknown[]
  readonly layersOrigin: Origin
}

type Options = Readonly<Record<string, unknown>>

export interface Blocks {
  readonly known: ReadonlyMap<string, Block>
  /** Whether a word may be a block with a mistake that was reported, so that its calls have no meaning. */
  mayBeBroken(word: string): boolean
}

/** @param isIncomplete Whether blocks are missing because a parent is. */
export function readBlocks(context: Composition, written: unknown, place: Origin, isIncomplete: boolean): Blocks {
  const known = new Map<string, Block>()
  const broken = new Set<string>()
  const isReadable = written === undefined || written === null || isMap(written)
  if (!isReadable) context.report('schema/wrong-type', place, wrongType('`blocks`', written, ['object']))
  for (const [name, value] of Object.entries(isMap(written) ? written : {})) {
    if (name.startsWith('x-')) continue
    const origin = originInside(place, name)
    // A layer type keeps its meaning.
    if (!checkBlockName(context, name, origin)) continue
    const block = readBlock(context, name, value, origin)
    if (block === undefined) broken.add(name)
    else known.set(name, block)
  }
  return { known, mayBeBroken: (word) => broken.has(word) || !isReadable || isIncomplete }
}

function readBlock(context: Composition, name: string, value: unknown, origin: Origin): Block | undefined {
  if (!isMap(value)) {
    const help = 'write its layers under `layers`: `{ layers: […] }`'
    context.report('schema/wrong-type', origin, wrongType(`\`${name}\``, value, ['object']), {
      ...(Array.isArray(value) && { help, fixes: wrapping(origin, 'layers') }),
    })
    return undefined
  }
  const intended = checkKeys(context, value, origin, `the block \`${name}\``, ['params', 'inputs', 'layers'])
  const { params, inputs, layers } = value as { params?: unknown; inputs?: unknown; layers?: unknown }
  if (!Array.isArray(layers) || layers.length === 0) {
    const help = 'add them, for example `layers: [{ dense: { units: 10 } }]`'
    if (layers === undefined && !intended.has('layers')) {
      context.report('schema/missing-key', origin, `\`${name}\` requires \`layers\``, { atKey: true, help })
    } else if (layers !== undefined)
      context.report('schema/wrong-type', originInside(origin, 'layers'), '`layers` must be a list of layers', { help })
    return undefined
  }
  return {
    name,
    origin,
    params: readParams(context, params, originInside(origin, 'params')),
    inputs: readInputs(context, inputs, originInside(origin, 'inputs')),
    layers: layers as readonly unknown[],
    layersOrigin: originInside(origin, 'layers'),
  }
}

/** Returns false after reporting the name of a layer type. */
function checkBlockName(context: Composition, name: string, origin: Origin): boolean {
  const isTaken = isLayerType(name) || name === applyType || name === repeatType
  if (!isTaken && /^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return true
  const message = isTaken
    ? `\`${name}\` is the name of a layer type, so no block can have it`
    : `\`${name}\` is not the name of a block`
  const help = isTaken ? 'rename the block' : 'the name of a block is a letter, then letters, digits, _ and -'
  context.report('schema/bad-name', origin, message, { atKey: true, help })
  return !isTaken
}

function readParams(context: Composition, params: unknown, origin: Origin): Block['params'] {
  // Whether the parameters in a list are required is not known.
  const names = Array.isArray(params) && params.every(isName) ? params : undefined
  if (params !== undefined && params !== null && !isMap(params)) {
    const help = 'write each parameter with its default, or with nothing if it is required: `params: { filters: 32 }`'
    const fixes = names === undefined ? [] : listingParameters(origin, names)
    context.report('schema/wrong-type', origin, wrongType('`params`', params, ['object']), { help, fixes })
  }
  const stated = names === undefined ? params : Object.fromEntries(names.map((name) => [name, unknown]))
  const entries = Object.entries(isMap(stated) ? stated : {}).filter(([name]) => !name.startsWith('x-'))
  return new Map(
    entries.flatMap(([name, byDefault]) => {
      const place = originInside(origin, name)
      if ((callKeys as readonly string[]).includes(name)) {
        const message = `\`${name}\` works on every call, so no parameter can have this name`
        context.report('schema/bad-name', place, message, { atKey: true, help: 'rename the parameter' })
        return []
      }
      return checkName(context, place, name, 'parameter') ? [[name, { byDefault, origin: place }] as const] : []
    }),
  )
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name)
}

function listingParameters({ written, path }: Origin, names: readonly string[]): Fix[] {
  const span = written.locateValue(path)
  const newText = `{ ${names.map((name) => `${name}:`).join(' , ')} }`
  const isFlow = written.text[span.start] === '['
  return isFlow ? [{ kind: 'rewrite', title: 'write them as required parameters', edits: [{ span, newText }] }] : []
}

/** The fix that puts a list in brackets under a key. */
function wrapping({ written, path }: Origin, key: string): Fix[] {
  const { start, end } = written.locateValue(path)
  if (written.text[start] !== '[') return []
  const edits = [
    { span: { start, end: start }, newText: `{ ${key}: ` },
    { span: { start: end, end }, newText: ' }' },
  ]
  return [{ kind: 'rewrite', title: `write it under \`${key}\``, edits }]
}

function readInputs(context: Composition, inputs: unknown, origin: Origin): readonly string[] {
  if (inputs === undefined || inputs === null) return []
  const names = (Array.isArray(inputs) ? inputs : [inputs]) as readonly unknown[]
  if (names.every((name): name is string => typeof name === 'string' && /^[A-Za-z][A-Za-z0-9_-]*$/.test(name)))
    return names
  context.report('schema/wrong-type', origin, '`inputs` must be a list of names', {
    help: 'name the inputs of a call, for example `inputs: [left, right]`',
  })
  return []
}

/** Reports keys that a map may not have. Returns the keys that they were probably meant to be. */
export function checkKeys(
  context: Composition,
  map: Options,
  origin: Origin,
  owner: string,
  known: readonly string[],
  use?: Use,
  foreign?: ForeignWords,
): ReadonlySet<string> {
  const intended = new Set<string>()
  for (const key of Object.keys(map)) {
    if (known.includes(key) || key.startsWith('x-')) continue
    const place = originInside(origin, key)
    const meant = didYouMean(
      key,
      known.filter((word) => !Object.hasOwn(map, word)),
      foreign,
    )
    if (meant !== undefined) intended.add(meant)
    const span = place.written.locateKey(place.path)
    context.report('schema/unknown-key', place, `${owner} has no key \`${key}\``, {
      use,
      atKey: true,
      help: meant === undefined ? `its keys are ${listWords(known, 'and')}` : `did you mean \`${meant}\`?`,
      fixes:
        meant === undefined
          ? []
          : [{ kind: 'suggestion', title: `replace \`${key}\` with \`${meant}\``, edits: [{ span, newText: meant }] }],
    })
  }
  return intended
}

export function isMap(value: unknown): value is Options {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
