/** Reads `sample` of a sweep: how many values are drawn, from which spaces, and how. */
import { checkKeys, isMap } from '../compose/blocks.ts'
import type { Composition } from '../compose/composition.ts'
import { originInside } from '../compose/origins.ts'
import type { Placed } from '../compose/origins.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { outOfRange, showValue, wrongType } from '../diagnostics/schemaMessages.ts'
import { suggestWord } from '../validation/suggestWord.ts'
import type { Sample, Space, SpaceKind } from './definition.ts'
import { mostDimensions } from './draws/sobol.ts'
import type { ParameterReader } from './parameters.ts'
import { pathsOf, readValues } from './readValues.ts'

const methods = ['random', 'sobol'] as const
const intervals: readonly SpaceKind[] = ['uniform', 'logUniform', 'int', 'logInt']
const spaceKinds = [...intervals, 'choice'] as const

export function readSample(
  context: Composition,
  { value, origin }: Placed,
  parameters: ParameterReader,
): Sample | undefined {
  if (!isMap(value)) {
    context.report('schema/wrong-type', origin, wrongType('`sample`', value, ['object']), { help: example })
    return undefined
  }
  const intended = checkKeys(context, value, origin, '`sample`', ['count', 'seed', 'method', 'space'])
  const missing = ['count', 'space'].find((key) => value[key] === undefined && !intended.has(key))
  if (missing !== undefined) {
    context.report('schema/missing-key', origin, `\`sample\` requires \`${missing}\``, { atKey: true, help: example })
  }
  const at = (key: string): Placed => ({ value: value[key], origin: originInside(origin, key) })
  const method = value['method'] === undefined ? 'random' : readMethod(context, at('method'))
  const count = value['count'] === undefined ? 1 : readWhole(context, at('count'), 'count', 1)
  const seed = value['seed'] === undefined ? 0 : readWhole(context, at('seed'), 'seed', 0)
  const spaces = value['space'] === undefined ? [] : readSpaces(context, at('space'), parameters)
  if (method === 'sobol' && spaces.length > mostDimensions) {
    const message = `\`sobol\` draws at most ${mostDimensions} parameters, but \`space\` has ${spaces.length}`
    context.report('sweep/bad-space', at('method').origin, message, { help: 'use `method: random`' })
  }
  return { method, count, seed, spaces }
}

const example =
  'for example `sample: { count: 20, seed: 1, space: { optimizer.sgd.learningRate: { logUniform: [0.001, 0.1] } } }`'

function readMethod(context: Composition, { value, origin }: Placed): Sample['method'] {
  const found = methods.find((method) => method === value)
  if (found !== undefined) return found
  const { word, help } = suggestWord(String(value), methods)
  const edits = [{ span: origin.written.locateValue(origin.path), newText: word ?? '' }]
  context.report('schema/unknown-value', origin, `\`method\` cannot be ${showValue(value)}`, {
    help,
    fixes: word === undefined ? [] : [{ kind: 'suggestion', title: `replace it with \`${word}\``, edits }],
  })
  return 'random'
}

/** Reads a whole number of at least `least`. */
export function readWhole(context: Composition, { value, origin }: Placed, key: string, least: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    context.report('schema/wrong-type', origin, wrongType(`\`${key}\``, value, ['integer']))
    return least
  }
  if (value >= least) return value
  context.report('schema/out-of-range', origin, outOfRange(key, value, 'minimum', least))
  return least
}

function readSpaces(context: Composition, { value, origin }: Placed, parameters: ParameterReader): Sample['spaces'] {
  if (!isMap(value) || pathsOf(value).length === 0) {
    context.report('schema/wrong-type', origin, wrongType('`space`', value, ['object']), { help: example })
    return []
  }
  return parameters.readMap(value, origin, (entry, path) => {
    const space = readSpace(context, entry, path)
    return space && { space }
  })
}

/** Reads `{ logUniform: [1e-5, 1e-2] }` or `{ choice: [a, b] }`. */
function readSpace(context: Composition, { value, origin }: Placed, path: string): Space | undefined {
  const kinds = isMap(value) ? pathsOf(value) : []
  const [kind = ''] = kinds
  if (!isMap(value) || kinds.length !== 1) {
    const what = kinds.length > 1 ? `has ${kinds.length}` : `is ${showValue(value)}`
    const help = Array.isArray(value)
      ? `to draw from a list, write \`${path}: { choice: [${value.map(String).join(', ')}] }\``
      : `for example \`${path}: { uniform: [0, 0.5] }\``
    context.report('sweep/bad-space', origin, `\`${path}\` must have one space to draw from, but ${what}`, { help })
    return undefined
  }
  const place = originInside(origin, kind)
  if (kind === 'choice') {
    const values = readValues(context, { value: value[kind], origin: place }, 'choice')
    return values && { kind, values }
  }
  const known = intervals.find((one) => one === kind)
  if (known === undefined) {
    const { word, help } = suggestWord(kind, spaceKinds)
    const edits = [{ span: place.written.locateKey(place.path), newText: word ?? '' }]
    context.report('sweep/bad-space', place, `\`${kind}\` is not a space to draw from`, {
      atKey: true,
      help: word === undefined ? `the spaces are ${listWords(spaceKinds, 'and')}` : help,
      fixes: word === undefined ? [] : [{ kind: 'suggestion', title: `replace it with \`${word}\``, edits }],
    })
    return undefined
  }
  return readInterval(context, { value: value[kind], origin: place }, known)
}

function readInterval(context: Composition, { value, origin }: Placed, kind: SpaceKind): Space | undefined {
  const refuse = (message: string, help: string): undefined => {
    context.report('sweep/bad-space', origin, message, { help })
  }
  const bounds: readonly unknown[] = Array.isArray(value) ? value : []
  const [from, to] = bounds
  const isWhole = kind === 'int' || kind === 'logInt'
  const isNumber = (one: unknown): one is number =>
    isWhole ? Number.isSafeInteger(one) : typeof one === 'number' && Number.isFinite(one)
  if (bounds.length !== 2 || !isNumber(from) || !isNumber(to)) {
    const what = isWhole ? 'two whole numbers' : 'two numbers'
    return refuse(`\`${kind}\` must be ${what}, but is ${showValue(value)}`, `for example \`${kind}: [1, 8]\``)
  }
  if (from >= to) return refuse(`\`${kind}\` begins at ${from}, which is not below its end ${to}`, 'swap the bounds')
  if ((kind === 'logUniform' || kind === 'logInt') && from <= 0) {
    const linear = isWhole ? 'int' : 'uniform'
    return refuse(`\`${kind}\` begins at ${from}, which has no logarithm`, `begin above 0, or use \`${linear}\``)
  }
  return { kind, from, to, origin }
}
