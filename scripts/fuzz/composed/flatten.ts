/**
 * Flattens a composed spec to a plain one, by other code than the checker's, so that the two can be compared. It knows the
 * rules of docs/composition.md only: scopes of values and names, the order of automatic names, and what a repeat and a call mean.
 */
import { yamlText } from '../../../src/source/edits.ts'
import type { Block, Call, ComposedSpec, Item, Repeat, Values } from './tree.ts'

interface FlatLayer {
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly inputs: readonly string[]
  readonly applies?: string
}

/** What a name of a list stands for. */
interface Named {
  readonly layer: string
  /** The names inside a call or a repeat. */
  readonly inner?: Names
  /** The layers of a call or a repeat, and what feeds them. */
  readonly range?: { readonly from: number; readonly to: number; readonly inputs: readonly string[] }
}

interface Names {
  readonly own: Map<string, Named>
  readonly outer?: Names
}

interface Frame {
  readonly names: Names
  readonly values: Values
  readonly isFrozen: boolean
}

/** Returns the text of the plain spec. Its layers are named L0, L1, … in their order. */
export function flattenComposed({ shape, vars, items }: ComposedSpec): string {
  const flattening = new Flattening(resolveAll(vars))
  const values = flattening.globals
  flattening.addItems(
    items,
    { names: { own: new Map([['input', { layer: 'input' }]]) }, values, isFrozen: false },
    'input',
  )
  const lines = flattening.layers.map(({ type, options, inputs, applies }, index) => {
    const given = { name: `L${index}`, inputs: inputs.length === 1 ? inputs[0] : inputs }
    const item = applies === undefined ? { [type]: { ...given, ...options } } : { apply: { ...given, layer: applies } }
    return `  - ${yamlText(item)}\n`
  })
  return `name: composed\ninput: ${yamlText({ shape })}\nlayers:\n${lines.join('')}`
}

/** Computes variables or defaults, each from those before it. */
function resolveAll(written: ComposedSpec['vars']): Values {
  const values = new Map<string, unknown>()
  for (const [name, value] of written) values.set(name, value.valueIn(values))
  return values
}

class Flattening {
  readonly layers: FlatLayer[] = []
  readonly globals: Values

  constructor(globals: Values) {
    this.globals = globals
  }

  /** Returns the last layer, or `input` if the list adds none. */
  addItems(items: readonly Item[], frame: Frame, input: string): string {
    const included = items.filter(({ when }) => when === undefined || when.valueIn(frame.values) === true)
    const names = nameItems(included, frame.values)
    let current = input
    for (const [index, item] of included.entries()) {
      const named = this.addItem(item, frame, current)
      frame.names.own.set(names[index]!, named)
      current = named.layer
    }
    return current
  }

  private addItem(item: Item, frame: Frame, above: string): Named {
    const inputs = item.inputs?.map((name) => findName(frame.names, name)?.layer ?? 'nowhere') ?? [above]
    switch (item.kind) {
      case 'layer': {
        const options = Object.entries(item.options).map(([key, value]) => [key, value.valueIn(frame.values)] as const)
        return this.push(item.type, Object.fromEntries(options), inputs, frame)
      }
      case 'slot': {
        const value = frame.values.get(item.param)
        if (value !== 'reLU' && !isOneKey(value)) throw new TypeError('this must be a layer')
        const [[type, options] = ['', null]] = typeof value === 'string' ? [[value, null]] : Object.entries(value)
        return this.push(type as string, (options ?? {}) as Readonly<Record<string, unknown>>, inputs, frame)
      }
      case 'apply':
        return this.addApplication(findName(frame.names, item.layer), inputs)
      case 'call':
        return this.addCall(item, frame, inputs)
      case 'repeat':
        return this.addRepeat(item, frame, inputs[0]!)
    }
  }

  private push(type: string, options: FlatLayer['options'], inputs: readonly string[], { isFrozen }: Frame): Named {
    this.layers.push({ type, options: isFrozen ? { ...options, trainable: false } : options, inputs })
    return { layer: `L${this.layers.length - 1}` }
  }

