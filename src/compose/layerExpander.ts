/**
 * Expands lists of layers: calls of blocks, repeats, conditions, and applied calls. Layers inside a call or an iteration get
 * the names `CALL/NAME` and `REPEAT/0/NAME`; the last one takes the name of the call or the repeat itself.
 */
import { listWords } from '../diagnostics/didYouMean.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { applyType } from '../language/apply.ts'
import { impliedInputName } from '../language/layerNames.ts'
import { applyCall, type CallRecord } from './applyCall.ts'
import type { Block, Blocks } from './blocks.ts'
import { bindArguments } from './callScope.ts'
import type { Composition } from './composition.ts'
import { expandValue, mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import { expandLayer } from './expandLayer.ts'
import { deepest, frameOf, pathOfCall, withUse, type Ending, type Frame } from './frames.ts'
import { expectOf } from './expectOf.ts'
import { readItems, type LayerItem, type ListedItem } from './layerItems.ts'
import type { LayerList } from './layerList.ts'
import { inputsOfCall } from './layerReferences.ts'
import type { Origin, Use } from './origins.ts'
import { readRepeat } from './repeats.ts'
import type { Scope } from './scope.ts'
import type { StructureItem, StructureList } from './structure.ts'
import { structureItem } from './structureItem.ts'

export class LayerExpander {
  readonly out: LayerList
  readonly context: Composition
  private readonly blocks: Blocks
  private readonly globals: Scope
  private readonly overridden: ReadonlySet<string> | undefined
  /** The calls and repeats by the path of their names, such as `residual_1/unit`. */
  private readonly calls = new Map<string, CallRecord | 'broken'>()
  /** The blocks whose layers are being expanded. */
  private readonly open = new Set<Block>()

  /** @param overridden If given, frames keep their items. */
  constructor(
    context: Composition,
    { blocks, scope }: { readonly blocks: Blocks; readonly scope: Scope },
    out: LayerList,
    overridden?: ReadonlySet<string>,
  ) {
    this.context = context
    this.blocks = blocks
    this.globals = scope
    this.out = out
    this.overridden = overridden
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
      current = this.expandItem({ item, frame, input: current, ending: endings[index]! })
      if (current !== undefined) frame.names.set(item.name, current)
      if (isCall(item) && current !== undefined) expectOf(this, item, current, frame)
    }
    return current
  }

  /** Expands the layers of a block that nothing calls. */
  expandUnused(block: Block, frame: Frame): void {
    this.open.add(block)
    const ending = { name: block.name, nameOrigin: block.origin }
    this.expandList(
      block.layers,
      block.layersOrigin,
      frame,
      block.inputs.length < 2 ? impliedInputName : undefined,
      ending,
    )
    this.open.delete(block)
  }

  private expandItem(listed: ListedItem): string | undefined {
    const { item, frame, ending } = listed
    if (item.kind === 'call') return this.expandCall(listed, item.block!)
    if (item.kind === 'repeat') return this.expandRepeat(listed)
    if (item.kind === 'broken') return this.pushBroken(listed)
    if (item.kind === 'opaque') {
      const { value, origin } = expandValue(this.context, item.value, item.origin, frame.scope)
      this.out.pushBroken(value, withUse(origin, frame), ending.name)
      return ending.name
    }
    const call = item.kind === 'apply' ? this.findCall(item, frame) : undefined
    if (call === 'broken') return this.pushBroken(listed)
    if (call !== undefined) return applyCall(this, listed, call)
    if (!expandLayer(this, listed)) return this.pushBroken(listed)
    this.keep(frame, item, ending.name)
    return ending.name
  }

  /** Adds a layer of unknown shape instead of one that was reported, so that others can refer to it. */
  private pushBroken({ item, frame, ending: { name } }: ListedItem, inputs?: readonly string[]): string {
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

  private expandCall(listed: ListedItem, block: Block): string | undefined {
    const { item, frame, ending } = listed
    const { use: outer } = frame.scope
    if (this.open.has(block)) {
      const message = `the block \`${block.name}\` contains itself`
      this.context.report('compose/cycle', item.optionsOrigin, message, { use: outer, atKey: true })
      this.out.takeFailure()
      return this.pushBroken(listed)
    }
    if (this.isTooDeep(item, frame)) return this.pushBroken(listed)
    const states = (key: string) => Object.hasOwn(item.options, key)
    const use = { origin: item.optionsOrigin, label: `used here as \`${ending.name}\``, outer }
    const scope = bindArguments(this.context, item, block, this.globals, use)
    const given = inputsOfCall(this.context, listed)
    const isSingle = block.inputs.length < 2
    if (given === undefined && states('inputs')) return this.pushBroken(listed)
    if (given !== undefined && !this.checkInputs(item, block, given, outer)) {
      return this.pushBroken(listed, given.length > 0 ? given : undefined)
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
    this.out.used.add(block)
    const first = isSingle ? given?.[0] : undefined
    const last = this.expandList(block.layers, block.layersOrigin, inner, first, ending)
    this.open.delete(block)
    if (last === undefined) return this.reportNoOutput(listed, block)
    this.record(inner.prefix, given, from)
    this.keep(frame, item, last, { block, inputs: given ?? [], lists: [inner] })
    return last
  }

  /** A block with several inputs has no output if conditions exclude all of its layers. */
  private reportNoOutput(listed: ListedItem, block: Block): string {
    const { item, frame } = listed
    const message = `\`${block.name}\` has no output here, since its conditions include none of its layers`
    const help = 'a block with one input passes it through; one with several must keep a layer'
    const { use } = frame.scope
    this.context.report('compose/bad-call', item.optionsOrigin, message, { use, atKey: true, help })
    return this.pushBroken(listed)
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

  private expandRepeat(listed: ListedItem): string | undefined {
    const { item, frame, ending } = listed
    if (this.isTooDeep(item, frame)) return this.pushBroken(listed)
    const repeat = readRepeat(this.context, item, frame)
    if (repeat === undefined) return this.pushBroken(listed)
    const given = inputsOfCall(this.context, listed)
    if (given === undefined) return this.pushBroken(listed)
    if (given.length !== 1) {
      const message = `\`repeat\` takes 1 input, but has ${given.length}`
      const help = 'its layers can refer to the other layers around it by their names'
      const { use } = frame.scope
      this.context.report('compose/bad-repeat', item.optionsOrigin, message, { use, atKey: true, help })
      return this.pushBroken(listed)
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
      const bindings = repeat.counterOf(index)
      const scope = { outer: frame.scope, bindings, use, unnamedCounter: !repeat.hasCounter }
      const inner = frameOf(scope, frame.depth + 1, {
        prefix: `${prefix}${index}/`,
        inputs: new Map(current === undefined ? [] : [[impliedInputName, current]]),
        outer: frame,
        isFrozen: frame.isFrozen,
      })
      if (this.overridden !== undefined) lists.push(inner)
      const isLast = index === repeat.count - 1
      current = this.expandList(repeat.layers, repeat.layersOrigin, inner, current, isLast ? ending : undefined)
    }
    this.record(prefix, given, from)
    if (current !== undefined) this.keep(frame, item, current, { inputs: given, lists })
    return current
  }

  /** Keeps an item for back ends. */
  private keep({ items }: Frame, item: LayerItem, output: string, more?: Partial<StructureItem>): void {
    if (this.overridden !== undefined) items.push(structureItem(item, output, this.overridden, more))
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
