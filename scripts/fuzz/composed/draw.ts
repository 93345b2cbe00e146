/**
 * Draws composed specs: variables, expressions, blocks with parameters and several inputs, nested calls, repeats, conditions,
 * layers as parameters, frozen and applied calls. Every layer keeps the rank and the height and width of its input, so that
 * any order of them fits.
 */
import { RandomSource } from '../randomSource.ts'
import { drawValue, kinds, type Kind, type Scope } from './drawValue.ts'
import { literal, type Block, type ComposedSpec, type Item, type Layer, type Written } from './tree.ts'

type Options = Readonly<Record<string, Kind>>

/** The layer types for vectors and for images, with the kinds of some of their options. */
const vectorLayers: readonly (readonly [type: string, options: Options])[] = [
  ['dense', { units: 'size', activation: 'word', useBias: 'flag' }],
  ['dense', { units: 'size' }],
  ['dropout', { rate: 'rate' }],
  ['batchNormalization', { center: 'flag', momentum: 'rate' }],
  ['layerNormalization', {}],
  ['activation', { activation: 'word' }],
  ['reLU', {}],
]
const imageLayers: typeof vectorLayers = [
  ['conv2d', { filters: 'size', kernelSize: 'size', padding: 'word', activation: 'word' }],
  ['depthwiseConv2d', { kernelSize: 'size', useBias: 'flag', padding: 'word' }],
  ['maxPooling2d', { poolSize: 'size', strides: 'word', padding: 'word' }],
  ...vectorLayers,
]

/** The options that keep the size of an image. */
const kept: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  conv2d: { padding: 'same' },
  depthwiseConv2d: { padding: 'same' },
  maxPooling2d: { padding: 'same', strides: 1 },
}

const required: ReadonlySet<string> = new Set(['units', 'filters', 'kernelSize', 'rate', 'activation'])
const counters = ['i', 'j', 'k']
const words = ['width', 'depth', 'deep', 'scale', 'kind', 'rate', 'sizes', 'norm', 'n']
const deepest = 3

export function drawComposed(seed: number): ComposedSpec {
  return new Drawing(new RandomSource(seed)).spec()
}

/** What the items of a list can use. */
interface Place {
  readonly scope: Scope
  /** The names of layers that `inputs` can state. */
  readonly names: readonly string[]
  readonly isInBlock: boolean
  readonly depth: number
}

class Drawing {
  private readonly random: RandomSource
  private readonly blocks: Block[] = []
  private readonly isImage: boolean
  private named = 0

  constructor(random: RandomSource) {
    this.random = random
    this.isImage = random.chance(0.4)
  }

  spec(): ComposedSpec {
    const { random } = this
    const vars = new Map<string, Written>()
    const globals = new Map<string, Kind>()
    for (const name of random.shuffled(words).slice(0, random.integer(0, 6))) {
      const kind = random.pick(kinds)
      vars.set(name, drawValue(kind, globals, random))
      globals.set(name, kind)
    }
    const count = random.integer(0, 4)
    for (let index = 0; index < count; index += 1) this.blocks.push(this.block(`block${'ABCD'[index]!}`, globals))
    const place = { scope: globals, names: ['input'], isInBlock: false, depth: 0 }
    const items = [...this.items(random.integer(1, 6), place), { kind: 'layer', type: 'reLU', options: {} } as const]
    return { shape: this.isImage ? [5, 5, 2] : [4], vars, blocks: this.blocks, items }
  }

  /** A block that can call those drawn before it. */
  private block(name: string, globals: Scope): Block {
    const { random } = this
    const names = random.shuffled(words).slice(0, random.integer(0, 3))
    // A default may refer to parameters before it, and to variables that no parameter hides.
    const scope = new Map([...globals].filter(([one]) => !names.includes(one)))
    const params = new Map<string, Written | undefined>()
    const kindsOfParams = new Map<string, Kind>()
    for (const param of names) {
      const kind = random.pick(kinds)
      params.set(param, random.chance(0.5) ? drawValue(kind, scope, random) : undefined)
      scope.set(param, kind)
      kindsOfParams.set(param, kind)
    }
    const inputs = random.chance(0.2) ? ['left', 'right'] : random.chance(0.1) ? ['left'] : []
    const place = { scope, names: inputs.length === 0 ? ['input'] : inputs, isInBlock: true, depth: 1 }
    const { when, ...first } = this.layer({ ...place, names: [] })
    // The first layer of a block with several inputs must be included and name its own.
    const start = inputs.length > 1 ? { ...first, inputs: [random.pick(inputs)] } : when ? { ...first, when } : first
    const block = { name, params, inputs, items: [start, ...this.items(random.integer(0, 4), place)] }
    this.kindsOf.set(block, kindsOfParams)
    return block
  }

