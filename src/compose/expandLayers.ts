/**
 * Expands lists of layers: calls of blocks, repeats, conditions, and applied calls. Layers inside a call or an iteration get
 * the names `CALL/NAME` and `REPEAT/0/NAME`; the last one takes the name of the call or the repeat itself.
 */
import { listWords } from '../diagnostics/didYouMean.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { applyType } from '../language/apply.ts'
import { impliedInputName } from '../language/layerNames.ts'
import { isInput } from '../parts/layers/table.ts'
import { applyCall, type CallRecord } from './applyCall.ts'
import type { Block, Blocks } from './blocks.ts'
import { bindArguments } from './callScope.ts'
import type { Composition } from './composition.ts'
import { expandValue, mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import { LayerCounter } from './countLayers.ts'
import { deepest, frameOf, pathOfCall, type Frame } from './frames.ts'
import { expectOf } from './expectOf.ts'
import { readItems, type LayerItem } from './layerItems.ts'
import { LayerList, mostItems, mostLayers } from './layerList.ts'
import { changed, inputsIn, inputsOfCall, resolveNames } from './layerReferences.ts'
import { originInside, type Expanded, type Origin, type Use } from './origins.ts'
import { readRepeat } from './repeats.ts'
import type { Scope } from './scope.ts'
import type { StructureItem, StructureList } from './structure.ts'

/** What the last layer of a list takes from the call or repeat around it. */
interface Ending {
  readonly name: string
  readonly nameOrigin: Origin
}

/**
 * Expands the list of layers of a spec. Back ends read the structure, which the phases after composition need not know.
 *
 * @param keepsNumbered Whether the result lists the layers with automatic names, for overrides.
 */
export function expandLayers(
  context: Composition,
  blocks: Blocks,
  items: readonly unknown[],
  list: Origin,
  scope: Scope,
  keepsNumbered: boolean,
): { readonly layers: LayerList; readonly structure: StructureList } {
  const expander = new LayerExpander(context, blocks, scope, new LayerList(context, keepsNumbered))
  const top = frameOf(scope, 0)
  const index = new LayerCounter(blocks, scope, { layers: mostLayers, items: mostItems }).indexBeyond(items, list)
  const hasRoom = index === undefined || expander.out.hasRoom(originInside(list, index), mostLayers + 1, 1)
  if (hasRoom) expander.expandList(items, list, top, impliedInputName)
  return { layers: expander.out, structure: structureOf(top) }
}

class LayerExpander {
  readonly out: LayerList
  readonly context: Composition
  private readonly blocks: Blocks
  private readonly globals: Scope
  /** The calls and repeats by the path of their names, such as `residual_1/unit`. */
  private readonly calls = new Map<string, CallRecord | 'broken'>()
  /** The blocks whose layers are being expanded. */
  private readonly open = new Set<Block>()

  constructor(context: Composition, blocks: Blocks, globals: Scope, out: LayerList) {
    this.context = context
    this.blocks = blocks
    this.globals = globals
    this.out = out
  }

  /**
   * Returns the name of the last layer, or `input` if the list adds none.
   *
   * @param input The layer that feeds the first one; undefined if the first one must name its own.
   */
  expandList(
    written: readonly unknown[],
    list: Origin,
    frame: Frame,
    input: string | undefined,
    ending?: Ending,
  ): string | undefined {
    const items = readItems(this.context, this.blocks, written, list, frame)
    const last = items.findLast((item) => !isEmptyRepeat(item))
    const endings = items.map((item): Ending => {
      if (item === last && ending !== undefined) return ending
      return { name: frame.prefix + item.name, nameOrigin: item.nameOrigin ?? item.origin }
    })
    // Layers may refer to later ones.
    for (const [index, item] of items.entries()) frame.names.set(item.name, endings[index]!.name)
    let current = input
    for (const [index, item] of items.entries()) {
      if (!this.out.takeItem(item.origin)) return current
      if (item.isNumbered) this.out.addNumbered(frame.prefix + item.name, item)
      current = this.expandItem(item, frame, current, endings[index]!)
      if (current !== undefined) frame.names.set(item.name, current)
      if (isCall(item) && current !== undefined) expectOf(this, item, current, frame)
    }
    return current
  }

  private expandItem(item: LayerItem, frame: Frame, input: string | undefined, ending: Ending): string | undefined {
    if (item.kind === 'call') return this.expandCall(item, item.block!, frame, input, ending)
    if (item.kind === 'repeat') return this.expandRepeat(item, frame, input, ending)
    if (item.kind === 'broken') return this.pushBroken(item, frame, ending)
    if (item.kind === 'opaque') {
      const { value, origin } = expandValue(this.context, item.value, item.origin, frame.scope)
      this.out.pushBroken(value, withUse(origin, frame), ending.name)
      return ending.name
    }
    const call = item.kind === 'apply' ? this.findCall(item, frame) : undefined
    if (call === 'broken') return this.pushBroken(item, frame, ending)
    if (call !== undefined) return applyCall(this, item, call, frame, input, ending.name)
    return this.expandLayer(item, frame, input, ending)
  }

  private expandLayer(item: LayerItem, frame: Frame, input: string | undefined, ending: Ending): string {
    const { type, options } = item
    if (isInput(type) && frame.depth > 0) {
      const message = 'an input layer cannot be inside a block or a repeat'
      const help = 'move it to the top of `layers`, and give its name to the call as `inputs`'
      this.context.report('compose/input-inside', item.optionsOrigin, message, {
        use: frame.scope.use,
        atKey: true,
        help,
      })
      return this.pushBroken(item, frame, ending)
    }
    const entries = new Map<string, Expanded>()
    const isNamed = item.nameOrigin !== undefined || ending.name !== item.name
    if (isNamed) entries.set('name', changed(ending.name, ending.nameOrigin))
    for (const key of Object.keys(options)) {
      if (key === 'if' || key === 'name') continue
      const isName = key === 'inputs' || (key === 'layer' && item.kind === 'apply')
      const value = item.expand(key)
      entries.set(key, isName ? resolveNames(this.context, value, frame, key) : value)
    }
    if (!entries.has('inputs') && !isInput(type)) this.addInput(entries, item, frame, input)
    if (frame.isFrozen && item.kind === 'layer') entries.set('trainable', changed(false, item.origin))
    this.pushLayer(item, frame, ending.name, entries, input)
    return ending.name
  }

  /** Adds the input of a layer that states none, if it is not the layer above in the plain spec. */
  private addInput(entries: Map<string, Expanded>, item: LayerItem, frame: Frame, input: string | undefined): void {
    if (input === undefined) {
      const names = listWords([...frame.inputs.keys()], 'and')
      const message = `the first layer of a block with the inputs ${names} must name its own`
      const { use } = frame.scope
      this.context.report('compose/bad-call', item.optionsOrigin, message, { use, atKey: true, help: 'add `inputs`' })
      entries.set('inputs', changed(unknown, item.origin))
    } else if (input !== this.out.above) entries.set('inputs', changed(input, item.origin))
  }

  private pushLayer(
    item: LayerItem,
    frame: Frame,
    name: string,
    entries: ReadonlyMap<string, Expanded>,
    input: string | undefined,
  ): void {
    const { type } = item
    frame.items.push(structureItem(item, name))
    const inputs = inputsIn(entries.get('inputs')?.value) ?? (input === undefined ? [] : [input])
    const applies = item.kind === 'apply' ? entries.get('layer')?.value : undefined
    const layer = { name, type, inputs, applies: typeof applies === 'string' ? applies : undefined }
    if (entries.size === 0 && Object.keys(item.options).length === 0) {
      this.out.push(item.value, withUse(item.origin, frame), layer)
      return
    }
    const options = mapOf([...entries].map(([key, { value }]) => [key, value] as const))
    const inside = new Map([...entries].map(([key, { origin }]) => [key, origin] as const))
    const origin = { ...item.origin, inside: new Map([[type, { ...item.optionsOrigin, inside }]]) }
    this.out.push(mapOf([[type, options]]), withUse(origin, frame), layer)
  }

  /** Adds a layer of unknown shape instead of one that was reported, so that others can refer to it. */
  private pushBroken(item: LayerItem, frame: Frame, { name }: Ending, inputs?: readonly string[]): string {
    const options: [string, unknown][] = [
      ['name', name],
      ['layer', unknown],
    ]
    if (inputs !== undefined) options.push(['inputs', inputs])
    const value = mapOf([[applyType, mapOf(options)]])
    this.calls.set(frame.prefix + item.name, 'broken')
    this.out.pushBroken(value, withUse(item.origin, frame), name)
    return name
  }

  private expandCall(
    item: LayerItem,
    block: Block,
    frame: Frame,
    input: string | undefined,
    ending: Ending,
  ): string | undefined {
    const { use: outer } = frame.scope
    if (this.open.has(block)) {
      const message = `the block \`${block.name}\` contains itself`
      this.context.report('compose/cycle', item.optionsOrigin, message, { use: outer, atKey: true })
      this.out.takeFailure()
      return this.pushBroken(item, frame, ending)
    }
    if (this.isTooDeep(item, frame)) return this.pushBroken(item, frame, ending)
    const states = (key: string) => Object.hasOwn(item.options, key)
    const use = { origin: item.optionsOrigin, label: `used here as \`${ending.name}\``, outer }
    const scope = bindArguments(this.context, item, block, this.globals, use)
    const given = inputsOfCall(this.context, item, frame, input)
    const isSingle = block.inputs.length < 2
    if (given === undefined && states('inputs')) return this.pushBroken(item, frame, ending)
    if (given !== undefined && !this.checkInputs(item, block, given, outer)) {
      return this.pushBroken(item, frame, ending, given.length > 0 ? given : undefined)
    }
    const names = isSingle ? [impliedInputName, ...block.inputs] : block.inputs
    const inputs = names.flatMap((name, index) => {
      const one = given?.[isSingle ? 0 : index]
      return one === undefined ? [] : [[name, one] as const]
    })
    const inner = frameOf(scope, frame.depth + 1, {
      prefix: `${frame.prefix}${item.name}/`,
      inputs: new Map(inputs),
      isFrozen: frame.isFrozen || (states('trainable') && item.expand('trainable').value === false),
    })
    const from = this.out.layers.length
    this.open.add(block)
    const first = isSingle ? given?.[0] : undefined
    const last = this.expandList(block.layers, block.layersOrigin, inner, first, ending)
    this.open.delete(block)
    if (last === undefined) return this.reportNoOutput(item, block, frame, ending)
    this.record(inner.prefix, given, from)
    frame.items.push({ ...structureItem(item, last), block, inputs: given ?? [], lists: [structureOf(inner)] })
    return last
  }

  /** A block with several inputs has no output if conditions exclude all of its layers. */
  private reportNoOutput(item: LayerItem, block: Block, frame: Frame, ending: Ending): string {
    const message = `\`${block.name}\` has no output here, since its conditions include none of its layers`
    const help = 'a block with one input passes it through; one with several must keep a layer'
    const { use } = frame.scope
    this.context.report('compose/bad-call', item.optionsOrigin, message, { use, atKey: true, help })
    return this.pushBroken(item, frame, ending)
  }

  private checkInputs(item: LayerItem, block: Block, given: readonly string[], use: Use | undefined): boolean {
    const wanted = Math.max(1, block.inputs.length)
    if (given.length === wanted) return true
    const message = `\`${block.name}\` takes ${countOf(wanted, 'input')}, but has ${given.length}`
    const help =
      wanted === 1
        ? 'a block with several inputs declares them: `inputs: [left, right]`'
        : `its inputs are ${listWords(block.inputs, 'and')}`
    this.context.report('compose/bad-call', item.optionsOrigin, message, { use, atKey: true, help })
    return false
  }

  private expandRepeat(item: LayerItem, frame: Frame, input: string | undefined, ending: Ending): string | undefined {
    if (this.isTooDeep(item, frame)) return this.pushBroken(item, frame, ending)
    const repeat = readRepeat(this.context, item, frame)
    if (repeat === undefined) return this.pushBroken(item, frame, ending)
    const given = inputsOfCall(this.context, item, frame, input)
    if (given === undefined) return this.pushBroken(item, frame, ending)
    if (given.length !== 1) {
      const message = `\`repeat\` takes 1 input, but has ${given.length}`
      const help = 'its layers can refer to the other layers around it by their names'
      const { use } = frame.scope
      this.context.report('compose/bad-repeat', item.optionsOrigin, message, { use, atKey: true, help })
      return this.pushBroken(item, frame, ending)
    }
    if (!this.out.hasRoom(item.origin, 0, repeat.count)) return given[0]
    const prefix = `${frame.prefix}${item.name}/`
    const from = this.out.layers.length
    const lists: StructureList[] = []
    let current = given[0]
    for (let index = 0; index < repeat.count; index += 1) {
      if (!this.out.takeItem(item.origin)) break
      const label = `iteration ${index + 1} of \`${ending.name}\``
      const use = { origin: item.optionsOrigin, label, outer: frame.scope.use }
      const scope = { outer: frame.scope, bindings: repeat.counterOf(index), use }
      const inner = frameOf(scope, frame.depth + 1, {
        prefix: `${prefix}${index}/`,
        inputs: new Map(current === undefined ? [] : [[impliedInputName, current]]),
        outer: frame,
        isFrozen: frame.isFrozen,
      })
      lists.push(structureOf(inner))
      const isLast = index === repeat.count - 1
      current = this.expandList(repeat.layers, repeat.layersOrigin, inner, current, isLast ? ending : undefined)
    }
    this.record(prefix, given, from)
    if (current !== undefined) frame.items.push({ ...structureItem(item, current), inputs: given, lists })
    return current
  }

  private isTooDeep(item: LayerItem, frame: Frame): boolean {
    if (frame.depth < deepest) return false
    const message = `blocks and repeats are nested more than ${deepest} levels deep`
    this.context.report('compose/too-large', item.optionsOrigin, message, { use: frame.scope.use, atKey: true })
    this.out.takeFailure()
    return true
  }

  private record(prefix: string, inputs: readonly string[] | undefined, from: number): void {
    this.calls.set(prefix.slice(0, -1), { prefix, inputs: inputs ?? [], from, to: this.out.layers.length })
  }

  /** The call whose layers an `apply` uses again; undefined if it names a layer. */
  private findCall(item: LayerItem, frame: Frame): CallRecord | 'broken' | undefined {
    const { value } = item.expand('layer')
    const path = typeof value === 'string' ? pathOfCall(frame, value) : undefined
    return path === undefined ? undefined : this.calls.get(path)
  }
}

/** Whether an item is a repeat without iterations, which passes its input through. */
function isEmptyRepeat(item: LayerItem): boolean {
  if (item.kind !== 'repeat') return false
  const { layers } = item.options
  const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0
  return item.expand('times').value === 0 || isEmpty(item.expand('over').value) || isEmpty(layers)
}

function isCall(item: LayerItem): item is LayerItem & { readonly kind: 'call' | 'repeat' } {
  return item.kind === 'call' || item.kind === 'repeat'
}

/** What back ends read of a frame; its names are needed during the expansion only. */
function structureOf({ prefix, scope, items }: Frame): StructureList {
  return { prefix, scope, items }
}

function structureItem(item: LayerItem, output: string): StructureItem {
  const { type, index, name, options } = item
  const kind = isCall(item) ? item.kind : 'layer'
  return { kind, type, index, name, isNamed: item.nameOrigin !== undefined, options, output, inputs: [], lists: [] }
}

function withUse(origin: Origin, { scope: { use } }: Frame): Origin {
  return use === undefined ? origin : { ...origin, use }
}
