/** Reads a `repeat`: its layers, and the value of its counter in each iteration. */
import type { Fix } from '../diagnostics/diagnostic.ts'
import type { ForeignWords } from '../diagnostics/didYouMean.ts'
import { showValue, wrongType } from '../diagnostics/schemaMessages.ts'
import { checkKeys } from './blocks.ts'
import type { ReportOptions } from '../source/report.ts'
import type { Composition } from './composition.ts'
import { unknown } from './expressions/evaluate.ts'
import type { Frame } from './frames.ts'
import type { LayerItem } from './layerItems.ts'
import { changed } from './layerReferences.ts'
import { meantValue } from './meantReference.ts'
import { originAt, originInside, type Expanded, type Origin } from './origins.ts'
import type { Binding, Scope } from './scope.ts'
import { checkName } from './variables.ts'

const keys = ['times', 'over', 'as', 'name', 'inputs', 'expect', 'layers', 'if']

/** Words for the keys of a repeat, folded to lower case. */
const foreignKeys: ForeignWords = {
  ...Object.fromEntries(['count', 'n', 'number', 'repeats', 'iterations', 'range'].map((word) => [word, ['times']])),
  ...Object.fromEntries(['in', 'values', 'each', 'foreach', 'items'].map((word) => [word, ['over']])),
  ...Object.fromEntries(['do', 'body', 'steps', 'block', 'blocks', 'content'].map((word) => [word, ['layers']])),
  ...Object.fromEntries(['var', 'variable', 'index', 'counter', 'i', 'let', 'with'].map((word) => [word, ['as']])),
}

export interface Repeat {
  readonly layers: readonly unknown[]
  readonly layersOrigin: Origin
  readonly count: number
  readonly hasCounter: boolean
  /** The bindings of an iteration: the counter, if it has a name. */
  counterOf(index: number): ReadonlyMap<string, Binding>
}

/** Returns undefined after reporting a repeat that cannot be expanded. */
export function readRepeat(context: Composition, item: LayerItem, frame: Frame): Repeat | undefined {
  const { options, optionsOrigin } = item
  const { use } = frame.scope
  const intended = checkKeys(context, options, optionsOrigin, '`repeat`', keys, use, foreignKeys)
  const { layers } = options
  if (!Array.isArray(layers)) {
    if (layers === undefined && intended.has('layers')) return undefined
    if (layers === undefined || layers === null) {
      const help = 'add `layers`, the list that is repeated'
      context.report('compose/bad-repeat', optionsOrigin, '`repeat` has no list of layers', { use, atKey: true, help })
    } else {
      const place = originInside(optionsOrigin, 'layers')
      context.report('compose/bad-repeat', place, wrongType('`layers`', layers, ['array']), {
        use,
        fixes: asOnlyItem(place, layers),
      })
    }
    return undefined
  }
  const layersOrigin = originInside(optionsOrigin, 'layers')
  if (layers.length === 0) {
    const help = 'add the layers to repeat, or remove the `repeat`'
    context.report('compose/bad-repeat', layersOrigin, '`repeat` has an empty list of layers', { use, help })
    return undefined
  }
  const values = readValues(context, item, frame, intended)
  if (values === undefined) return undefined
  const counter = readCounter(context, item, frame)
  return {
    layers: layers as readonly unknown[],
    layersOrigin,
    count: values.count,
    hasCounter: counter !== undefined,
    counterOf: (index) => new Map(counter === undefined ? [] : [[counter, { resolve: () => values.valueOf(index) }]]),
  }
}

/** The fix for one layer instead of a list of layers. */
function asOnlyItem({ written, path }: Origin, layers: unknown): Fix[] {
  const span = written.locateValue(path)
  const text = written.text.slice(span.start, span.end)
  const isOne = typeof layers === 'string' || Object.keys(layers as object).length === 1
  if (!isOne || text.includes('\n')) return []
  return [{ kind: 'rewrite', title: 'write it as a list', edits: [{ span, newText: `[${text}]` }] }]
}