  private readonly kindsOf = new Map<Block, Scope>()

  private items(count: number, place: Place): Item[] {
    const items: Item[] = []
    const names = [...place.names]
    for (let index = 0; index < count; index += 1) {
      const item = this.item({ ...place, names }, items)
      items.push(item)
      if (item.name !== undefined && item.when === undefined) names.push(item.name)
    }
    return items
  }

  private item(place: Place, before: readonly Item[]): Item {
    const { random, blocks } = this
    const calls = before.filter(
      ({ kind, name, when }) => (kind === 'call' || kind === 'repeat') && name !== undefined && when === undefined,
    )
    const slots = place.isInBlock ? [...place.scope].filter(([, kind]) => kind === 'layer') : []
    const chosen = random.next()
    if (chosen < 0.25 && blocks.length > 0) return this.call(random.pick(blocks), place)
    if (chosen < 0.45 && place.depth < deepest) return this.repeat(place)
    if (chosen < 0.55 && calls.length > 0) return this.application(random.pick(calls), place)
    if (chosen < 0.6 && slots.length > 0) return { kind: 'slot', param: random.pick(slots)[0] }
    if (chosen < 0.75 && place.names.length > 0) {
      const inputs = [random.pick(place.names), random.pick(place.names)]
      return { ...this.common(place, 0), kind: 'layer', type: 'concatenate', options: {}, inputs }
    }
    return this.layer(place)
  }

  /** A name, an input and a condition, each of them sometimes. */
  private common(place: Place, chanceOfCondition = 0.12): Pick<Layer, 'name' | 'inputs' | 'when'> {
    const { random } = this
    const isNamed = random.chance(0.4)
    if (isNamed) this.named += 1
    return {
      ...(isNamed && { name: `l${this.named}` }),
      ...(place.names.length > 0 && random.chance(0.2) && { inputs: [random.pick(place.names)] }),
      ...(random.chance(chanceOfCondition) && { when: drawValue('flag', place.scope, random) }),
    }
  }

  private layer(place: Place): Layer {
    const { random } = this
    const [type, kindsOfOptions] = random.pick(this.isImage ? imageLayers : vectorLayers)
    const options: Record<string, Written> = {}
    for (const [key, kind] of Object.entries(kindsOfOptions)) {
      const fixed = kept[type]?.[key]
      if (fixed !== undefined) options[key] = { ...literal(fixed), isFixed: true }
      else if (required.has(key) || random.chance(0.5)) options[key] = drawValue(kind, place.scope, random)
    }
    return { ...this.common(place), kind: 'layer', type, options }
  }

  private call(block: Block, place: Place): Item {
    const { random } = this
    const args: Record<string, Written> = {}
    for (const [name, kind] of this.kindsOf.get(block)!) {
      if (block.params.get(name) === undefined || random.chance(0.5)) args[name] = drawValue(kind, place.scope, random)
    }
    const { inputs, ...common } = this.common(place)
    const needed = block.inputs.length > 1 ? block.inputs.map(() => random.pick([...place.names])) : inputs
    if (needed?.includes(undefined as never)) return this.layer(place)
    const frozen = random.chance(0.1) ? { trainable: !random.chance(0.8) } : {}
    return { ...common, ...(needed && { inputs: needed }), ...frozen, kind: 'call', block, args }
  }

  private repeat(place: Place): Item {
    const { random } = this
    const isCounted = random.chance(0.6)
    const free = counters.filter((name) => !place.scope.has(name))
    const as = free.length > 0 && random.chance(0.6) ? free[0]! : undefined
    const count: Partial<Record<'times' | 'over', Written>> = isCounted
      ? { times: drawValue('count', place.scope, random) }
      : { over: drawValue('sizes', place.scope, random) }
    const scope =
      as === undefined ? place.scope : new Map([...place.scope, [as, isCounted ? 'count' : 'size'] as const])
    const names = ['input', ...place.names.filter((name) => name !== 'input')]
    const items = this.items(random.integer(1, 3), { ...place, scope, names, depth: place.depth + 1 })
    return { ...this.common(place), ...count, ...(as !== undefined && { as }), kind: 'repeat', items }
  }

  private application(call: Item, place: Place): Item {
    const { inputs: _stated, ...common } = this.common(place)
    const isPair = call.kind === 'call' && call.block.inputs.length > 1
    if (isPair) return { ...common, kind: 'apply', layer: call.name!, inputs: call.inputs! }
    return { ...common, kind: 'apply', layer: call.name! }
  }
}