  private addApplication(applied: Named | undefined, inputs: readonly string[]): Named {
    if (applied?.range === undefined) {
      this.layers.push({ type: 'apply', options: {}, inputs, applies: applied?.layer ?? 'nowhere' })
      return { layer: `L${this.layers.length - 1}` }
    }
    const { from, to, inputs: before } = applied.range
    const renamed = new Map(before.map((name, index) => [name, inputs[index]!]))
    for (let index = from; index < to; index += 1) {
      const layer = this.layers[index]!
      renamed.set(`L${index}`, `L${this.layers.length}`)
      const applies = layer.applies ?? `L${index}`
      this.layers.push({ ...layer, inputs: layer.inputs.map((name) => renamed.get(name) ?? name), applies })
    }
    return { layer: from === to ? inputs[0]! : `L${this.layers.length - 1}` }
  }

  private addCall({ block, args, trainable }: Call, frame: Frame, inputs: readonly string[]): Named {
    const given = Object.entries(args).map(([name, value]) => [name, value.valueIn(frame.values)] as const)
    const inner: Frame = {
      names: { own: new Map(inputNames(block).map((name, index) => [name, { layer: inputs[index]! }])) },
      values: bindParams(block, new Map(given), this.globals),
      isFrozen: frame.isFrozen || trainable === false,
    }
    const from = this.layers.length
    const layer = this.addItems(block.items, inner, inputs[0]!)
    return { layer, inner: inner.names, range: { from, to: this.layers.length, inputs } }
  }

  private addRepeat({ times, over, as, items }: Repeat, frame: Frame, input: string): Named {
    const counted = (times ?? over)!.valueIn(frame.values)
    if (typeof counted === 'number' && counted > 100) throw new RangeError('more iterations than a flat spec can have')
    const counts = Array.isArray(counted) ? counted : Array.from({ length: counted as number }, (_none, index) => index)
    const own = new Map<string, Named>()
    const from = this.layers.length
    let current = input
    for (const [index, count] of counts.entries()) {
      const names: Names = { own: new Map([['input', { layer: current }]]), outer: frame.names }
      const values = as === undefined ? frame.values : new Map([...frame.values, [as, count]])
      current = this.addItems(items, { ...frame, names, values }, current)
      own.set(String(index), { layer: current, inner: names })
    }
    return { layer: current, inner: { own }, range: { from, to: this.layers.length, inputs: [input] } }
  }
}

function isOneKey(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 1
}

function inputNames({ inputs }: Block): readonly string[] {
  return inputs.length === 0 ? ['input'] : inputs
}

function bindParams({ params }: Block, given: Values, globals: Values): Values {
  const values = new Map(globals)
  for (const name of params.keys()) if (given.has(name)) values.set(name, given.get(name))
  for (const [name, byDefault] of params) if (!given.has(name)) values.set(name, byDefault?.valueIn(values))
  return values
}

/** The names of a list: those that are stated, then those of calls and repeats, then those of layers. */
function nameItems(items: readonly Item[], values: Values): string[] {
  const names = items.map(({ name }) => name)
  const taken = new Set<string | undefined>(['input', ...names])
  for (const isFirst of [true, false]) {
    for (const [index, item] of items.entries()) {
      if (names[index] !== undefined || (item.kind === 'call' || item.kind === 'repeat') !== isFirst) continue
      const type = typeOf(item, values)
      let name = type
      for (let number = 1; taken.has(name); number += 1) name = `${type}_${number}`
      names[index] = name
      taken.add(name)
    }
  }
  return names as string[]
}

function typeOf(item: Item, values: Values): string {
  if (item.kind === 'call') return item.block.name
  if (item.kind === 'layer') return item.type
  if (item.kind !== 'slot') return item.kind
  const value = values.get(item.param)
  return typeof value === 'string' ? value : Object.keys(value as object)[0]!
}

/** Finds `name`, or `call/name` inside a call or a repeat of the list. */
function findName(names: Names | undefined, path: string): Named | undefined {
  if (names === undefined) return undefined
  const [first = '', ...rest] = path.split('/')
  const found = names.own.get(first)
  if (found === undefined) return findName(names.outer, path)
  return rest.length === 0 ? found : findName(found.inner && { own: found.inner.own }, rest.join('/'))
}
