/** Reads a `repeat`: its layers, and the value of its counter in each iteration. */
import { showValue } from '../diagnostics/schemaMessages.ts'
import { checkKeys } from './blocks.ts'
import type { Composition } from './composition.ts'
import { unknown } from './expressions/evaluate.ts'
import type { Frame } from './frames.ts'
import type { LayerItem } from './layerItems.ts'
import { changed } from './layerReferences.ts'
import { originAt, originInside, type Expanded, type Origin } from './origins.ts'
import type { Binding, Scope } from './scope.ts'
import { checkName } from './variables.ts'

const keys = ['times', 'over', 'as', 'name', 'inputs', 'expect', 'layers', 'if']

export interface Repeat {
  readonly layers: readonly unknown[]
  readonly layersOrigin: Origin
  readonly count: number
  /** The bindings of an iteration: the counter, if it has a name. */
  counterOf(index: number): ReadonlyMap<string, Binding>
}

/** Returns undefined after reporting a repeat that cannot be expanded. */
export function readRepeat(context: Composition, item: LayerItem, frame: Frame): Repeat | undefined {
  const { options, optionsOrigin } = item
  const { use } = frame.scope
  checkKeys(context, options, optionsOrigin, '`repeat`', keys, use)
  const { layers } = options
  if (!Array.isArray(layers)) {
    const help = 'add `layers`, the list that is repeated'
    context.report('compose/bad-repeat', optionsOrigin, '`repeat` has no list of layers', { use, atKey: true, help })
    return undefined
  }
  const values = readValues(context, item, frame)
  if (values === undefined) return undefined
  const counter = readCounter(context, item, frame)
  return {
    layers: layers as readonly unknown[],
    layersOrigin: originInside(optionsOrigin, 'layers'),
    // A list without layers has nothing to repeat.
    count: layers.length === 0 ? 0 : values.count,
    counterOf: (index) => new Map(counter === undefined ? [] : [[counter, { resolve: () => values.valueOf(index) }]]),
  }
}

interface Values {
  readonly count: number
  valueOf(index: number): Expanded
}

/** The number of iterations, and the value of the counter in each. */
function readValues(context: Composition, item: LayerItem, { scope: { use } }: Frame): Values | undefined {
  const [hasTimes, hasOver] = ['times', 'over'].map((key) => Object.hasOwn(item.options, key))
  if (hasTimes === hasOver) {
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
  context.report('compose/bad-repeat', origin, `\`${key}\` must be ${wanted}, but is ${showValue(value)}`, { use })
  return undefined
}

/** The name of the counter; undefined without one. */
function readCounter(context: Composition, item: LayerItem, { scope }: Frame): string | undefined {
  if (!Object.hasOwn(item.options, 'as')) return undefined
  const name = item.options['as']
  const place = originInside(item.optionsOrigin, 'as')
  if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name)) {
    context.report('schema/bad-name', place, `\`as\` is ${showValue(name)}, which is not the name of a counter`, {
      use: scope.use,
      help: 'write a name, such as `as: i`; its value is then `$i`',
    })
    return undefined
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