interface Values {
  readonly count: number
  valueOf(index: number): Expanded
}

/** The number of iterations, and the value of the counter in each. */
function readValues(
  context: Composition,
  item: LayerItem,
  { scope }: Frame,
  intended: ReadonlySet<string>,
): Values | undefined {
  const { use } = scope
  const [hasTimes, hasOver] = ['times', 'over'].map((key) => Object.hasOwn(item.options, key))
  if (hasTimes === hasOver) {
    if (intended.has('times') || intended.has('over')) return undefined
    const message = hasTimes ? '`repeat` has both `times` and `over`' : '`repeat` has neither `times` nor `over`'
    const help = 'use `times: 3`, or `over: [64, 128]` with a value for each iteration'
    context.report('compose/bad-repeat', item.optionsOrigin, message, { use, atKey: true, help })
    return undefined
  }
  const key = hasTimes ? 'times' : 'over'
  const { value, origin } = item.expand(key)
  if (value === unknown) return undefined
  if (key === 'over' && Array.isArray(value)) {
    return { count: value.length, valueOf: (index) => changed(value[index], originAt(origin, [index])) }
  }
  if (key === 'times' && typeof value === 'number' && Number.isInteger(value) && value >= 0) {
    return { count: value, valueOf: (index) => changed(index, origin) }
  }
  const wanted = key === 'over' ? 'a list' : 'a whole number, at least 0'
  const message = `\`${key}\` must be ${wanted}, but is ${showValue(value)}`
  const isOther = key === 'over' ? typeof value === 'number' : Array.isArray(value)
  const other = isOther ? otherKey(item, key) : meantValue({ value, origin }, scope)
  context.report('compose/bad-repeat', origin, message, { use, ...other })
  return undefined
}

/** The help and the fix for a list as `times`, or a number as `over`. */
function otherKey({ optionsOrigin }: LayerItem, key: 'times' | 'over'): Pick<ReportOptions, 'help' | 'fixes'> {
  const newText = key === 'times' ? 'over' : 'times'
  const { written, path } = originInside(optionsOrigin, key)
  const edits = [{ span: written.locateKey(path), newText }]
  const help = key === 'times' ? 'write `over` for a list of values' : 'write `times` for a number of iterations'
  return { help, fixes: [{ kind: 'suggestion', title: `replace \`${key}\` with \`${newText}\``, edits }] }
}

/** The name of the counter; undefined without one. */
function readCounter(context: Composition, item: LayerItem, { scope }: Frame): string | undefined {
  if (!Object.hasOwn(item.options, 'as')) return undefined
  const stated = item.options['as']
  const place = originInside(item.optionsOrigin, 'as')
  const name = typeof stated === 'string' ? stated.replace(/^\$/, '') : ''
  const isName = /^[A-Za-z_]\w*$/.test(name)
  if (name !== stated || !isName) {
    const edits = [{ span: place.written.locateValue(place.path), newText: name }]
    context.report('schema/bad-name', place, `\`as\` is ${showValue(stated)}, which is not the name of a counter`, {
      use: scope.use,
      help: isName ? `did you mean \`as: ${name}\`?` : 'write a name, such as `as: i`; its value is then `$i`',
      fixes: isName ? [{ kind: 'suggestion', title: `write \`${name}\``, edits }] : [],
    })
    return isName ? name : undefined
  }
  if (isBound(scope, name)) {
    const message = `\`${name}\` is already a parameter or a counter here`
    context.report('schema/bad-name', place, message, { use: scope.use, help: 'give the counter another name' })
  } else checkName(context, place, name, 'counter', scope.use)
  return name
}

/** Whether a parameter or a counter has a name. A variable of the spec may be hidden. */
function isBound(scope: Scope, name: string): boolean {
  return scope.outer !== undefined && (scope.bindings.has(name) || isBound(scope.outer, name))
}
